package courant_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
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
		when    courant.State
	}{
		"while it reads":    {[]answer{sendsAndStays(":\n")}, courant.Connected},
		"while it waits":    {[]answer{sends(":\n"), status(503, "Retry-After", "300")}, courant.Connecting},
		"while it connects": {[]answer{sends(":\n"), mute()}, courant.Connecting},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stream := open(t, newScript(t, c.answers...))
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
				if err := <-received; !errors.Is(err, courant.ErrStreamClosed) || time.Since(start) != 0 {
					t.Errorf("Recv: %v after %v", err, time.Since(start))
				}
				_ = stream.Close()
				stream.Reconnect()
				if _, err := stream.Recv(); !errors.Is(err, courant.ErrStreamClosed) || stream.State() != courant.Closed {
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
		"while it connects": {sends(":\n"), mute()},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errors.New("enough"))
				defer cancel()
				client := courant.NewClient("http://memory", courant.WithReadTimeout(0),
					courant.WithHTTPClient(newScript(t, answers...).Client()))
				start := time.Now()
				stream, err := courant.CallStream(ctx, client, posts(nil), &postsPayload{})
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
		client := courant.NewClient("http://memory", courant.WithReadTimeout(0), courant.WithHTTPClient(newScript(t, mute()).Client()))
		if _, err := courant.CallStream(ctx, client, posts(nil), &postsPayload{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("CallStream: %v", err)
		}
	})
}

// A body that does not know of contexts, as other transports have, is closed.
func TestCloseReachesABodyThatKnowsNoContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, end := range map[string]func(*courant.ClientStream[*post], context.CancelFunc){
			"Close":  func(s *courant.ClientStream[*post], _ context.CancelFunc) { _ = s.Close() },
			"cancel": func(_ *courant.ClientStream[*post], cancel context.CancelFunc) { cancel() },
		} {
			ctx, cancel := context.WithCancel(t.Context())
			body, writer := io.Pipe()
			client := courant.NewClient("http://memory", courant.WithTransport(transportFunc(func(*http.Request) (*http.Response, error) {
				return &http.Response{
					StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: body,
				}, nil
			})))
			stream, err := courant.CallStream(ctx, client, posts(nil), &postsPayload{})
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				<-time.After(time.Second)
				end(stream, cancel)
			}()
			if _, err := stream.Recv(); !errors.Is(err, courant.ErrStreamClosed) && !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := writer.Write([]byte("x")); err == nil {
				t.Errorf("%s: the body was not closed", name)
			}
			cancel()
		}
	})
}

func TestNoGoroutineWhileNobodyReceives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream := open(t, newScript(t, sendsAndStays("data: a\n\n")), courant.WithReadTimeout(time.Minute))
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
		var stream *courant.ClientStream[*post]
		var told []courant.StateChange
		s := newScript(t, sends(hello), status(503), sends(hello), sendsAndStays(hello))
		stream = call(t, s, posts(nil), courant.WithStateFunc(func(change courant.StateChange) {
			told = append(told, change)
			if change.State == courant.Connected && len(lastEventIDs(s)) == 4 {
				_ = stream.Close() // from within: does not lock up
			}
		}))
		if _, final := messages(stream); !errors.Is(final, courant.ErrStreamClosed) {
			t.Errorf("ended with %v", final)
		}
		want := []courant.StateChange{
			{State: courant.Connecting}, {State: courant.Connected},
			{State: courant.Connecting, Attempt: 1}, {State: courant.Connecting, Attempt: 2}, {State: courant.Connected},
			{State: courant.Connecting, Attempt: 1}, {State: courant.Connected},
			{State: courant.Closed},
		}
		if len(told) != len(want) {
			t.Fatalf("told %v, want %v", told, want)
		}
		for i := range want {
			if told[i].State != want[i].State || told[i].Attempt != want[i].Attempt {
				t.Errorf("change %d: %v, want %v", i, told[i], want[i])
			}
		}
		if !isStatus(503)(told[3].Err) || told[7].Err != courant.ErrStreamClosed {
			t.Errorf("told %v", told)
		}
	})
}

// Over TCP, with everything at once, for the race detector.
func TestCloseFromAnywhere(t *testing.T) {
	server := couranttest.NewTCPServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
		stream, err := courant.OpenEvents(req, courant.WithReadTimeout(time.Minute))
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
			if err != nil && !errors.Is(err, courant.ErrStreamClosed) {
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
	server := couranttest.NewTCPServer(couranttest.Script{
		{Send: couranttest.Bytes("id: 1\nretry: 1\ndata: a\n\nid: 2\ndata: b"), End: couranttest.Reset},
		{Send: couranttest.Bytes("data: c\n\n")},
	}.Handler())
	defer server.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := courant.OpenEvents(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stream.Close() }()
	data, final := collect(stream)
	if strings.Join(data, " ") != "a c" || !errors.Is(final, io.EOF) || strings.Join(lastEventIDs(server), " ") != "- 1 1" {
		t.Errorf("received %q, %v; asked %q", data, final, lastEventIDs(server))
	}
}
