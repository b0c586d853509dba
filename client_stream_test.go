package courant

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
)

type note struct {
	Message   string `json:"message"`
	Timestamp int64  `json:"timestamp"`
}

type notesPayload struct {
	StartID string `json:"startID,omitzero"`
}

// busyError is an error as the generator writes it.
type busyError struct {
	Detail string `json:"detail"`
}

func (e *busyError) Error() string     { return e.Detail }
func (e *busyError) ErrorName() string { return "busy" }

// notes is a method that streams; change makes it another one.
func notes(change func(*StreamMethod[*notesPayload, *note])) *StreamMethod[*notesPayload, *note] {
	m := &StreamMethod[*notesPayload, *note]{
		Name: "notes.watch",
		HTTP: StreamHTTP{
			Routes:  []Route{{Verb: "GET", Path: "/notes"}},
			Request: Request{Body: Nothing(), LastEventID: "startID"},
		},
		Errors: []DeclaredError{{
			Name: "busy", Status: 400, Temporary: true, New: func() error { return new(busyError) },
		}},
	}
	if change != nil {
		change(m)
	}
	return m
}

// call calls m, which handler serves.
func call(t *testing.T, handler http.Handler, m *StreamMethod[*notesPayload, *note], opts ...ClientOption) *ClientStream[*note] {
	t.Helper()
	client := NewClient("http://memory", append([]ClientOption{WithHTTPClient(serveInMemory(t, handler))}, opts...)...)
	stream, err := CallStream(t.Context(), client, m, &notesPayload{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stream.Close() })
	return stream
}

// messages receives until the end; errors that continue are kept in order too.
func messages(stream *ClientStream[*note]) (received []string, final error) {
	for {
		event, err := stream.Recv()
		switch {
		case err == nil:
			received = append(received, event.Message)
		case Continues(err):
			received = append(received, err.Error())
		default:
			return received, err
		}
	}
}

const hello = `data: {"message":"hello"}` + "\n\n"

func TestOutcomes(t *testing.T) {
	problem := func(name string, status string) string {
		return `event: stream-error` + "\n" + `data: {"title":"x","status":` + status + `,"detail":"why","name":"` + name + `"}` + "\n\n"
	}
	for name, c := range map[string]struct {
		answers  []answer
		change   func(*StreamMethod[*notesPayload, *note])
		received []string
		final    func(error) bool
		requests int
	}{
		"stream-end is io.EOF": {
			answers:  []answer{sendsAndStays(hello + "event: stream-end\nid: stream-end\ndata: {}\n\n" + hello)},
			received: []string{"hello"}, final: isEOF, requests: 1,
		},
		"stream-error is the server's error": {
			answers:  []answer{sendsAndStays(hello + problem("lost", "500"))},
			received: []string{"hello"}, final: isStatus(500), requests: 1,
		},
		"a temporary stream-error reconnects": {
			answers:  []answer{sendsAndStays(hello + problem("busy", "400")), sends(hello)},
			received: []string{"hello", "hello"}, final: isEOF, requests: 3,
		},
		"a temporary stream-error is final where nothing may be sent again": {
			answers:  []answer{sendsAndStays(hello + problem("busy", "400")), sends(hello)},
			change:   func(m *StreamMethod[*notesPayload, *note]) { m.HTTP.Routes[0].Verb = "POST" },
			received: []string{"hello"}, requests: 1,
			final: func(err error) bool {
				var busy *busyError
				return isStatus(400)(err) && errors.As(err, &busy)
			},
		},
		"stream-gap is told and the stream goes on": {
			answers: []answer{sends(`event: stream-gap` + "\n" +
				`data: {"asked":"7","oldest":"9","reason":"trimmed"}` + "\n\n" + hello)},
			received: []string{`courant: events after "7" are lost (trimmed)`, "hello"}, final: isEOF, requests: 2,
		},
		"a clean end without an outcome reconnects": {
			answers:  []answer{sends(hello), sends(hello)},
			received: []string{"hello", "hello"}, final: isEOF, requests: 3,
		},
		"heartbeat events are not events": {
			answers:  []answer{sends("event: stream-heartbeat\ndata: {}\n\n" + hello)},
			received: []string{"hello"}, final: isEOF, requests: 2,
		},
		"the sentinel of the design is io.EOF": {
			answers:  []answer{sendsAndStays(hello + "data: [DONE]\n\n" + hello)},
			change:   func(m *StreamMethod[*notesPayload, *note]) { m.HTTP.Events.Done = "[DONE]" },
			received: []string{"hello"}, final: isEOF, requests: 1,
		},
		"an end without the sentinel is a cut": {
			answers: []answer{sends(hello)},
			change: func(m *StreamMethod[*notesPayload, *note]) {
				m.HTTP.Routes[0].Verb = "POST"
				m.HTTP.Events = Events{Done: "[DONE]", NoControlEvents: true}
			},
			received: []string{"hello"}, final: isCut, requests: 1,
		},
		"without control events their names are ordinary": {
			answers:  []answer{sends("event: stream-end\n" + hello)},
			change:   func(m *StreamMethod[*notesPayload, *note]) { m.HTTP.Events.NoControlEvents = true },
			received: []string{"hello"}, final: isEOF, requests: 2,
		},
		"with neither control events nor sentinel the proper end counts": {
			answers: []answer{sends(hello)},
			change: func(m *StreamMethod[*notesPayload, *note]) {
				m.HTTP.Routes[0].Verb = "POST"
				m.HTTP.Events.NoControlEvents = true
			},
			received: []string{"hello"}, final: isEOF, requests: 1,
		},
		"and a broken connection does not": {
			answers: []answer{cutsAfter(hello)},
			change: func(m *StreamMethod[*notesPayload, *note]) {
				m.HTTP.Routes[0].Verb = "POST"
				m.HTTP.Events.NoControlEvents = true
			},
			received: []string{"hello"}, final: isCut, requests: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScript(c.answers...)
				stream := call(t, s, notes(c.change))
				received, final := messages(stream)
				if !slices.Equal(received, c.received) || !c.final(final) {
					t.Errorf("received %q and %v, want %q", received, final, c.received)
				}
				if _, again := stream.Recv(); !errors.Is(again, final) {
					t.Errorf("then %v, want %v to stay", again, final)
				}
				if n := len(s.lastEventIDs()); n != c.requests {
					t.Errorf("%d requests, want %d", n, c.requests)
				}
			})
		})
	}
}

// isEOF is strict: callers compare with ==.
func isEOF(err error) bool { return errors.Is(err, io.EOF) && errors.Unwrap(err) == nil }

func isCut(err error) bool {
	var cut *CutError
	return errors.As(err, &cut) && !errors.Is(err, io.EOF)
}

func TestDrainReconnectsWhenTheServerSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(
			sendsAndStays("id: 5\n"+hello+"event: stream-drain\nretry: 7000\n"+`data: {"retry_ms":7000}`+"\n\n"),
			sends(hello),
		)
		stream := call(t, s, notes(nil))
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
		if got, want := s.lastEventIDs(), []string{"-", "5"}; !slices.Equal(got, want) {
			t.Errorf("last event IDs %q, want %q", got, want)
		}
	})
}

// A completion is not bought twice.
func TestReconnectPolicy(t *testing.T) {
	type method = StreamMethod[*notesPayload, *note]
	verb := func(verb string) func(*method) { return func(m *method) { m.HTTP.Routes[0].Verb = verb } }
	const noted = "id: 3\n" + hello
	for name, c := range map[string]struct {
		change func(*method)
		policy ReconnectPolicy
		text   string
		again  bool
	}{
		"GET":                      {verb("GET"), WhenSafe, hello, true},
		"GET, never":               {verb("GET"), Never, noted, false},
		"POST":                     {verb("POST"), WhenSafe, hello, false},
		"POST, always":             {verb("POST"), Always, hello, true},
		"POST, idempotent":         {func(m *method) { verb("POST")(m); m.Idempotent = true }, WhenSafe, hello, true},
		"POST, ID received":        {verb("POST"), WhenSafe, noted, true},
		"POST, ID taken back":      {verb("POST"), WhenSafe, noted + "id\n" + hello, false},
		"POST, ID goes nowhere":    {func(m *method) { verb("POST")(m); m.HTTP.Request.LastEventID = "" }, WhenSafe, noted, false},
		"POST, nothing yet":        {verb("POST"), WhenSafe, ":\n\n", false},
		"POST, ID of no event yet": {verb("POST"), WhenSafe, "id: 3\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScript(cutsAfter(c.text))
				stream := call(t, s, notes(c.change), WithReconnect(c.policy))
				_, final := messages(stream)
				requests := len(s.lastEventIDs())
				if c.again && (requests != 2 || !errors.Is(final, io.EOF)) || !c.again && (requests != 1 || !isCut(final)) {
					t.Errorf("%d requests, %v", requests, final)
				}
				var cut *CutError
				if errors.As(final, &cut) && cut.LastEventID != stream.LastEventID() {
					t.Errorf("cut after %q, want %q", cut.LastEventID, stream.LastEventID())
				}
			})
		})
	}
}

func TestDecodeErrorIsToldAndTheStreamGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(sendsAndStays("id: 1\ndata: {oops\n\n" + "id: 2\n" + hello + "event: stream-later\ndata: {}\n\nevent: stream-end\nid: stream-end\ndata: {}\n\n"))
		stream := call(t, s, notes(nil))
		event, err := stream.Recv()
		var wrong *DecodeError
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
		stream := call(t, newScript(sends(text)), notes(nil), WithStrictDecoding())
		_, err := stream.Recv()
		if _, ok := errors.AsType[*DecodeError](err); !ok || !strings.Contains(err.Error(), "timestamp") {
			t.Errorf("without a required attribute: %v", err)
		}
		if event, err := stream.Recv(); err != nil || event.Message != "all" {
			t.Errorf("then %v, %v", event, err)
		}
	})
}

func TestEventsYieldsEverythingButEOF(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(sendsAndStays(hello + "data: {oops\n\n" + hello + hello + "event: stream-end\ndata: {}\n\n"))
		stream := call(t, s, notes(nil))
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
	for heartbeat, want := range map[time.Duration]time.Duration{
		0: 45 * time.Second, time.Second: 45 * time.Second, time.Minute: 3 * time.Minute, -1: 0,
	} {
		if got := newClientConfig().readTimeoutOf(heartbeat); got != want {
			t.Errorf("heartbeat %v: %v, want %v", heartbeat, got, want)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		s := newScript(sendsAndStays(hello), sends(hello))
		start := time.Now()
		received, _ := messages(call(t, s, notes(nil)))
		if waited := time.Since(start); len(received) != 2 || waited < 45*time.Second || waited > 50*time.Second {
			t.Errorf("received %q after %v", received, waited)
		}
	})
}

func TestTimeoutOfTheHTTPClientDoesNotEndStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(w http.ResponseWriter, _ *http.Request) {
			for range 3 {
				<-time.After(20 * time.Second)
				sendText(w, hello)
			}
		}
		httpClient := serveInMemory(t, newScript(slow))
		httpClient.Timeout = 5 * time.Second
		var log bytes.Buffer
		client := NewClient("http://memory", WithHTTPClient(httpClient),
			WithClientLogger(slog.New(slog.NewTextHandler(&log, nil))))
		for range 2 {
			stream, err := CallStream(t.Context(), client, notes(nil), &notesPayload{})
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
		s := newScript(sends(hello), sends(hello), sends(hello))
		tokens := 0
		expired := errors.New("no token")
		stream := call(t, s, notes(nil), WithHeader("X-Tenant", "a"), WithHeader("Host", "other"),
			WithRequestFunc(func(r *http.Request) error {
				if tokens++; tokens == 3 {
					return expired
				}
				r.Header.Set("Authorization", strings.Repeat("t", tokens))
				return nil
			}))
		if received, final := messages(stream); len(received) != 2 || !errors.Is(final, expired) {
			t.Errorf("received %q, %v", received, final)
		}
		for i, r := range s.requests {
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
		s := newScript(cutsAfter(":\n\n"), cutsAfter("id: 8\n"+hello))
		client := NewClient("http://memory", WithHTTPClient(serveInMemory(t, s)))
		stream, err := CallStream(t.Context(), client, notes(nil), &notesPayload{StartID: "7…"})
		if err != nil {
			t.Fatal(err)
		}
		if id := stream.LastEventID(); id != "7…" {
			t.Errorf("last event ID %q", id)
		}
		_, _ = messages(stream)
		if got, want := s.lastEventIDs(), []string{"7…", "7…", "8"}; !slices.Equal(got, want) {
			t.Errorf("last event IDs %q, want %q", got, want)
		}
	})
}

func TestWhatIsWrongWithAClientIsTheErrorOfItsCalls(t *testing.T) {
	for _, base := range []string{"", "localhost:8080", "ftp://x", "http://", "http://a b", "/events"} {
		_, err := CallStream(t.Context(), NewClient(base), notes(nil), &notesPayload{})
		if err == nil || !strings.Contains(err.Error(), "base URL") {
			t.Errorf("%q: %v", base, err)
		}
	}
	for name, option := range map[string]ConnectionOption{
		"WithHTTPClient": WithHTTPClient(nil), "WithTransport": WithTransport(nil),
		"WithRequestFunc": WithRequestFunc(nil), "WithReconnect": WithReconnect(7),
		"WithReconnectDelay": WithReconnectDelay(2, 1), "WithReconnectReset": WithReconnectReset(-1),
		"WithReadTimeout": WithReadTimeout(-1), "WithMaxEventSize": WithMaxEventSize(0),
		"WithClientLogger": WithClientLogger(nil),
	} {
		_, err := CallStream(t.Context(), NewClient("http://x", option), notes(nil), &notesPayload{})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := OpenEvents(&http.Request{}, option); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
