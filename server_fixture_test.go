package courant_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
	"github.com/courant-dev/courant/valid"
)

// What generated code has for a small service.

type event struct {
	Message string  `json:"message"`
	Kind    *string `json:"kind,omitzero"`
	ID      *string `json:"id,omitzero"`
	Retry   *int64  `json:"retry,omitzero"`
}

type watchPayload struct {
	Room    string `json:"room"`
	StartID string `json:"startID,omitzero"`
}

type missingError struct {
	Detail string `json:"detail"`
	Room   string `json:"room"`
}

func (e *missingError) Error() string     { return "no room " + e.Room }
func (e *missingError) ErrorName() string { return "missing" }

func watch() *courant.StreamMethod[*watchPayload, *event] {
	return &courant.StreamMethod[*watchPayload, *event]{
		Name: "rooms.watch",
		HTTP: courant.StreamHTTP{
			Routes: []courant.Route{{Verb: "GET", Path: "/rooms/{room}/events"}},
			Request: courant.Request{
				Params:      []courant.Param{{In: courant.InPath, Attribute: "room", Name: "room"}},
				Body:        courant.Nothing(),
				LastEventID: "startID",
			},
			Events: courant.Events{Data: courant.Members("message"), Type: "kind", ID: "id", Retry: "retry"},
		},
		Errors: []courant.DeclaredError{
			{Name: "missing", Status: 404, New: func() error { return new(missingError) }},
		},
	}
}

type editPayload struct {
	ID     string   `json:"id"`
	Title  string   `json:"title"`
	Tags   []string `json:"tags,omitzero"`
	Limit  int64    `json:"limit" default:"10"`
	Days   []int64  `json:"days,omitzero"`
	Tenant *string  `json:"tenant,omitzero"`
	Depth  int64    `json:"depth"`
}

func (p *editPayload) Validate() error {
	var e valid.Errors
	valid.MinLength(&e, "title", p.Title, 3)
	valid.Maximum(&e, "limit", p.Limit, 100)
	return e.Err()
}

type note struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	ETag  string `json:"etag"`
}

func edit() *courant.UnaryMethod[*editPayload, *note] {
	return &courant.UnaryMethod[*editPayload, *note]{
		Name: "notes.edit",
		HTTP: courant.UnaryHTTP{
			Routes: []courant.Route{{Verb: "PUT", Path: "/notes/{id}"}, {Verb: "POST", Path: "/notes/{id}/edit/"}},
			Request: courant.Request{
				Params: []courant.Param{
					{In: courant.InPath, Attribute: "id", Name: "id"},
					{In: courant.InQuery, Attribute: "limit", Name: "limit"},
					{In: courant.InQuery, Attribute: "days", Name: "day"},
					{In: courant.InHeader, Attribute: "tenant", Name: "X-Tenant"},
					{In: courant.InQuery, Attribute: "depth", Name: "depth"},
				},
				Body: courant.Members("title", "tags"),
			},
			Response: courant.Response{
				Status:  201,
				Headers: []courant.Param{{In: courant.InHeader, Attribute: "etag", Name: "ETag"}},
				Body:    courant.Members("id", "title"),
			},
		},
		Errors: []courant.DeclaredError{
			{Name: "missing", Status: 404, New: func() error { return new(missingError) }},
		},
	}
}

// serve serves h in memory until the test ends.
func serve(t *testing.T, h http.Handler, opts ...couranttest.ServerOption) *couranttest.Server {
	t.Helper()
	s := couranttest.NewServer(h, opts...)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// unbuffered lets a peer that does not read be noticed at the first byte.
func unbuffered() couranttest.ServerOption { return couranttest.WithBuffer(0) }

// dial makes a connection for requests that a test writes itself.
func dial(t *testing.T, s *couranttest.Server) net.Conn {
	t.Helper()
	conn, err := s.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// get requests a stream. Its body is closed when the test ends.
func get(t *testing.T, s *couranttest.Server, path string, header ...string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

// record has h answer a GET of the target.
func record(t *testing.T, h http.Handler, target string) *couranttest.Recorder {
	t.Helper()
	rec := couranttest.NewRecorder()
	rec.Serve(h, httptest.NewRequestWithContext(t.Context(), "GET", target, nil))
	return rec
}

// watching returns a mux that serves watch by f.
func watching(m *courant.StreamMethod[*watchPayload, *event],
	f func(context.Context, *watchPayload, *courant.ServerStream[*event]) error, opts ...courant.ServerOption) *http.ServeMux {
	mux := http.NewServeMux()
	courant.HandleStream(mux, m, f, append([]courant.ServerOption{courant.WithLogger(slog.New(slog.DiscardHandler))}, opts...)...)
	return mux
}

// logging returns an option that logs into the buffer.
func logging(into *lockedBuffer) courant.ServerOption {
	return courant.WithLogger(slog.New(slog.NewTextHandler(into, nil)))
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// rest reads to the end, and says whether the answer was complete.
func rest(r io.Reader) (text string, complete bool) {
	data, err := io.ReadAll(r)
	return string(data), err == nil
}
