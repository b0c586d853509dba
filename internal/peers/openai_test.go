package peers_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/internal/peers/gen/chat/server"
)

// completion is what openai.mjs prints of one.
type completion struct {
	Text   string   // of all chunks
	Error  string   // the class of what was thrown, or empty
	Status int      // of the error
	Chunks []string // the text of each
}

// words are such as tokens are: with spaces in front, and what must be escaped.
var words = []string{"To", " be", ",", " or", "\n\n", "not", " \"to\"", " bé", "…\r\n", " 🙂", ""}

// serveCompletions serves a completer.
func serveCompletions(t *testing.T) (*completer, *httptest.Server) {
	c := &completer{words: words}
	srv := httptest.NewServer(server.New(c, courant.WithLogger(slog.New(slog.DiscardHandler))))
	t.Cleanup(srv.Close)
	return c, srv
}

func TestOpenAIReadsCompletions(t *testing.T) {
	c, srv := serveCompletions(t)
	models := []string{"any", overloaded, cutOff, failing}
	lines := runNode(t, "openai.mjs", append([]string{srv.URL + "/v1"}, models...)...)
	if len(lines) != len(models) {
		t.Fatalf("%d lines for %d models: %q", len(lines), len(models), lines)
	}
	got := map[string]completion{}
	for i, model := range models {
		var one completion
		if err := json.Unmarshal([]byte(lines[i]), &one); err != nil {
			t.Fatalf("%v: %s", err, lines[i])
		}
		got[model] = one
	}

	t.Run("it has each chunk and the end", func(t *testing.T) {
		got := got["any"]
		if got.Error != "" || got.Text != c.text() || !slices.Equal(got.Chunks, words) {
			t.Errorf("openai has %+v, want the text %q in %d chunks", got, c.text(), len(words))
		}
	})
	t.Run("it sees the status of an error before the first event", func(t *testing.T) {
		if got := got[overloaded]; got.Error != "InternalServerError" || got.Status != 503 || got.Text != "" {
			t.Errorf("openai has %+v, want its APIError of a 503", got)
		}
	})
	for _, model := range []string{cutOff, failing} {
		t.Run("it sees a cut of a model that is "+model, func(t *testing.T) {
			if got := got[model]; got.Error != "TypeError" || !strings.HasPrefix(c.text(), got.Text) {
				t.Errorf("openai has %+v, want the error of a connection that ended", got)
			}
		})
	}
	t.Run("the method has its request", func(t *testing.T) {
		if len(c.asked) != len(models) {
			t.Fatalf("the method was called %d times, want once for each of %q", len(c.asked), models)
		}
		p := c.asked[0]
		if p.Authorization != "Bearer secret" || p.Model != "any" || !p.Stream || len(p.Messages) != 1 ||
			p.Messages[0].Role != "user" || p.Messages[0].Content != "Which question?" {
			t.Errorf("the method was called with %+v", p)
		}
	})
}

// A cut completion has neither the sentinel nor the last chunk of HTTP.
func TestCutCompletionIsIncompleteOnTheWire(t *testing.T) {
	tests := map[string]struct{ sentinel, chunk bool }{
		"any":   {true, true},
		cutOff:  {false, false},
		failing: {false, false},
	}
	for model, want := range tests {
		t.Run(model, func(t *testing.T) {
			_, srv := serveCompletions(t)
			wire := post(t, srv, model)
			if !strings.Contains(wire, `"content":" or"`) {
				t.Errorf("no events:\n%s", wire)
			}
			if has := strings.Contains(wire, "data: [DONE]\n\n"); has != want.sentinel {
				t.Errorf("the sentinel is there: %t, want %t", has, want.sentinel)
			}
			if has := strings.HasSuffix(wire, "\r\n0\r\n\r\n"); has != want.chunk {
				t.Errorf("the last chunk is there: %t, want %t", has, want.chunk)
			}
		})
	}
}

// post asks for a completion and returns all that the server sends.
func post(t *testing.T, srv *httptest.Server, model string) string {
	t.Helper()
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := fmt.Sprintf(`{"model":%q,"stream":true,"messages":[]}`, model)
	fmt.Fprintf(conn, "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret\r\n"+
		"Content-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	wire, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(wire)
}
