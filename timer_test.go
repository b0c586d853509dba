package courant_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
)

// isCollected reports whether nothing keeps what p points to. A timer that was not
// stopped would, until it fires: that is how one is found.
func isCollected[T any](p weak.Pointer[T]) bool {
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); {
		runtime.GC()
		if p.Value() == nil {
			return true
		}
		<-time.After(time.Millisecond)
	}
	return false
}

func TestNoTimerKeepsAStreamOfTheServer(t *testing.T) {
	for name, method := range map[string]func(context.Context, serverStream) error{
		"at once":         func(context.Context, serverStream) error { return nil },
		"after an event":  func(_ context.Context, s serverStream) error { return say(s) },
		"with an error":   func(context.Context, serverStream) error { return failed() },
		"after the delay": func(_ context.Context, s serverStream) error { <-time.After(2 * time.Millisecond); return nil },
		"with a cut": func(_ context.Context, s serverStream) error {
			_ = courant.Open(s)
			panic(http.ErrAbortHandler)
		},
	} {
		serveOnce := func() weak.Pointer[couranttest.Recorder] {
			rec := couranttest.NewRecorder()
			rec.Serve(watching(watch(), func(ctx context.Context, _ *watchPayload, s serverStream) error { return method(ctx, s) },
				courant.WithHeaderDelay(time.Millisecond), courant.WithHeartbeat(time.Hour)),
				httptest.NewRequestWithContext(t.Context(), "GET", "/rooms/7/events", nil))
			return weak.Make(rec)
		}
		if !isCollected(serveOnce()) {
			t.Errorf("%s: something keeps the stream", name)
		}
	}
}

// keptBody is a body that stays open behind its text.
type keptBody struct {
	io.Reader
	closed chan struct{}
}

func (b *keptBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil {
		<-b.closed
		return n, io.ErrClosedPipe
	}
	return n, nil
}

func (b *keptBody) Close() error { close(b.closed); return nil }

func TestNoTimerKeepsAStreamOfTheClient(t *testing.T) {
	type end func(*courant.ClientStream[*event], context.CancelFunc)
	for name, end := range map[string]end{
		"Close":             func(s *courant.ClientStream[*event], _ context.CancelFunc) { _ = s.Close() },
		"Close during Recv": func(s *courant.ClientStream[*event], _ context.CancelFunc) { go s.Close(); _, _ = s.Recv() },
		"its context":       func(s *courant.ClientStream[*event], cancel context.CancelFunc) { cancel(); _, _ = s.Recv() },
		"its end": func(s *courant.ClientStream[*event], _ context.CancelFunc) {
			if _, err := s.Recv(); !errors.Is(err, io.EOF) {
				t.Errorf("ended with %v", err)
			}
		},
	} {
		receive := func() weak.Pointer[keptBody] {
			text := hello
			if name == "its end" {
				text += "event: stream-end\ndata: {}\n\n"
			}
			body := &keptBody{strings.NewReader(text), make(chan struct{})}
			client := courant.NewClient("http://memory", courant.WithReadTimeout(time.Hour),
				courant.WithTransport(transportFunc(func(*http.Request) (*http.Response, error) {
					return &http.Response{
						StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: body,
					}, nil
				})))
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			s, err := courant.CallStream(ctx, client, watch(), &watchPayload{Room: "7"})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Recv(); err != nil {
				t.Error(err)
			}
			end(s, cancel)
			return weak.Make(body)
		}
		if !isCollected(receive()) {
			t.Errorf("%s: something keeps the connection", name)
		}
	}
}
