package courant_test

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
	"github.com/courant-dev/courant/sse"
)

// answer is how a script answers one request.
type answer = couranttest.Answer

// newScript serves the answers in turn, and then 204, until the test ends.
func newScript(t *testing.T, answers ...answer) *couranttest.Server {
	t.Helper()
	return serve(t, couranttest.Script(answers).Handler())
}

// sends answers with a stream of that text, which then ends properly.
func sends(text string) answer { return answer{Send: couranttest.Bytes(text)} }

// sendsAndStays answers with that text and then nothing, until the client leaves.
func sendsAndStays(text string) answer {
	return answer{Send: couranttest.Bytes(text), End: couranttest.Stay}
}

// cutsAfter answers with that text and breaks the connection.
func cutsAfter(text string) answer {
	return answer{Send: couranttest.Bytes(text), End: couranttest.Cut}
}

// mute takes the request and does not answer.
func mute() answer { return answer{End: couranttest.Mute} }

// status answers with an empty body; fields are names and values in turn.
func status(code int, fields ...string) answer {
	header := http.Header{}
	for field := range slices.Chunk(fields, 2) {
		header.Set(field[0], field[1])
	}
	return answer{Status: code, Header: header}
}

func repeat(n int, a answer) []answer { return slices.Repeat([]answer{a}, n) }

// sendText writes part of a stream, in a handler that no answer describes.
func sendText(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, text) // the client may be gone
	_ = http.NewResponseController(w).Flush()
}

// lastEventIDs returns the last event ID of each request, "-" where it has none.
func lastEventIDs(s *couranttest.Server) []string {
	var ids []string
	for _, r := range s.Requests() {
		id, ok := r.LastEventID()
		if !ok {
			id = "-"
		}
		ids = append(ids, id)
	}
	return ids
}

func bodies(s *couranttest.Server) []string {
	var texts []string
	for _, r := range s.Requests() {
		texts = append(texts, string(r.Body))
	}
	return texts
}

// open opens a stream of s with GET.
func open(t *testing.T, s *couranttest.Server, opts ...courant.EventsOption) *courant.ClientStream[sse.Event] {
	t.Helper()
	stream, err := tryOpen(t, s, nil, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

// tryOpen opens a stream of s with req, or with a GET if that is nil.
func tryOpen(t *testing.T, s *couranttest.Server, req *http.Request, opts ...courant.EventsOption) (*courant.ClientStream[sse.Event], error) {
	t.Helper()
	if req == nil {
		req = newRequest(t, http.MethodGet, nil)
	}
	stream, err := courant.OpenEvents(req, append([]courant.EventsOption{courant.WithHTTPClient(s.Client())}, opts...)...)
	if err == nil {
		t.Cleanup(func() { _ = stream.Close() })
	}
	return stream, err
}

func newRequest(t *testing.T, method string, body io.Reader) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://memory/events", body)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// collect receives until the end, and returns the data of all events and the
// final error. Errors that continue are in the list too.
func collect(stream *courant.ClientStream[sse.Event]) (data []string, final error) {
	for {
		event, err := stream.Recv()
		switch {
		case err == nil:
			data = append(data, string(event.Data))
		case courant.Continues(err):
			data = append(data, err.Error())
		default:
			return data, err
		}
	}
}

// delays returns an option that keeps the delays before reconnections.
func delays(into *[]time.Duration) courant.EventsOption {
	return courant.WithStateFunc(func(change courant.StateChange) {
		if change.State == courant.Connecting && change.Attempt > 0 {
			*into = append(*into, change.Delay)
		}
	})
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// isEnd is strict: callers compare with ==.
func isEnd(err error) bool { return err == io.EOF }

func isCut(err error) bool {
	_, cut := errors.AsType[*courant.CutError](err)
	return cut && !errors.Is(err, io.EOF)
}

func isStatus(code int) func(error) bool {
	return func(err error) bool {
		sent, ok := errors.AsType[*courant.Error](err)
		return ok && sent.Status == code
	}
}

func isContentType(err error) bool {
	_, ok := errors.AsType[*courant.ContentTypeError](err)
	return ok
}
