package courant_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
)

type serverStream = *courant.ServerStream[*event]

const (
	hello = "data: {\"message\":\"hello\"}\n\n"
	end   = "event: stream-end\nid: stream-end\ndata: {}\n\n"
)

type outcomeTest struct {
	name     string
	method   func(context.Context, serverStream) error
	events   func(*courant.Events)
	timeout  time.Duration // of a middleware
	drain    bool          // after a second
	status   int
	body     string // a regular expression
	cut      bool
	logged   string // empty: nothing
	quietLog string // must not be in the body
}

func say(s serverStream) error { return s.Send(&event{Message: "hello"}) }

func failed() error { return errors.New("the database is on fire") }

// outcomeTests has a row for each way a stream can end.
var outcomeTests = []outcomeTest{
	{name: "nil is the end", method: func(_ context.Context, s serverStream) error { return say(s) },
		status: 200, body: hello + end},
	{name: "nil without an event", method: func(context.Context, serverStream) error { return nil },
		status: 200, body: end},
	{name: "nil with a sentinel", method: func(_ context.Context, s serverStream) error { return say(s) },
		events: func(e *courant.Events) { e.Done = "[DONE]" }, status: 200, body: hello + `data: \[DONE\]` + "\n\n"},
	{name: "nil without control events", method: func(_ context.Context, s serverStream) error { return say(s) },
		events: func(e *courant.Events) { e.NoControlEvents = true }, status: 200, body: hello},
	{name: "an error at once is the status", method: func(context.Context, serverStream) error { return &missingError{Detail: "gone", Room: "7"} },
		status: 404, body: `{"type":"about:blank","title":"Not Found","status":404,"detail":"gone","name":"missing","id":"[A-Z2-7]{26}","room":"7"}` + "\n"},
	{name: "an error after an event", method: func(_ context.Context, s serverStream) error {
		_ = say(s)
		return &missingError{Detail: "gone", Room: "7"}
	}, status: 200, body: hello + `event: stream-error\ndata: {"type":"about:blank","title":"Not Found","status":404,"detail":"gone","name":"missing","id":"[A-Z2-7]{26}","room":"7"}` + "\n\n"},
	{name: "an error after Open", method: func(_ context.Context, s serverStream) error {
		_ = courant.Open(s)
		return courant.NewError(409, "conflict", "busy")
	}, status: 200, body: `event: stream-error\ndata: {.*"status":409,"detail":"busy","name":"conflict".*}` + "\n\n"},
	{name: "an error after the header delay", method: func(context.Context, serverStream) error {
		<-time.After(time.Second)
		return courant.Unimplemented("rooms.watch")
	}, status: 200, body: `event: stream-error\ndata: {.*"status":501.*}` + "\n\n"},
	{name: "an unknown error keeps its detail", method: func(context.Context, serverStream) error { return failed() },
		status: 500, body: `{.*"status":500,"detail":"internal error","name":"internal","id":".*"}` + "\n", logged: "on fire", quietLog: "fire"},
	{name: "a nil pointer to a declared error at once", method: func(context.Context, serverStream) error { return (*missingError)(nil) },
		status: 500, body: `{.*"status":500,"detail":"internal error".*}` + "\n", logged: "nil"},
	{name: "a nil pointer to a declared error", method: func(_ context.Context, s serverStream) error { _ = say(s); return (*missingError)(nil) },
		status: 200, body: hello + `event: stream-error\ndata: {.*"detail":"internal error".*}` + "\n\n", logged: "nil"},
	{name: "an error after Close is an error", method: func(_ context.Context, s serverStream) (err error) {
		defer s.Close()
		_ = say(s)
		return failed()
	}, status: 200, body: hello + `event: stream-error\ndata: {.*"internal error".*}` + "\n\n", logged: "on fire", quietLog: "fire"},
	{name: "an error with a sentinel", method: func(_ context.Context, s serverStream) error { _ = say(s); return failed() },
		events: func(e *courant.Events) { e.Done = "[DONE]" },
		status: 200, body: hello + `event: stream-error\ndata: {.*}` + "\n\n", logged: "on fire"},
	{name: "ErrDraining drains", method: func(_ context.Context, s serverStream) error {
		_ = say(s)
		return fmt.Errorf("enough: %w", courant.ErrDraining)
	}, status: 200, body: hello + "event: stream-drain\nretry: ([123]\\d\\d\\d)\ndata: {\"retry_ms\":\\d+}\n\n"},
	{name: "ErrDraining drains at once", method: func(context.Context, serverStream) error { return courant.ErrDraining },
		status: 200, body: "event: stream-drain\nretry: ([123]\\d\\d\\d)\ndata: {\"retry_ms\":\\d+}\n\n"},
	{name: "ErrDraining without control events is a cut", method: func(_ context.Context, s serverStream) error { _ = say(s); return courant.ErrDraining },
		events: func(e *courant.Events) { e.NoControlEvents = true }, status: 200, body: hello, cut: true},
	{name: "an error without control events is a cut", method: func(_ context.Context, s serverStream) error { _ = say(s); return failed() },
		events: func(e *courant.Events) { e.NoControlEvents = true }, status: 200, body: hello, cut: true, logged: "on fire"},
	{name: "a panic at once", method: func(context.Context, serverStream) error { panic("aua") },
		status: 500, body: `{.*"status":500,"detail":"internal error".*}` + "\n", logged: "panic: aua", quietLog: "aua"},
	{name: "a panic after an event", method: func(_ context.Context, s serverStream) error { _ = say(s); panic("aua") },
		status: 200, body: hello + `event: stream-error\ndata: {.*"status":500.*}` + "\n\n", logged: "panic: aua", quietLog: "aua"},
	{name: "an abort is a cut", method: func(_ context.Context, s serverStream) error {
		_ = say(s)
		_ = s.Close()
		panic(http.ErrAbortHandler)
	}, status: 200, body: hello, cut: true},
	{name: "a drain", method: func(ctx context.Context, s serverStream) error { _ = say(s); <-ctx.Done(); return nil },
		drain: true, status: 200, body: hello + `event: stream-drain\nretry: (\d+)\ndata: {"retry_ms":\d+}` + "\n\n"},
	{name: "a drain wins over an error", method: func(ctx context.Context, s serverStream) error { <-ctx.Done(); return ctx.Err() },
		drain: true, status: 200, body: `event: stream-drain\nretry: \d+\ndata: {"retry_ms":\d+}` + "\n\n"},
	{name: "a drain of a method that only sends", method: func(ctx context.Context, s serverStream) error {
		for {
			<-time.After(10 * time.Second)
			if err := s.Send(&event{Message: "never"}); err != nil {
				return err
			}
		}
	}, drain: true, status: 200, body: `event: stream-drain\nretry: \d+\ndata: {"retry_ms":\d+}` + "\n\n"},
	{name: "a drain without control events is a cut", method: func(ctx context.Context, s serverStream) error { _ = say(s); <-ctx.Done(); return nil },
		events: func(e *courant.Events) { e.NoControlEvents = true }, drain: true, status: 200, body: hello, cut: true},
	{name: "a context that is done otherwise is a cut", method: func(ctx context.Context, s serverStream) error {
		_ = say(s)
		<-ctx.Done()
		return nil
	}, timeout: time.Second, status: 200, body: hello, cut: true},
}

func TestServerOutcomes(t *testing.T) {
	for _, tt := range outcomeTests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := watch()
				if tt.events != nil {
					tt.events(&m.HTTP.Events)
				}
				var log lockedBuffer
				streams := &courant.Streams{}
				mux := watching(m, func(ctx context.Context, p *watchPayload, s serverStream) error {
					return tt.method(ctx, s)
				}, logging(&log), courant.WithStreams(streams))
				var h http.Handler = mux
				if tt.timeout > 0 {
					h = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						ctx, cancel := context.WithTimeout(r.Context(), tt.timeout)
						defer cancel()
						mux.ServeHTTP(w, r.WithContext(ctx))
					})
				}
				if tt.drain {
					time.AfterFunc(time.Second, func() { _ = streams.Drain(context.Background()) })
				}
				resp := get(t, serve(t, h), "/rooms/7/events")
				body, complete := rest(resp.Body)
				if resp.StatusCode != tt.status || complete == tt.cut {
					t.Errorf("status %d, complete %v; want %d, %v", resp.StatusCode, complete, tt.status, !tt.cut)
				}
				if !regexp.MustCompile("^(?:" + tt.body + ")$").MatchString(body) {
					t.Errorf("body %q\nwant %q", body, tt.body)
				}
				synctest.Wait()
				if text := log.String(); (tt.logged == "") != (text == "") || !strings.Contains(text, tt.logged) {
					t.Errorf("logged %q, want %q", text, tt.logged)
				}
				if tt.quietLog != "" && strings.Contains(body, tt.quietLog) {
					t.Errorf("the client is told %q", body)
				}
				if n := streams.Len(); n != 0 {
					t.Errorf("%d streams are still counted", n)
				}
			})
		})
	}
}

func TestOutcomePeerGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		returned := make(chan error, 1)
		var log lockedBuffer
		w := serve(t, watching(watch(), func(ctx context.Context, _ *watchPayload, s serverStream) error {
			_ = s.Send(&event{Message: "hello"})
			<-ctx.Done()
			synctest.Wait() // the stream knows too
			err := s.Send(&event{Message: "late"})
			returned <- err
			return err
		}, logging(&log)))
		resp := get(t, w, "/rooms/7/events")
		_ = resp.Body.Close()
		if err := <-returned; !errors.Is(err, courant.ErrPeerGone) {
			t.Errorf("Send: %v, want ErrPeerGone", err)
		}
		synctest.Wait()
		if log.String() != "" {
			t.Errorf("logged %s", log.String())
		}
	})
}

func TestOutcomePeerGoneInMidSend(t *testing.T) {
	for _, coalescing := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			returned := make(chan error, 1)
			reports := make(chan courant.StreamReport, 2)
			w := serve(t, watching(watch(), func(_ context.Context, _ *watchPayload, s serverStream) error {
				for {
					if err := s.Send(&event{Message: strings.Repeat("x", 10_000)}); err != nil {
						returned <- err
						return err
					}
				}
			}, courant.WithCoalescing(coalescing), courant.WithStreamFunc(func(r courant.StreamReport) { reports <- r })))
			conn := dial(t, w)
			_, _ = io.WriteString(conn, "GET /rooms/7/events HTTP/1.1\r\nHost: memory\r\n\r\n")
			<-reports
			synctest.Wait() // all buffers are full: Send waits
			_ = conn.Close()
			if err := <-returned; !errors.Is(err, courant.ErrPeerGone) {
				t.Errorf("Send: %v, want ErrPeerGone", err)
			}
			if r := <-reports; r.Outcome != courant.OutcomeGone {
				t.Errorf("the outcome is %v", r.Outcome)
			}
		})
	}
}

func TestStreamEndIsAnswered204(t *testing.T) {
	called := false
	mux := watching(watch(), func(context.Context, *watchPayload, serverStream) error { called = true; return nil })
	for _, target := range []string{"", "?last_event_id=stream-end"} {
		synctest.Test(t, func(t *testing.T) {
			w := serve(t, mux)
			header := []string{"Last-Event-ID", "stream-end"}
			if target != "" {
				header = nil
			}
			resp := get(t, w, "/rooms/7/events"+target, header...)
			if body, _ := rest(resp.Body); resp.StatusCode != 204 || body != "" || called {
				t.Errorf("%d %q, called %v", resp.StatusCode, body, called)
			}
		})
	}
}
