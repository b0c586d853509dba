package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The part of the suite: it starts the service, in a process of its own, serves
// streams that the test controls, and takes the reports.

// serveVariable, when it is set, makes a process of this test's binary the
// service on the address that it holds.
const serveVariable = "COURANT_CONTRACT_SERVE"

// patience is how long the harness waits for anything that must come.
const patience = 30 * time.Second

func TestMain(m *testing.M) {
	if addr := os.Getenv(serveVariable); addr != "" {
		if err := serve(context.Background(), addr); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// harness knows where the service is. It has a client of its own, because a
// httptest.Server that is closed closes idle connections of the default one.
type harness struct {
	url  string
	http http.Client
}

// startService starts the service. At the end of the test it is told to stop and
// must do so by itself.
func startService(t *testing.T) *harness {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	_ = listener.Close() // for the service to listen there
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serveVariable+"="+addr)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h := &harness{url: "http://" + addr, http: http.Client{Transport: &http.Transport{}}}
	t.Cleanup(func() {
		if status, err := h.do("DELETE", h.url+"/", nil, nil); err != nil || status != 204 {
			t.Errorf("to stop the service: %d, %v", status, err)
			_ = cmd.Process.Kill()
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("the service ended with %v", err)
		}
	})
	eventually(t, "the service listens", func() bool {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return h
}

// eventually polls until the condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(patience)
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for !holds() {
		select {
		case <-poll.C:
		case <-deadline:
			t.Fatalf("never: %s", what)
		}
	}
}

// do sends a request with a JSON body.
func (h *harness) do(method, url string, body any, header *http.Header) (status int, err error) {
	data, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequest(method, url, bytes.NewReader(data))
	if err != nil {
		return 0, err
	}
	resp, err := h.http.Do(req)
	if err != nil {
		return 0, err
	}
	if header != nil {
		*header = resp.Header
	}
	return resp.StatusCode, resp.Body.Close()
}

// get returns the body of an answer; empty if there is none.
func (h *harness) get(url string) string {
	resp, err := h.http.Get(url)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return string(body)
}

// A client is one stream of the service.
type client struct {
	h        *harness
	resource string
	reports  *reports
}

// open asks for a client of the stream. p's addresses are filled in.
func (h *harness) open(t *testing.T, streamURL string, p map[string]any) *client {
	t.Helper()
	reports := &reports{byNumber: map[int]report{}, came: make(chan struct{}, 1)}
	callbacks := httptest.NewServer(reports)
	t.Cleanup(callbacks.Close)
	all := map[string]any{"streamUrl": streamURL, "callbackUrl": callbacks.URL + "/endpoints/1", "tag": t.Name(),
		"initialDelayMs": 0, "readTimeoutMs": nil}
	maps.Copy(all, p)
	var header http.Header
	status, err := h.do("POST", h.url+"/", all, &header)
	if err != nil || status/100 != 2 || header.Get("Location") == "" {
		t.Fatalf("to open a stream: %d, %v, Location %q", status, err, header.Get("Location"))
	}
	c := &client{h: h, resource: h.url + header.Get("Location"), reports: reports}
	t.Cleanup(func() {
		if status, err := h.do("DELETE", c.resource, nil, nil); err != nil || status/100 != 2 {
			t.Errorf("to close the stream: %d, %v", status, err)
		}
		if status, err := h.do("DELETE", c.resource, nil, nil); err != nil || status != 404 {
			t.Errorf("to close it again: %d, %v", status, err)
		}
	})
	return c
}

func (c *client) command(t *testing.T, name string) {
	t.Helper()
	if status, err := c.h.do("POST", c.resource, map[string]any{"command": name}, nil); err != nil || status/100 != 2 {
		t.Errorf("%s: %d, %v", name, status, err)
	}
}

// wantOver waits until the client has ended for good.
func (c *client) wantOver(t *testing.T) {
	t.Helper()
	eventually(t, "the client ends", func() bool { return c.h.get(c.resource) == "closed" })
}

// wantEvents waits for these events and nothing else.
func (c *client) wantEvents(t *testing.T, want ...received) {
	t.Helper()
	for i, event := range want {
		if event.Type == "" {
			event.Type = "message"
		}
		r := c.reports.next(t)
		if r.Kind != "event" || r.Event == nil || *r.Event != event {
			t.Fatalf("event %d: reported %s, want %s", i, short(r), short(event))
		}
	}
}

func (c *client) wantComment(t *testing.T, want string) {
	t.Helper()
	if r := c.reports.next(t); r.Kind != "comment" || r.Comment == nil || *r.Comment != want {
		t.Fatalf("reported %s, want the comment %q", short(r), want)
	}
}

func (c *client) wantError(t *testing.T) {
	t.Helper()
	if r := c.reports.next(t); r.Kind != "error" || r.Error == "" {
		t.Fatalf("reported %s, want an error", short(r))
	}
}

// short keeps reports of megabytes out of the output.
func short(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	if len(text) > 500 {
		return fmt.Sprintf("%s… (%d bytes)", text[:500], len(text))
	}
	return string(text)
}

// reports takes what the service reports and gives it out in the order of the
// numbers.
type reports struct {
	mu       sync.Mutex
	byNumber map[int]report
	given    int
	came     chan struct{}
}

func (r *reports) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	number, err := strconv.Atoi(path.Base(req.URL.Path))
	var body report
	if err == nil {
		err = json.NewDecoder(req.Body).Decode(&body)
	}
	if err != nil || req.Method != http.MethodPost || path.Dir(req.URL.Path) != "/endpoints/1" {
		http.Error(w, "no report", http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	r.byNumber[number] = body
	r.mu.Unlock()
	select {
	case r.came <- struct{}{}:
	default:
	}
}

// next waits for the next report.
func (r *reports) next(t *testing.T) report {
	t.Helper()
	deadline := time.After(patience)
	for {
		r.mu.Lock()
		body, ok := r.byNumber[r.given+1]
		if ok {
			r.given++
		}
		r.mu.Unlock()
		if ok {
			return body
		}
		select {
		case <-r.came:
		case <-deadline:
			t.Fatalf("no report %d", r.given+1)
		}
	}
}

// A source serves one stream, each connection of which the test controls.
type source struct {
	url   string
	conns chan *conn
}

// conn is one request that waits for what the test wants to answer.
type conn struct {
	*http.Request
	body   string
	pieces chan string // what is sent
	end    chan func() // how the handler ends; nil: properly
	gone   chan struct{}
}

// newSource serves streams until the test ends. first answers the first
// requests in place of a stream.
func newSource(t *testing.T, first ...http.HandlerFunc) *source {
	s := &source{conns: make(chan *conn, 100)}
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		c := &conn{Request: r, body: string(body), pieces: make(chan string), end: make(chan func()), gone: make(chan struct{})}
		defer close(c.gone)
		mu.Lock()
		var answer http.HandlerFunc
		if len(first) > 0 {
			answer, first = first[0], first[1:]
		}
		mu.Unlock()
		s.conns <- c
		if answer != nil {
			answer(w, r)
			return
		}
		c.stream(w)
	}))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	s.url = server.URL + "/stream"
	return s
}

func (c *conn) stream(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	flush := http.NewResponseController(w).Flush
	_ = flush()
	for {
		select {
		case piece := <-c.pieces:
			_, _ = io.WriteString(w, piece)
			_ = flush()
		case how := <-c.end:
			if how != nil {
				how()
			}
			return
		case <-c.Context().Done():
			return
		}
	}
}

// next waits for the next request.
func (s *source) next(t *testing.T) *conn {
	t.Helper()
	select {
	case c := <-s.conns:
		return c
	case <-time.After(patience):
		t.Fatal("the client does not connect")
		return nil
	}
}

// send sends text in pieces of that size, each in a chunk of its own; 0: in one.
func (c *conn) send(t *testing.T, text string, size int) {
	t.Helper()
	if size == 0 {
		size = len(text)
	}
	for len(text) > 0 {
		n := min(size, len(text))
		select {
		case c.pieces <- text[:n]:
		case <-c.gone:
			t.Fatal("the client has left")
		}
		text = text[n:]
	}
}

// cut breaks the connection.
func (c *conn) cut() { c.end <- func() { panic(http.ErrAbortHandler) } }

// finish ends the answer properly.
func (c *conn) finish() { c.end <- nil }

// lastID returns the last event ID of the request, "-" where it has none.
func (c *conn) lastID() string {
	if values := c.Header.Values("Last-Event-ID"); len(values) > 0 {
		return strings.Join(values, ", ")
	}
	return "-"
}

// status answers with a status; header holds names and values in turn.
func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}
