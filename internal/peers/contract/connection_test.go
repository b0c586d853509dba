package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"
)

func TestServiceProtocol(t *testing.T) {
	h := startService(t)
	source := newSource(t)
	for body, want := range map[any]int{"no object": 400, 7: 400} {
		if status, err := h.do("POST", h.url+"/", body, nil); err != nil || status != want {
			t.Errorf("%v: %d, %v", body, status, err)
		}
	}
	for name, p := range map[string]map[string]any{
		"no addresses": {}, "a method that is none": {"streamUrl": source.url, "callbackUrl": source.url, "method": "NO METHOD"},
		"a number that is none": {"streamUrl": source.url, "callbackUrl": source.url, "readTimeoutMs": "soon"},
	} {
		if status, err := h.do("POST", h.url+"/", p, nil); err != nil || status != 400 {
			t.Errorf("%s: %d, %v", name, status, err)
		}
	}
	for _, method := range []string{"POST", "DELETE"} {
		if status, err := h.do(method, h.url+"/streams/99", map[string]any{"command": "restart"}, nil); err != nil || status != 404 {
			t.Errorf("%s of no stream: %d, %v", method, status, err)
		}
	}
	client := h.open(t, source.url, nil)
	if status, err := h.do("POST", client.resource, map[string]any{"command": "dance"}, nil); err != nil || status != 400 {
		t.Errorf("an unknown command: %d, %v", status, err)
	}
	client.command(t, "listen")
	var status struct{ Capabilities []string }
	if err := json.Unmarshal([]byte(h.get(h.url+"/")), &status); err != nil || !slices.Equal(status.Capabilities, capabilities()) {
		t.Errorf("status %v, %v", status, err)
	}
}

func TestRequests(t *testing.T) {
	h := startService(t)
	for name, c := range map[string]struct {
		params                      map[string]any
		method, body, lastID, media string
	}{
		"as it is":      {nil, "GET", "", "-", ""},
		"last event ID": {map[string]any{"lastEventId": "abc€"}, "GET", "", "abc€", ""},
		"POST": {map[string]any{"method": "POST", "body": `{"a":1}`, "headers": map[string]string{"content-type": "application/json; charset=utf-8"}},
			"POST", `{"a":1}`, "-", "application/json; charset=utf-8"},
		"REPORT":                {map[string]any{"method": "REPORT", "body": "ask"}, "REPORT", "ask", "-", "text/plain; charset=utf-8"},
		"null is as if not set": {map[string]any{"method": nil, "body": nil, "headers": nil, "lastEventId": nil, "initialDelayMs": nil}, "GET", "", "-", ""},
		"headers":               {map[string]any{"headers": map[string]string{"x-one": "1", "x-two": "2"}}, "GET", "", "-", ""},
	} {
		t.Run(name, func(t *testing.T) {
			source := newSource(t)
			h.open(t, source.url, c.params)
			r := source.next(t)
			if r.Method != c.method || r.body != c.body || r.lastID() != c.lastID || r.Header.Get("Content-Type") != c.media {
				t.Errorf("%s with %q after %s, %q", r.Method, r.body, r.lastID(), r.Header.Get("Content-Type"))
			}
			if r.Header.Get("Accept") != "text/event-stream" || r.Header.Get("Cache-Control") != "no-cache" {
				t.Errorf("Accept %q, Cache-Control %q", r.Header.Get("Accept"), r.Header.Get("Cache-Control"))
			}
			if name == "headers" && (r.Header.Get("X-One") != "1" || r.Header.Get("X-Two") != "2") {
				t.Errorf("headers %v", r.Header)
			}
		})
	}
}

// A cut of any kind resumes after the last complete event, with the same
// request.
func TestReconnection(t *testing.T) {
	h := startService(t)
	for name, end := range map[string]func(*conn){"cut": (*conn).cut, "proper end": (*conn).finish} {
		for _, method := range []string{"GET", "POST", "REPORT"} {
			t.Run(name+", "+method, func(t *testing.T) {
				source := newSource(t)
				p := map[string]any{"method": method, "headers": map[string]string{"x-one": "1"}, "lastEventId": "0"}
				if method != "GET" {
					p["body"] = "ask"
				}
				client := h.open(t, source.url, p)
				for i, c := range []struct {
					asked, text string
					want        []received
				}{
					{"0", "id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: half", []received{{Data: "a", ID: "1"}, {Data: "b", ID: "1"}}},
					{"1", "", nil},
					{"1", "data: c\n\nid: 3\n\n", []received{{Data: "c", ID: "1"}}},
					{"3", "id\ndata: d\n\n", []received{{Data: "d"}}},
					{"-", "data: e\n\n", []received{{Data: "e"}}},
				} {
					r := source.next(t)
					if r.lastID() != c.asked || r.Method != method || r.Header.Get("X-One") != "1" || (r.body == "ask") == (method == "GET") {
						t.Errorf("connection %d: %s after %q with %q, %v", i, r.Method, r.lastID(), r.body, r.Header)
					}
					r.send(t, c.text, 0)
					client.wantEvents(t, c.want...)
					end(r)
					client.wantError(t)
				}
			})
		}
	}
}

// Every answer that is an error, first and later.
func TestAnswersThatAreNoStreams(t *testing.T) {
	h := startService(t)
	for _, c := range []struct {
		code   int
		header []string
		again  bool
		quiet  bool
	}{
		{code: 204, quiet: true}, {code: 400}, {code: 401}, {code: 403}, {code: 404}, {code: 410},
		{code: 429, again: true}, {code: 500, again: true}, {code: 502, again: true},
		{code: 503, again: true, header: []string{"Retry-After", "0"}}, {code: 504, again: true},
		{code: 301}, {code: 301, header: []string{"Location", ""}}, {code: 307}, {code: 307, header: []string{"Location", ""}},
		{code: 200, header: []string{"Content-Type", "text/html"}},
	} {
		for _, when := range []string{"first", "later"} {
			t.Run(fmt.Sprintf("%d %q, %s", c.code, c.header, when), func(t *testing.T) {
				t.Parallel()
				answers := []http.HandlerFunc{status(c.code, c.header...)}
				if when == "later" {
					answers = append([]http.HandlerFunc{nil}, answers...)
				}
				source := newSource(t, answers...)
				client := h.open(t, source.url, nil)
				if when == "later" {
					r := source.next(t)
					r.send(t, "data: a\n\n", 0)
					client.wantEvents(t, received{Data: "a"})
					r.cut()
					client.wantError(t)
				}
				source.next(t)
				if !c.quiet {
					client.wantError(t)
				}
				if c.again {
					source.next(t).send(t, "data: b\n\n", 0)
					client.wantEvents(t, received{Data: "b"})
					return
				}
				client.wantOver(t)
				if len(source.conns) > 0 {
					t.Error("the client came back")
				}
			})
		}
	}
}

func TestRedirects(t *testing.T) {
	h := startService(t)
	for _, code := range []int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			target := newSource(t)
			source := newSource(t, status(code, "Location", target.url), status(code, "Location", target.url))
			client := h.open(t, source.url, map[string]any{"lastEventId": "7"})
			for _, id := range []string{"7", "8"} {
				source.next(t)
				r := target.next(t)
				if r.lastID() != id {
					t.Errorf("last event ID %q, want %q", r.lastID(), id)
				}
				r.send(t, "id: 8\ndata: a\n\n", 0)
				client.wantEvents(t, received{Data: "a", ID: "8"})
				r.cut()
				client.wantError(t)
			}
		})
	}
}

func TestRestart(t *testing.T) {
	h := startService(t)
	source := newSource(t)
	client := h.open(t, source.url, map[string]any{"initialDelayMs": 20000})
	first := source.next(t)
	first.send(t, "id: 1\ndata: Hello\n\n", 0)
	client.wantEvents(t, received{Data: "Hello", ID: "1"})
	client.command(t, "restart")
	second := source.next(t) // at once, and without an error
	if second.lastID() != "1" {
		t.Errorf("last event ID %q", second.lastID())
	}
	second.send(t, "data: Thanks\n\n", 0)
	client.wantEvents(t, received{Data: "Thanks", ID: "1"})
	<-first.gone
	second.cut()
	client.wantError(t)
	client.command(t, "restart") // in the midst of a wait of up to 20 s
	source.next(t).send(t, "data: again\n\n", 0)
	client.wantEvents(t, received{Data: "again", ID: "1"})
}

// Any byte is a sign of life; silence is an error, and the end of the connection.
func TestReadTimeout(t *testing.T) {
	h := startService(t)
	source := newSource(t)
	client := h.open(t, source.url, map[string]any{"readTimeoutMs": 300})
	first := source.next(t)
	start := time.Now()
	beat := time.NewTicker(100 * time.Millisecond)
	defer beat.Stop()
	for _, piece := range []string{"d", "a", "ta: H", "e", "llo\n", ":\n", "\n"} { // 700 ms in all
		<-beat.C
		first.send(t, piece, 0)
	}
	client.wantComment(t, "")
	client.wantEvents(t, received{Data: "Hello"})
	if lived := time.Since(start); lived < 600*time.Millisecond {
		t.Errorf("lived for %v", lived)
	}
	client.wantError(t)
	<-first.gone
	source.next(t).send(t, "data: Hello again\n\n", 0)
	client.wantEvents(t, received{Data: "Hello again"})
}

// The delay is at random up to the initial one, and a server's retry is another
// one.
func TestDelays(t *testing.T) {
	h := startService(t)
	for name, c := range map[string]struct {
		initial int
		text    string
		most    time.Duration
	}{
		"initial delay":                 {200, "data: a\n\n", 200 * time.Millisecond},
		"retry":                         {20000, "retry: 200\ndata: a\n\n", 200 * time.Millisecond},
		"retry without an event":        {20000, "data: a\n\nretry: 200\n", 200 * time.Millisecond},
		"a retry with more than digits": {200, "retry: 20000ms\ndata: a\n\n", 200 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := newSource(t)
			client := h.open(t, source.url, map[string]any{"initialDelayMs": c.initial})
			r := source.next(t)
			r.send(t, c.text, 0)
			client.wantEvents(t, received{Data: "a"})
			r.cut()
			client.wantError(t)
			start := time.Now()
			source.next(t)
			if waited := time.Since(start); waited > c.most+2*time.Second {
				t.Errorf("came back after %v, want at most %v", waited, c.most)
			}
		})
	}
}
