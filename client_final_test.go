package courant_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/sse"
)

// Whatever a stream has ended with, every later Recv returns the same, Events
// yields it once more but for io.EOF, and neither Close nor Reconnect changes it.
func TestFinalErrorsStay(t *testing.T) {
	expired := errors.New("expired")
	for name, c := range map[string]struct {
		then answer // the second answer
		opts []courant.EventsOption
		want func(error) bool
	}{
		"complete": {then: status(204), want: isEnd},
		"status":   {then: status(403), want: isStatus(403)},
		"503 to the letter of EventSource": {then: status(503, "Retry-After", "1"), opts: []courant.EventsOption{courant.WithEventSourceRules()},
			want: isStatus(503)},
		"html": {then: status(200, "Content-Type", "text/html"), want: func(err error) bool {
			wrong, ok := errors.AsType[*courant.ContentTypeError](err)
			return ok && wrong.ContentType == "text/html"
		}},
		"compressed": {then: status(200, "Content-Type", "text/event-stream", "Content-Encoding", "br"), want: func(err error) bool {
			wrong, ok := errors.AsType[*courant.ContentTypeError](err)
			return ok && wrong.ContentEncoding == "br"
		}},
		"cut": {then: sends(""), opts: []courant.EventsOption{courant.WithReconnect(courant.Never)}, want: func(err error) bool {
			_, ok := errors.AsType[*courant.CutError](err)
			return ok
		}},
		"no token": {then: sends(""), opts: []courant.EventsOption{courant.WithRequestFunc(func(r *http.Request) error {
			if r.Header.Get("Last-Event-ID") != "" {
				return expired
			}
			return nil
		})}, want: func(err error) bool { return errors.Is(err, expired) }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, err := tryOpen(t, newScript(t, cutsAfter("id: 1\ndata: a\n\n"), c.then, sends("data: b\n\n")), nil, c.opts...)
				if err != nil {
					t.Fatal(err)
				}
				_, final := collect(s)
				if !c.want(final) || courant.Continues(final) || s.State() != courant.Closed {
					t.Errorf("ended with %v in state %v", final, s.State())
				}
				_ = s.Close()
				s.Reconnect()
				for range 2 {
					if _, err := s.Recv(); err != final { // the very same
						t.Errorf("then %v", err)
					}
				}
				yields := 0
				for _, err := range s.Events() {
					if yields++; err != final {
						t.Errorf("Events yields %v", err)
					}
				}
				if want := map[bool]int{true: 0, false: 1}[isEnd(final)]; yields != want {
					t.Errorf("Events yields %d times, want %d", yields, want)
				}
				if id := s.LastEventID(); id != "1" {
					t.Errorf("last event ID %q", id)
				}
			})
		})
	}
}

// What has arrived but was not received is not received after the end.
func TestNothingIsReceivedAfterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, end := range map[string]struct {
			end  func(*courant.ClientStream[sse.Event], context.CancelFunc)
			want error
		}{
			"Close":  {func(s *courant.ClientStream[sse.Event], _ context.CancelFunc) { _ = s.Close() }, courant.ErrStreamClosed},
			"cancel": {func(_ *courant.ClientStream[sse.Event], cancel context.CancelFunc) { cancel() }, context.Canceled},
		} {
			ctx, cancel := context.WithCancel(t.Context())
			s, err := tryOpen(t, newScript(t, sendsAndStays("data: a\n\ndata: b\n\n")), newRequest(t, "GET", nil).WithContext(ctx))
			if err != nil {
				t.Fatal(err)
			}
			_, _ = s.Recv()
			end.end(s, cancel)
			if s.State() != courant.Closed {
				t.Errorf("%s: state %v before Recv", name, s.State())
			}
			if event, err := s.Recv(); err != end.want {
				t.Errorf("%s: received %q, %v", name, event.Data, err)
			}
			cancel()
		}
	})
}

// A hook may take its time, for a token say: its request's context is that of
// the stream.
func TestCloseInterruptsARequestFunc(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		s, err := tryOpen(t, newScript(t, sends("data: a\n\n")), nil,
			courant.WithRequestFunc(func(r *http.Request) error {
				if calls++; calls == 1 {
					return nil
				}
				<-r.Context().Done()
				return context.Cause(r.Context())
			}))
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			<-time.After(time.Minute)
			_ = s.Close()
		}()
		start := time.Now()
		if data, final := collect(s); final != courant.ErrStreamClosed || len(data) != 1 || time.Since(start) != time.Minute {
			t.Errorf("received %q, %v after %v", data, final, time.Since(start))
		}
	})
}

// A panic of a function of the caller's is the caller's: nothing stays locked.
func TestAPanicOfAStateFuncLeavesTheStreamUsable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []courant.State
		s, err := tryOpen(t, newScript(t, sends("data: a\n\n"), sendsAndStays("data: b\n\n")), nil,
			courant.WithStateFunc(func(c courant.StateChange) {
				if told = append(told, c.State); len(told) == 3 {
					panic("mine")
				}
			}))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = s.Recv()
		func() {
			defer func() {
				if v := recover(); v != "mine" {
					t.Errorf("recovered %v", v)
				}
			}()
			_, _ = s.Recv()
		}()
		if event, err := s.Recv(); err != nil || string(event.Data) != "b" {
			t.Errorf("then received %q, %v", event.Data, err)
		}
		_ = s.Close()
		if want := []courant.State{courant.Connecting, courant.Connected, courant.Connecting}; !slices.Equal(told[:3], want) ||
			told[len(told)-1] != courant.Closed {
			t.Errorf("told %v", told)
		}
	})
}

func TestAReconnectThatWasAskedForHasNoError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []courant.StateChange
		s, err := tryOpen(t, newScript(t, sendsAndStays("data: a\n\n"), sendsAndStays("data: b\n\n")), nil,
			courant.WithStateFunc(func(c courant.StateChange) { told = append(told, c) }))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = s.Recv()
		s.Reconnect()
		if event, err := s.Recv(); err != nil || string(event.Data) != "b" {
			t.Errorf("received %q, %v", event.Data, err)
		}
		if want := (courant.StateChange{State: courant.Connecting, Attempt: 1}); told[2] != want {
			t.Errorf("told %+v, want %+v", told[2], want)
		}
	})
}

func TestLastEventIDsOfOtherScripts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const id = "première·步骤·🎈"
		e := newScript(t, sends("id: "+id+"\ndata: a\n\n"), cutsAfter(""), sends("id: a\xffb\ndata: b\n\n"), sends("id\ndata: c\n\n"))
		s, err := tryOpen(t, e, nil, courant.WithLastEventID("début"))
		if err != nil {
			t.Fatal(err)
		}
		if data, final := collect(s); len(data) != 3 || !isEnd(final) {
			t.Errorf("received %q, %v", data, final)
		}
		if got, want := lastEventIDs(e), []string{"début", id, id, "a\ufffdb", "-"}; !slices.Equal(got, want) {
			t.Errorf("last event IDs %q, want %q", got, want)
		}
	})
}

// An ID that a block without data sets is in force, for LastEventID and for a
// method of a design too, once something shows that the block is complete.
func TestAnIDWithoutDataMovesTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newScript(t, cutsAfter("id: 1\ndata: {\"message\":\"a\"}\n\nid: 2\n\nid: 3\n"), sendsAndStays("event: stream-end\ndata: {}\n\n"))
		client := courant.NewClient("http://memory", courant.WithHTTPClient(e.Client()))
		s, err := courant.CallStream(t.Context(), client, watch(), &watchPayload{Room: "1"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Recv(); err != nil || s.LastEventID() != "1" {
			t.Errorf("%v after %q", err, s.LastEventID())
		}
		if _, err := s.Recv(); err != io.EOF || s.LastEventID() != "2" {
			t.Errorf("%v after %q", err, s.LastEventID())
		}
		if got := lastEventIDs(e); !slices.Equal(got, []string{"-", "2"}) {
			t.Errorf("last event IDs %q", got)
		}
	})
}

// By the standard retry is in force from its line on, whether or not an event
// comes of its block (HTML, § 9.2.6).
func TestRetryCountsWithoutAnEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newScript(t, cutsAfter("retry: 40000\ndata: half"), sendsAndStays("data: a\n\n"))
		var delay time.Duration
		s, err := tryOpen(t, e, nil, courant.WithEventSourceRules(), courant.WithStateFunc(func(c courant.StateChange) {
			delay = max(delay, c.Delay)
		}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Recv(); err != nil || delay != 40*time.Second {
			t.Errorf("%v after %v", err, delay)
		}
	})
}

func TestOptionsThatWouldLoseThePlaceAreRefused(t *testing.T) {
	_, err := courant.OpenEvents(newRequest(t, "GET", nil), courant.WithHeader("last-event-id", "7"))
	if err == nil || !strings.Contains(err.Error(), "WithLastEventID") {
		t.Errorf("WithHeader: %v", err)
	}
	_, err = courant.OpenEvents(newRequest(t, "GET", nil), courant.WithLastEventID("a\nb"))
	if err == nil || !strings.Contains(err.Error(), "WithLastEventID") {
		t.Errorf("WithLastEventID: %v", err)
	}
	_, err = courant.OpenEvents(&http.Request{}, courant.WithEventSourceRules())
	if err == nil || !strings.Contains(err.Error(), "URL") {
		t.Errorf("no URL: %v", err)
	}
}
