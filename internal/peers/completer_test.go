package peers_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/courant-dev/courant/internal/peers/gen/chat"
)

// completer completes each chat with words, or as the model that is asked for
// fails.
type completer struct {
	words []string

	mu    sync.Mutex
	asked []*chat.CompletePayload
}

// Models that fail.
const (
	overloaded = "overloaded" // before the first event
	cutOff     = "cut-off"    // all is sent but the end
	failing    = "failing"    // the same, by an error
)

func (c *completer) Complete(_ context.Context, p *chat.CompletePayload, stream chat.CompleteServerStream) error {
	c.mu.Lock()
	c.asked = append(c.asked, p)
	c.mu.Unlock()
	if p.Model == overloaded {
		return chat.MakeOverloaded(errors.New("come back later"))
	}
	for _, word := range c.words {
		err := stream.Send(&chat.Completion{
			ID: "chatcmpl-1", Object: "chat.completion.chunk", Created: 1, Model: p.Model,
			Choices: []*chat.Choice{{Delta: &chat.Delta{Content: &word}}},
		})
		if err != nil {
			return err
		}
	}
	switch p.Model {
	case cutOff:
		if err := stream.Close(); err != nil { // all is on its way
			return err
		}
		panic(http.ErrAbortHandler)
	case failing:
		return errors.New("out of memory")
	}
	return nil
}

// text is what a completion says.
func (c *completer) text() string { return strings.Join(c.words, "") }
