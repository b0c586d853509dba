package hub_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/memlog"
	"github.com/courant-dev/courant/hub"
)

type note struct {
	Text string `json:"text"`
}

type watchPayload struct {
	Room string `json:"room"`
}

const room = "rooms/7"

func watch() *courant.StreamMethod[*watchPayload, *note] {
	return &courant.StreamMethod[*watchPayload, *note]{
		Name: "rooms.watch",
		HTTP: courant.StreamHTTP{
			Routes: []courant.Route{{Verb: "GET", Path: "/rooms/{room}/events"}},
			Request: courant.Request{
				Params: []courant.Param{{In: courant.InPath, Attribute: "room", Name: "room"}},
				Body:   courant.Nothing(),
			},
		},
		Topic: courant.Topic{Pattern: "rooms/{room}", MaxEvents: 100},
	}
}

// A way is how a stream reaches its client. Nothing but its cost may tell one
// from the other.
type way struct {
	name     string
	takeover bool
	http2    bool
	wrapped  bool // the writer, by a middleware
	listener bool // wraps connections
}

func ways() []way {
	return []way{
		{name: "blocking"},
		{name: "takeover", takeover: true},
		{name: "http2", takeover: true, http2: true},
		{name: "middleware", takeover: true, wrapped: true},
		{name: "listener", takeover: true, listener: true},
	}
}

// eachWay runs a test for every way.
func eachWay(t *testing.T, f func(t *testing.T, w way)) {
	for _, w := range ways() {
		t.Run(w.name, func(t *testing.T) { f(t, w) })
	}
}

type setup struct {
	store   eventlog.Store // a new one in memory by default
	change  func(*courant.StreamMethod[*watchPayload, *note])
	serve   []hub.ServeOption[*note]
	method  func(f *fixture, ctx context.Context, p *watchPayload, s *courant.ServerStream[*note]) error
	hub     []hub.Option
	server  []courant.ServerOption
	handler func(http.Handler) http.Handler
}

type fixture struct {
	hub     *hub.Hub
	topic   *hub.Topic[*note]
	streams *courant.Streams
	method  *courant.StreamMethod[*watchPayload, *note]
	srv     *httptest.Server
	client  *http.Client

	mu      sync.Mutex
	reports []courant.StreamReport
	state   string // that a service would keep: the newest event
	stateID string
}

// open serves a topic.
func open(t *testing.T, w way, s setup) *fixture {
	t.Helper()
	if s.store == nil {
		s.store = memlog.New()
	}
	f := &fixture{method: watch(), streams: &courant.Streams{LimitPerAddress: 1000}}
	if s.change != nil {
		s.change(f.method)
	}
	f.hub = hub.New(s.store, append([]hub.Option{hub.WithLogger(slog.New(slog.DiscardHandler)), hub.WithLinger(0)}, s.hub...)...)
	var err error
	if f.topic, err = hub.Open(t.Context(), f.hub, f.method); err != nil {
		t.Fatal(err)
	}
	if s.method == nil {
		s.method = func(f *fixture, ctx context.Context, p *watchPayload, stream *courant.ServerStream[*note]) error {
			return f.topic.Serve(ctx, f.topic.Name(p.Room), stream, s.serve...)
		}
	}
	mux := http.NewServeMux()
	opts := []courant.ServerOption{
		courant.WithLogger(slog.New(slog.DiscardHandler)), courant.WithStreams(f.streams), courant.WithStreamFunc(f.note), courant.WithCORS("*"),
	}
	if w.takeover {
		opts = append(opts, courant.WithTakeover())
	}
	courant.HandleStream(mux, f.method, func(ctx context.Context, p *watchPayload, stream *courant.ServerStream[*note]) error {
		return s.method(f, ctx, p, stream)
	}, append(opts, s.server...)...)
	f.start(t, w, mux, s.handler)
	return f
}

func (f *fixture) start(t *testing.T, w way, h http.Handler, around func(http.Handler) http.Handler) {
	if around != nil {
		h = around(h)
	}
	f.srv = httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		http.SetCookie(rw, &http.Cookie{Name: "visitor", Value: "7"})
		if w.wrapped {
			rw = wrapper{rw}
		}
		h.ServeHTTP(rw, r)
	}))
	protocols := new(http.Protocols)
	protocols.SetHTTP1(!w.http2)
	protocols.SetUnencryptedHTTP2(w.http2)
	f.srv.Config.Protocols = protocols
	f.srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	f.srv.Listener = listener{f.srv.Listener, w.listener}
	f.srv.Start()
	transport := &http.Transport{Protocols: protocols}
	f.client = &http.Client{Transport: transport}
	t.Cleanup(func() {
		_ = f.hub.Close()
		transport.CloseIdleConnections()
		f.srv.CloseClientConnections()
		f.srv.Close()
	})
}

// wrapper is a middleware's writer.
type wrapper struct{ http.ResponseWriter }

func (w wrapper) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// listener makes connections that take little at once, and may wrap them as one
// does that counts, say, what is written.
type listener struct {
	net.Listener

	wraps bool
}

const little = 64 << 10

func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	_ = c.(*net.TCPConn).SetWriteBuffer(little)
	if l.wraps {
		c = struct{ net.Conn }{c}
	}
	return c, nil
}

func (f *fixture) note(r courant.StreamReport) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.Outcome != courant.OutcomeNone {
		f.reports = append(f.reports, r)
	}
}

// report waits for the n-th stream to end.
func (f *fixture) report(t *testing.T, n int) courant.StreamReport {
	t.Helper()
	var r courant.StreamReport
	until(t, "a stream ends", func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		if len(f.reports) < n {
			return false
		}
		r = f.reports[n-1]
		return true
	})
	return r
}

// until polls.
func until(t *testing.T, what string, f func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !f() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain until %s", what)
		case <-tick.C:
		}
	}
}

func (f *fixture) publish(t *testing.T, from, to int) {
	t.Helper()
	for n := from; n <= to; n++ {
		id, err := f.topic.PublishOnce(t.Context(), room, "", &note{strconv.Itoa(n)})
		if err != nil {
			t.Error(err)
			return
		}
		f.mu.Lock()
		f.state, f.stateID = strconv.Itoa(n), id
		f.mu.Unlock()
	}
}

// snapshot returns the newest event as the state.
func (f *fixture) snapshot(context.Context) (state []*note, at string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return []*note{{"state " + f.state}}, f.stateID, nil
}

// ids returns the IDs of the events that are there.
func (f *fixture) ids(t *testing.T, n int) []string {
	t.Helper()
	var ids []string
	for p, err := range f.topic.Events(t.Context(), room, "") {
		if err != nil {
			t.Fatal(err)
		}
		if ids = append(ids, p.ID); len(ids) == n {
			break
		}
	}
	return ids
}

// A reader is a client that looks at every frame.
type reader struct {
	t    *testing.T
	resp *http.Response
	in   *bufio.Reader
	id   string // the last event ID
}

// get opens a stream that goes on after the ID.
func (f *fixture) get(t *testing.T, id string) *reader {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", f.srv.URL+"/rooms/7/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	if id != "" {
		req.Header.Set("Last-Event-ID", id)
	}
	resp, err := f.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return &reader{t, resp, bufio.NewReaderSize(resp.Body, 64<<10), id}
}

// frame is a block of fields.
type frame struct{ event, id, data, retry, comment string }

// next returns the next frame, and how the answer ended if there is none.
func (r *reader) next() (frame, error) {
	var f frame
	for {
		line, err := r.in.ReadString('\n')
		if err != nil {
			return f, err
		}
		line = strings.TrimSuffix(line, "\n")
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "":
			if f.id != "" {
				r.id = f.id
			}
			return f, nil
		case name == "":
			f.comment = ":" + value
		case name == "event":
			f.event = value
		case name == "id":
			f.id = value
		case name == "data":
			f.data += value
		case name == "retry":
			f.retry = value
		}
	}
}

// event returns the next frame that has data.
func (r *reader) event() frame {
	r.t.Helper()
	for {
		f, err := r.next()
		if err != nil {
			r.t.Fatalf("the stream ended: %v", err)
		}
		if f.data != "" {
			return f
		}
	}
}

// want receives the events with these numbers.
func (r *reader) want(from, to int) {
	r.t.Helper()
	for n := from; n <= to; n++ {
		f := r.event()
		var got note
		if err := json.Unmarshal([]byte(f.data), &got); err != nil || f.event != "" || got.Text != strconv.Itoa(n) {
			r.t.Fatalf("want event %d, have %+v", n, f)
		}
	}
}

// wantControl receives a control event.
func (r *reader) wantControl(event string, parts ...string) frame {
	r.t.Helper()
	f := r.event()
	for _, part := range append(parts, "{") {
		if f.event != event || !strings.Contains(f.data, part) {
			r.t.Fatalf("want %s with %s, have %+v", event, part, f)
		}
	}
	return f
}

// wantPlace receives the ID at which the client begins.
func (r *reader) wantPlace() string {
	r.t.Helper()
	f, err := r.next()
	if err != nil || f.id == "" || f.data != "" || f.event != "" {
		r.t.Fatalf("want an ID alone, have %+v, %v", f, err)
	}
	return f.id
}

// wantEnd wants the answer to be complete, or to be cut.
func (r *reader) wantEnd(complete bool) {
	r.t.Helper()
	for {
		if f, err := r.next(); err != nil {
			if (err == io.EOF) != complete {
				r.t.Fatalf("complete should be %v, and the answer ended with %v", complete, err)
			}
			return
		} else if f.data != "" {
			r.t.Fatalf("unexpected %+v", f)
		}
	}
}

func (r *reader) close() { _ = r.resp.Body.Close() }

var _ hub.Sender[*note] = (*couranttest.Stream[*note])(nil)
