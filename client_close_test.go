package courant

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// ours returns the stacks of goroutines that are in the client's code, the
// caller's aside.
func ours() []string {
	buf := make([]byte, 1<<20)
	var found []string
	for i, stack := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		for _, name := range []string{"(*eventReader)", "(*connection)", "(*ClientStream["} {
			if i > 0 && strings.Contains(stack, name) {
				found = append(found, stack)
				break
			}
		}
	}
	return found
}

func TestCloseInterruptsRecv(t *testing.T) {
	for name, c := range map[string]struct {
		answers []answer
		when    State
	}{
		"while it reads":    {[]answer{sendsAndStays(":\n")}, Connected},
		"while it waits":    {[]answer{sends(":\n"), status(503, "Retry-After", "300")}, Connecting},
		"while it connects": {[]answer{sends(":\n"), func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }}, Connecting},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stream := open(t, newScript(c.answers...))
				received := make(chan error)
				go func() {
					_, err := stream.Recv()
					received <- err
				}()
				<-time.After(time.Minute)
				if stream.State() != c.when {
					t.Errorf("state %v, want %v", stream.State(), c.when)
				}
				start := time.Now()
				if err := stream.Close(); err != nil {
					t.Error(err)
				}
				if err := <-received; !errors.Is(err, ErrStreamClosed) || time.Since(start) != 0 {
					t.Errorf("Recv: %v after %v", err, time.Since(start))
				}
				_ = stream.Close()
				stream.Reconnect()
				if _, err := stream.Recv(); !errors.Is(err, ErrStreamClosed) || stream.State() != Closed {
					t.Errorf("then Recv: %v, state %v", err, stream.State())
				}
				synctest.Wait()
				if left := ours(); len(left) > 0 {
					t.Errorf("left behind: %s", left)
				}
			})
		})
	}
}

func TestContextIsObeyedWhileBlocked(t *testing.T) {
	for name, answers := range map[string][]answer{
		"while it reads":    {sendsAndStays(":\n")},
		"while it waits":    {sends(":\n"), status(503, "Retry-After", "300")},
		"while it connects": {sends(":\n"), func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errors.New("enough"))
				defer cancel()
				client := NewClient("http://memory", WithReadTimeout(0),
					WithHTTPClient(serveInMemory(t, newScript(answers...))))
				start := time.Now()
				stream, err := CallStream(ctx, client, notes(nil), &notesPayload{})
				if err != nil {
					t.Fatal(err)
				}
				_, err = stream.Recv()
				if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Minute {
					t.Errorf("Recv: %v after %v", err, time.Since(start))
				}
				_ = stream.Close()
				if _, again := stream.Recv(); !errors.Is(again, err) {
					t.Errorf("after Close: %v, want %v to stay", again, err)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		mute := newScript(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		client := NewClient("http://memory", WithReadTimeout(0), WithHTTPClient(serveInMemory(t, mute)))
		if _, err := CallStream(ctx, client, notes(nil), &notesPayload{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("CallStream: %v", err)
		}
	})
}

// A body that does not know of contexts, as other transports have, is closed.
func TestCloseReachesABodyThatKnowsNoContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, end := range map[string]func(*ClientStream[*note], context.CancelFunc){
			"Close":  func(s *ClientStream[*note], _ context.CancelFunc) { _ = s.Close() },
			"cancel": func(_ *ClientStream[*note], cancel context.CancelFunc) { cancel() },
		} {
			ctx, cancel := context.WithCancel(t.Context())
			body, writer := io.Pipe()
			client := NewClient("http://memory", WithTransport(roundTripper(func(*http.Request) (*http.Response, error) {
				return &http.Response{
					StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: body,
				}, nil
			})))
			stream, err := CallStream(ctx, client, notes(nil), &notesPayload{})
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				<-time.After(time.Second)
				end(stream, cancel)
			}()
			if _, err := stream.Recv(); !errors.Is(err, ErrStreamClosed) && !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := writer.Write([]byte("x")); err == nil {
				t.Errorf("%s: the body was not closed", name)
			}
			cancel()
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestNoGoroutineWhileNobodyReceives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream := open(t, newScript(sendsAndStays("data: a\n\n")), WithReadTimeout(time.Minute))
		if _, err := stream.Recv(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if left := ours(); len(left) > 0 {
			t.Errorf("goroutines: %s", left)
		}
	})
}

func TestStateChangesAreToldInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stream *ClientStream[*note]
		var told []StateChange
		s := newScript(sends(hello), status(503), sends(hello), sendsAndStays(hello))
		stream = call(t, s, notes(nil), WithStateFunc(func(change StateChange) {
			told = append(told, change)
			if change.State == Connected && len(s.lastEventIDs()) == 4 {
				_ = stream.Close() // from within: does not lock up
			}
		}))
		if _, final := messages(stream); !errors.Is(final, ErrStreamClosed) {
			t.Errorf("ended with %v", final)
		}
		want := []StateChange{
			{State: Connecting}, {State: Connected},
			{State: Connecting, Attempt: 1}, {State: Connecting, Attempt: 2}, {State: Connected},
			{State: Connecting, Attempt: 1}, {State: Connected},
			{State: Closed},
		}
		if len(told) != len(want) {
			t.Fatalf("told %v, want %v", told, want)
		}
		for i := range want {
			if told[i].State != want[i].State || told[i].Attempt != want[i].Attempt {
				t.Errorf("change %d: %v, want %v", i, told[i], want[i])
			}
		}
		if !isStatus(503)(told[3].Err) || told[7].Err != ErrStreamClosed {
			t.Errorf("told %v", told)
		}
	})
}

// Over TCP, with everything at once, for the race detector.
func TestCloseFromAnywhere(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			sendText(w, "id: 1\nretry: 1\ndata: x\n\n")
		}
	}))
	defer server.Close()
	for range 20 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		stream, err := OpenEvents(req, WithReadTimeout(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		var others sync.WaitGroup
		for range 3 {
			others.Go(func() {
				stream.Reconnect()
				_, _ = stream.LastEventID(), stream.State()
			})
		}
		n := 0
		for _, err := range stream.Events() {
			if n++; n == 50 {
				others.Go(func() { _ = stream.Close() })
			}
			if err != nil && !errors.Is(err, ErrStreamClosed) {
				t.Error(err)
			}
		}
		others.Wait()
	}
	if left := ours(); len(left) > 0 {
		t.Errorf("left behind: %s", left)
	}
}

// A connection that is reset resumes as one that ends.
func TestReconnectAfterATCPReset(t *testing.T) {
	s := newScript(
		func(w http.ResponseWriter, _ *http.Request) {
			sendText(w, "id: 1\nretry: 1\ndata: a\n\nid: 2\ndata: b")
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.Close()
		},
		sends("data: c\n\n"),
	)
	server := httptest.NewServer(s)
	defer server.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := OpenEvents(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stream.Close() }()
	data, final := collect(stream)
	if strings.Join(data, " ") != "a c" || !errors.Is(final, io.EOF) || strings.Join(s.lastEventIDs(), " ") != "- 1 1" {
		t.Errorf("received %q, %v; asked %q", data, final, s.lastEventIDs())
	}
}
