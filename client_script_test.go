package courant_test

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/sse"
)

// exchanges answers the first request with the first answer and so on, and those
// beyond with 204. It keeps what was asked.
type exchanges struct {
	answers []http.HandlerFunc

	mu     sync.Mutex
	asked  []*http.Request
	bodies []string
}

func answering(answers ...http.HandlerFunc) *exchanges { return &exchanges{answers: answers} }

func (e *exchanges) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	e.mu.Lock()
	n := len(e.asked)
	e.asked, e.bodies = append(e.asked, r), append(e.bodies, string(body))
	e.mu.Unlock()
	if n >= len(e.answers) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	e.answers[n](w, r)
}

// requests returns what was asked so far.
func (e *exchanges) requests() []*http.Request {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.asked)
}

// lastIDs returns the last event ID of each request, "-" where it has none.
func (e *exchanges) lastIDs() []string {
	var ids []string
	for _, r := range e.requests() {
		id := "-"
		if values := r.Header.Values("Last-Event-ID"); len(values) > 0 {
			id = values[0]
		}
		ids = append(ids, id)
	}
	return ids
}

// stream answers with events that end properly.
func stream(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { writeStream(w, text) }
}

// brokenStream answers with events and breaks the connection.
func brokenStream(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		writeStream(w, text)
		panic(http.ErrAbortHandler)
	}
}

// openStream answers with events, and nothing more until the client leaves.
func openStream(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		writeStream(w, text)
		<-r.Context().Done()
	}
}

// code answers with a status; header holds names and values in turn.
func code(status int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
	}
}

func writeStream(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, text) // the client may be gone
	_ = http.NewResponseController(w).Flush()
}

// openPlain opens a stream of h with req, or with a GET if that is nil.
func openPlain(t *testing.T, h http.Handler, req *http.Request, opts ...courant.EventsOption) (*courant.ClientStream[sse.Event], error) {
	t.Helper()
	if req == nil {
		req = newRequest(t, http.MethodGet, nil)
	}
	opts = append([]courant.EventsOption{courant.WithHTTPClient(serve(t, h).client)}, opts...)
	s, err := courant.OpenEvents(req, opts...)
	if err == nil {
		t.Cleanup(func() { _ = s.Close() })
	}
	return s, err
}

func newRequest(t *testing.T, method string, body io.Reader) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://memory/events", body)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// receiveAll returns the data of all events and the final error. Errors that
// continue are in the list too.
func receiveAll(s *courant.ClientStream[sse.Event]) (data []string, final error) {
	for {
		e, err := s.Recv()
		switch {
		case err == nil:
			data = append(data, string(e.Data))
		case courant.Continues(err):
			data = append(data, err.Error())
		default:
			return data, err
		}
	}
}

// isEnd is strict: callers compare with ==.
func isEnd(err error) bool { return err == io.EOF }

func isProblem(err error, status int) bool {
	sent, ok := errors.AsType[*courant.Error](err)
	return ok && sent.Status == status
}
