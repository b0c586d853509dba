package courant_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
)

type post struct {
	Message   string `json:"message"`
	Timestamp int64  `json:"timestamp"`
}

type postsPayload struct {
	StartID string `json:"startID,omitzero"`
}

// busyError is an error as the generator writes it.
type busyError struct {
	Detail string `json:"detail"`
}

func (e *busyError) Error() string     { return e.Detail }
func (e *busyError) ErrorName() string { return "busy" }

// posts is a method that streams; change makes it another one.
func posts(change func(*courant.StreamMethod[*postsPayload, *post])) *courant.StreamMethod[*postsPayload, *post] {
	m := &courant.StreamMethod[*postsPayload, *post]{
		Name: "notes.watch",
		HTTP: courant.StreamHTTP{
			Routes:  []courant.Route{{Verb: "GET", Path: "/notes"}},
			Request: courant.Request{Body: courant.Nothing(), LastEventID: "startID"},
		},
		Errors: []courant.DeclaredError{{
			Name: "busy", Status: 400, Temporary: true, New: func() error { return new(busyError) },
		}},
	}
	if change != nil {
		change(m)
	}
	return m
}

// call calls m of s.
func call(t *testing.T, s *couranttest.Server, m *courant.StreamMethod[*postsPayload, *post], opts ...courant.ClientOption) *courant.ClientStream[*post] {
	t.Helper()
	client := courant.NewClient("http://memory", append([]courant.ClientOption{courant.WithHTTPClient(s.Client())}, opts...)...)
	stream, err := courant.CallStream(t.Context(), client, m, &postsPayload{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stream.Close() })
	return stream
}

// messages receives until the end; errors that continue are kept in order too.
func messages(stream *courant.ClientStream[*post]) (received []string, final error) {
	for {
		event, err := stream.Recv()
		switch {
		case err == nil:
			received = append(received, event.Message)
		case courant.Continues(err):
			received = append(received, err.Error())
		default:
			return received, err
		}
	}
}

func TestOutcomes(t *testing.T) {
	problem := func(name string, status string) string {
		return `event: stream-error` + "\n" + `data: {"title":"x","status":` + status + `,"detail":"why","name":"` + name + `"}` + "\n\n"
	}
	for name, c := range map[string]struct {
		answers  []answer
		change   func(*courant.StreamMethod[*postsPayload, *post])
		received []string
		final    func(error) bool
		requests int
	}{
		"stream-end is io.EOF": {
			answers:  []answer{sendsAndStays(hello + "event: stream-end\nid: stream-end\ndata: {}\n\n" + hello)},
			received: []string{"hello"}, final: isEnd, requests: 1,
		},
		"stream-error is the server's error": {
			answers:  []answer{sendsAndStays(hello + problem("lost", "500"))},
			received: []string{"hello"}, final: isStatus(500), requests: 1,
		},
		"a temporary stream-error reconnects": {
			answers:  []answer{sendsAndStays(hello + problem("busy", "400")), sends(hello)},
			received: []string{"hello", "hello"}, final: isEnd, requests: 3,
		},
		"a temporary stream-error is final where nothing may be sent again": {
			answers:  []answer{sendsAndStays(hello + problem("busy", "400")), sends(hello)},
			change:   func(m *courant.StreamMethod[*postsPayload, *post]) { m.HTTP.Routes[0].Verb = "POST" },
			received: []string{"hello"}, requests: 1,
			final: func(err error) bool {
				var busy *busyError
				return isStatus(400)(err) && errors.As(err, &busy)
			},
		},
		"stream-gap is told and the stream goes on": {
			answers: []answer{sends(`event: stream-gap` + "\n" +
				`data: {"asked":"7","oldest":"9","reason":"trimmed"}` + "\n\n" + hello)},
			received: []string{`courant: events after "7" are lost (trimmed)`, "hello"}, final: isEnd, requests: 2,
		},
		"a clean end without an outcome reconnects": {
			answers:  []answer{sends(hello), sends(hello)},
			received: []string{"hello", "hello"}, final: isEnd, requests: 3,
		},
		"heartbeat events are not events": {
			answers:  []answer{sends("event: stream-heartbeat\ndata: {}\n\n" + hello)},
			received: []string{"hello"}, final: isEnd, requests: 2,
		},
		"the sentinel of the design is io.EOF": {
			answers:  []answer{sendsAndStays(hello + "data: [DONE]\n\n" + hello)},
			change:   func(m *courant.StreamMethod[*postsPayload, *post]) { m.HTTP.Events.Done = "[DONE]" },
			received: []string{"hello"}, final: isEnd, requests: 1,
		},
		"an end without the sentinel is a cut": {
			answers: []answer{sends(hello)},
			change: func(m *courant.StreamMethod[*postsPayload, *post]) {
				m.HTTP.Routes[0].Verb = "POST"
				m.HTTP.Events = courant.Events{Done: "[DONE]", NoControlEvents: true}
			},
			received: []string{"hello"}, final: isCut, requests: 1,
		},
		"without control events their names are ordinary": {
			answers:  []answer{sends("event: stream-end\n" + hello)},
			change:   func(m *courant.StreamMethod[*postsPayload, *post]) { m.HTTP.Events.NoControlEvents = true },
			received: []string{"hello"}, final: isEnd, requests: 2,
		},
		"with neither control events nor sentinel the proper end counts": {
			answers: []answer{sends(hello)},
			change: func(m *courant.StreamMethod[*postsPayload, *post]) {
				m.HTTP.Routes[0].Verb = "POST"
				m.HTTP.Events.NoControlEvents = true
			},
			received: []string{"hello"}, final: isEnd, requests: 1,
		},
		"and a broken connection does not": {
			answers: []answer{cutsAfter(hello)},
			change: func(m *courant.StreamMethod[*postsPayload, *post]) {
				m.HTTP.Routes[0].Verb = "POST"
				m.HTTP.Events.NoControlEvents = true
			},
			received: []string{"hello"}, final: isCut, requests: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScript(t, c.answers...)
				stream := call(t, s, posts(c.change))
				received, final := messages(stream)
				if !slices.Equal(received, c.received) || !c.final(final) {
					t.Errorf("received %q and %v, want %q", received, final, c.received)
				}
				if _, again := stream.Recv(); !errors.Is(again, final) {
					t.Errorf("then %v, want %v to stay", again, final)
				}
				if n := len(lastEventIDs(s)); n != c.requests {
					t.Errorf("%d requests, want %d", n, c.requests)
				}
			})
		})
	}
}

func TestDrainReconnectsWhenTheServerSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t,
			sendsAndStays("id: 5\n"+hello+"event: stream-drain\nretry: 7000\n"+`data: {"retry_ms":7000}`+"\n\n"),
			sends(hello),
		)
		stream := call(t, s, posts(nil))
		start := time.Now()
		received, final := []string{}, error(nil)
		for range 2 {
			event, err := stream.Recv()
			if err != nil {
				final = err
				break
			}
			received = append(received, event.Message)
		}
		if len(received) != 2 || final != nil {
			t.Fatalf("received %q, %v", received, final)
		}
		if waited := time.Since(start); waited != 7*time.Second {
			t.Errorf("reconnected after %v, want 7s", waited)
		}
		if got, want := lastEventIDs(s), []string{"-", "5"}; !slices.Equal(got, want) {
			t.Errorf("last event IDs %q, want %q", got, want)
		}
	})
}

// A completion is not bought twice.
func TestReconnectPolicy(t *testing.T) {
	type method = courant.StreamMethod[*postsPayload, *post]
	verb := func(verb string) func(*method) { return func(m *method) { m.HTTP.Routes[0].Verb = verb } }
	const noted = "id: 3\n" + hello
	for name, c := range map[string]struct {
		change func(*method)
		policy courant.ReconnectPolicy
		text   string
		again  bool
	}{
		"GET":                      {verb("GET"), courant.WhenSafe, hello, true},
		"GET, never":               {verb("GET"), courant.Never, noted, false},
		"POST":                     {verb("POST"), courant.WhenSafe, hello, false},
		"POST, always":             {verb("POST"), courant.Always, hello, true},
		"POST, idempotent":         {func(m *method) { verb("POST")(m); m.Idempotent = true }, courant.WhenSafe, hello, true},
		"POST, ID received":        {verb("POST"), courant.WhenSafe, noted, true},
		"POST, ID taken back":      {verb("POST"), courant.WhenSafe, noted + "id\n" + hello, false},
		"POST, ID goes nowhere":    {func(m *method) { verb("POST")(m); m.HTTP.Request.LastEventID = "" }, courant.WhenSafe, noted, false},
		"POST, nothing yet":        {verb("POST"), courant.WhenSafe, ":\n\n", false},
		"POST, ID of no event yet": {verb("POST"), courant.WhenSafe, "id: 3\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScript(t, cutsAfter(c.text))
				stream := call(t, s, posts(c.change), courant.WithReconnect(c.policy))
				_, final := messages(stream)
				requests := len(lastEventIDs(s))
				if c.again && (requests != 2 || !errors.Is(final, io.EOF)) || !c.again && (requests != 1 || !isCut(final)) {
					t.Errorf("%d requests, %v", requests, final)
				}
				var cut *courant.CutError
				if errors.As(final, &cut) && cut.LastEventID != stream.LastEventID() {
					t.Errorf("cut after %q, want %q", cut.LastEventID, stream.LastEventID())
				}
			})
		})
	}
}

func TestDecodeErrorIsToldAndTheStreamGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, sendsAndStays("id: 1\ndata: {oops\n\n"+"id: 2\n"+hello+"event: stream-later\ndata: {}\n\nevent: stream-end\nid: stream-end\ndata: {}\n\n"))
		stream := call(t, s, posts(nil))
		event, err := stream.Recv()
		var wrong *courant.DecodeError
		if event != nil || !errors.As(err, &wrong) || string(wrong.Event.Data) != "{oops" || stream.LastEventID() != "1" {
			t.Errorf("%v after %q", err, stream.LastEventID())
		}
		received, final := messages(stream)
		if !slices.Equal(received, []string{"hello"}) || !errors.Is(final, io.EOF) {
			t.Errorf("then %q, %v", received, final)
		}
		if id := stream.LastEventID(); id != "2" {
			t.Errorf("last event ID %q, want 2: stream-end says nothing to resume after", id)
		}
	})
}

func TestStrictDecoding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const text = hello + `data: {"message":"all","timestamp":1}` + "\n\n"
		stream := call(t, newScript(t, sends(text)), posts(nil), courant.WithStrictDecoding())
		_, err := stream.Recv()
		if _, ok := errors.AsType[*courant.DecodeError](err); !ok || !strings.Contains(err.Error(), "timestamp") {
			t.Errorf("without a required attribute: %v", err)
		}
		if event, err := stream.Recv(); err != nil || event.Message != "all" {
			t.Errorf("then %v, %v", event, err)
		}
	})
}

func TestEventsYieldsEverythingButEOF(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, sendsAndStays(hello+"data: {oops\n\n"+hello+hello+"event: stream-end\ndata: {}\n\n"))
		stream := call(t, s, posts(nil))
		events, failures := 0, 0
		for event, err := range stream.Events() {
			if err != nil {
				failures++
			} else if event.Message == "hello" {
				events++
			}
			if events == 1 && failures == 1 {
				break
			}
		}
		for _, err := range stream.Events() { // goes on where the other stopped
			if err == nil {
				events++
			}
		}
		if events != 3 || failures != 1 {
			t.Errorf("%d events and %d errors, want 3 and 1", events, failures)
		}
	})
}

func TestDefaultReadTimeoutFollowsTheHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, sendsAndStays(hello), sends(hello))
		start := time.Now()
		received, _ := messages(call(t, s, posts(nil)))
		if waited := time.Since(start); len(received) != 2 || waited < 45*time.Second || waited > 50*time.Second {
			t.Errorf("received %q after %v", received, waited)
		}
	})
}

func TestTimeoutOfTheHTTPClientDoesNotEndStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := slices.Repeat(couranttest.Steps{couranttest.Pause(20 * time.Second), couranttest.Bytes(hello)}, 3)
		httpClient := newScript(t, answer{Send: slow}).Client()
		httpClient.Timeout = 5 * time.Second
		var log bytes.Buffer
		client := courant.NewClient("http://memory", courant.WithHTTPClient(httpClient),
			courant.WithClientLogger(slog.New(slog.NewTextHandler(&log, nil))))
		for range 2 {
			stream, err := courant.CallStream(t.Context(), client, posts(nil), &postsPayload{})
			if err != nil {
				t.Fatal(err)
			}
			if _, final := messages(stream); !errors.Is(final, io.EOF) {
				t.Error(final)
			}
		}
		if n := strings.Count(log.String(), "level=WARN"); n != 1 || !strings.Contains(log.String(), "timeout=5s") {
			t.Errorf("warned %d times, want once: %s", n, &log)
		}
		if httpClient.Timeout != 5*time.Second {
			t.Error("the client was changed")
		}
	})
}

func TestRequestsArePreparedAtEachConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, sends(hello), sends(hello), sends(hello))
		tokens := 0
		expired := errors.New("no token")
		stream := call(t, s, posts(nil), courant.WithHeader("X-Tenant", "a"), courant.WithHeader("Host", "other"),
			courant.WithRequestFunc(func(r *http.Request) error {
				if tokens++; tokens == 3 {
					return expired
				}
				r.Header.Set("Authorization", strings.Repeat("t", tokens))
				return nil
			}))
		if received, final := messages(stream); len(received) != 2 || !errors.Is(final, expired) {
			t.Errorf("received %q, %v", received, final)
		}
		for i, r := range s.Requests() {
			h := r.Header
			if h.Get("Authorization") != strings.Repeat("t", i+1) || h.Get("X-Tenant") != "a" || r.Host != "other" {
				t.Errorf("request %d: %v of %s", i, h, r.Host)
			}
			if h.Get("Accept") != "text/event-stream" || h.Get("Cache-Control") != "no-cache" ||
				h.Get("Accept-Encoding") != "identity" {
				t.Errorf("request %d: %v", i, h)
			}
		}
	})
}

func TestInitialLastEventIDComesFromThePayload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, cutsAfter(":\n\n"), cutsAfter("id: 8\n"+hello))
		client := courant.NewClient("http://memory", courant.WithHTTPClient(s.Client()))
		stream, err := courant.CallStream(t.Context(), client, posts(nil), &postsPayload{StartID: "7…"})
		if err != nil {
			t.Fatal(err)
		}
		if id := stream.LastEventID(); id != "7…" {
			t.Errorf("last event ID %q", id)
		}
		_, _ = messages(stream)
		if got, want := lastEventIDs(s), []string{"7…", "7…", "8"}; !slices.Equal(got, want) {
			t.Errorf("last event IDs %q, want %q", got, want)
		}
	})
}

func TestWhatIsWrongWithAClientIsTheErrorOfItsCalls(t *testing.T) {
	for _, base := range []string{"", "localhost:8080", "ftp://x", "http://", "http://a b", "/events"} {
		_, err := courant.CallStream(t.Context(), courant.NewClient(base), posts(nil), &postsPayload{})
		if err == nil || !strings.Contains(err.Error(), "base URL") {
			t.Errorf("%q: %v", base, err)
		}
	}
	for name, option := range map[string]courant.ConnectionOption{
		"WithHTTPClient": courant.WithHTTPClient(nil), "WithTransport": courant.WithTransport(nil),
		"WithRequestFunc": courant.WithRequestFunc(nil), "WithReconnect": courant.WithReconnect(7),
		"WithReconnectDelay": courant.WithReconnectDelay(2, 1), "WithReconnectReset": courant.WithReconnectReset(-1),
		"WithReadTimeout": courant.WithReadTimeout(-1), "WithMaxEventSize": courant.WithMaxEventSize(0),
		"WithClientLogger": courant.WithClientLogger(nil),
	} {
		_, err := courant.CallStream(t.Context(), courant.NewClient("http://x", option), posts(nil), &postsPayload{})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := courant.OpenEvents(&http.Request{}, option); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
