package courant_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
)

func TestStreamHeaders(t *testing.T) {
	mux := watching(watch(), func(_ context.Context, _ *watchPayload, s serverStream) error { return courant.Open(s) })
	rec := record(t, mux, "/rooms/7/events")
	for name, want := range map[string]string{
		"Content-Type": "text/event-stream", "Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no", "Connection": "keep-alive",
	} {
		if got := rec.SentHeader().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	r := httptest.NewRequest("GET", "/rooms/7/events", nil)
	r.ProtoMajor, r.ProtoMinor = 2, 0
	h2 := couranttest.NewRecorder()
	h2.Serve(mux, r)
	if h2.SentHeader().Get("Connection") != "" {
		t.Error("HTTP/2 has no Connection")
	}
	if courant.Open(struct{}{}) != nil {
		t.Error("Open of another stream is an error")
	}
}

func TestHeadersDoNotWait(t *testing.T) {
	tests := []struct {
		name string
		opts []courant.ServerOption
		open bool
		want time.Duration
	}{
		{"by default", nil, false, 250 * time.Millisecond},
		{"with an option", []courant.ServerOption{courant.WithHeaderDelay(time.Second)}, false, time.Second},
		{"at once", []courant.ServerOption{courant.WithHeaderDelay(0)}, false, 0},
		{"with Open", nil, true, 0},
		{"with Open, written", []courant.ServerOption{courant.WithCoalescing(false)}, true, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := serve(t, watching(watch(), func(ctx context.Context, _ *watchPayload, s serverStream) error {
					if tt.open {
						_ = courant.Open(s)
					}
					<-ctx.Done()
					return nil
				}, tt.opts...))
				start := time.Now()
				resp := get(t, w, "/rooms/7/events")
				if got := time.Since(start); got != tt.want || resp.StatusCode != 200 {
					t.Errorf("%d after %v, want %v", resp.StatusCode, got, tt.want)
				}
			})
		})
	}
}

func TestHeartbeats(t *testing.T) {
	tests := []struct {
		name   string
		events courant.Events
		opts   []courant.ServerOption
		want   string // what comes in a minute, with one event after 20 s
	}{
		{"by default", courant.Events{}, nil, "15 : 20 data 35 : 50 :"},
		{"of the server", courant.Events{}, []courant.ServerOption{courant.WithHeartbeat(25 * time.Second)}, "20 data 45 :"},
		{"of the design", courant.Events{Heartbeat: 30 * time.Second}, []courant.ServerOption{courant.WithHeartbeat(time.Second)}, "20 data 50 :"},
		{"of the method", courant.Events{Heartbeat: 30 * time.Second},
			[]courant.ServerOption{courant.ForMethod("watch", courant.WithHeartbeat(25*time.Second))}, "20 data 45 :"},
		{"none", courant.Events{}, []courant.ServerOption{courant.WithHeartbeat(0)}, "20 data"},
		{"none in the design", courant.Events{Heartbeat: -1}, nil, "20 data"},
		{"as events", courant.Events{HeartbeatEvent: true}, nil, "15 event: stream-heartbeat 20 data 35 event: stream-heartbeat 50 event: stream-heartbeat"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := watch()
				m.HTTP.Events.Heartbeat, m.HTTP.Events.HeartbeatEvent = tt.events.Heartbeat, tt.events.HeartbeatEvent
				w := serve(t, watching(m, func(_ context.Context, _ *watchPayload, s serverStream) error {
					<-time.After(20 * time.Second)
					_ = s.Send(&event{Message: "x"})
					<-time.After(40 * time.Second)
					return nil
				}, append(tt.opts, courant.WithHeaderDelay(0))...))
				start := time.Now()
				var got []string
				lines := bufio.NewScanner(get(t, w, "/rooms/7/events").Body)
				for lines.Scan() {
					line := lines.Text()
					if strings.HasPrefix(line, "event: stream-end") {
						break
					}
					if line == ":" || strings.HasPrefix(line, "event: ") || strings.HasPrefix(line, `data: {"m`) {
						line, _, _ = strings.Cut(line, `: {`)
						got = append(got, fmt.Sprintf("%.0f %s", time.Since(start).Seconds(), line))
					}
				}
				if text := strings.Join(got, " "); text != tt.want {
					t.Errorf("got %q, want %q", text, tt.want)
				}
			})
		})
	}
}

func TestRefusedEvents(t *testing.T) {
	bad := func(s string) *string { return &s }
	minus := int64(-1)
	tests := []struct {
		name  string
		event *event
	}{
		{"nil", nil},
		{"a control event", &event{Kind: bad("stream-end")}},
		{"the ID of the end", &event{ID: bad("stream-end")}},
		{"LF in the type", &event{Kind: bad("a\nid: 7")}},
		{"CR in the ID", &event{ID: bad("a\rdata: x")}},
		{"NUL in the ID", &event{ID: bad("a\x00")}},
		{"a space before the ID", &event{ID: bad(" 7")}},
		{"a negative retry", &event{Retry: &minus}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			mux := watching(watch(), func(_ context.Context, _ *watchPayload, s serverStream) error {
				if refused, ok := errors.AsType[*courant.RefusedError](s.Send(tt.event)); !ok || refused.Method != "rooms.watch" {
					t.Errorf("no RefusedError")
				}
				return s.Send(&event{Message: "hello"})
			})
			if body := record(t, mux, "/rooms/7/events").Body(); body != hello+end {
				t.Errorf("body %q", body)
			}
		})
	}
}

// TestSentinelIsRefused: what a service sends does not end its stream.
func TestSentinelIsRefused(t *testing.T) {
	mux := http.NewServeMux()
	courant.HandleStream(mux, &courant.StreamMethod[courant.None, string]{
		Name: "tokens.stream",
		HTTP: courant.StreamHTTP{
			Routes: []courant.Route{{Verb: "GET", Path: "/"}},
			Events: courant.Events{Data: courant.BareValue(), Done: "[DONE]"},
		},
	}, func(_ context.Context, _ courant.None, s *courant.ServerStream[string]) error {
		if _, ok := errors.AsType[*courant.RefusedError](s.Send("[DONE]")); !ok {
			t.Error("no RefusedError")
		}
		return s.Send(" [DONE]")
	})
	if body := record(t, mux, "/").Body(); body != "data:  [DONE]\n\ndata: [DONE]\n\n" {
		t.Errorf("body %q", body)
	}
}

func TestFrames(t *testing.T) {
	kind, id, none, retry := "note", "7", "", int64(3000)
	mux := watching(watch(), func(_ context.Context, _ *watchPayload, s serverStream) error {
		return errors.Join(
			s.Send(&event{Message: "a", Kind: &kind, ID: &id, Retry: &retry}),
			s.Send(&event{Message: "b\r\nid: 8", ID: &none}),
		)
	})
	frames := record(t, mux, "/rooms/7/events").Frames()
	for i, want := range []string{
		"event: note\nid: 7\nretry: 3000\ndata: {\"message\":\"a\"}\n\n",
		"id:\ndata: {\"message\":\"b\\r\\nid: 8\"}\n\n",
		end,
	} {
		if frames[i].Raw != want {
			t.Errorf("frame %d: %q, want %q", i, frames[i], want)
		}
	}
}

func TestSendAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kept serverStream
		w := serve(t, watching(watch(), func(_ context.Context, _ *watchPayload, s serverStream) error {
			kept = s
			if err := s.Send(&event{Message: "hello"}); err != nil {
				t.Error(err)
			}
			if err := errors.Join(s.Close(), s.Close()); err != nil {
				t.Errorf("Close: %v", err)
			}
			if err := s.Send(&event{}); !errors.Is(err, courant.ErrStreamClosed) {
				t.Errorf("after Close: %v", err)
			}
			return nil
		}))
		if body, _ := rest(get(t, w, "/rooms/7/events").Body); body != hello+end {
			t.Errorf("body %q", body)
		}
		synctest.Wait()
		if err := kept.Send(&event{}); !errors.Is(err, courant.ErrStreamClosed) {
			t.Errorf("after the return: %v", err)
		}
	})
}

func TestConcurrentSends(t *testing.T) {
	for _, coalescing := range []bool{true, false} {
		mux := watching(watch(), func(_ context.Context, _ *watchPayload, s serverStream) error {
			var wg sync.WaitGroup
			for g := range 8 {
				wg.Go(func() {
					for i := range 50 {
						if err := s.Send(&event{Message: fmt.Sprintf("%d %d", g, i)}); err != nil {
							t.Error(err)
						}
					}
				})
			}
			wg.Wait()
			return nil
		}, courant.WithCoalescing(coalescing))
		resp := get(t, serve(t, mux), "/rooms/7/events")
		next := make([]int, 8)
		lines := bufio.NewScanner(resp.Body)
		for lines.Scan() {
			var g, i int
			if n, _ := fmt.Sscanf(lines.Text(), `data: {"message":"%d %d"}`, &g, &i); n == 2 {
				if next[g] != i {
					t.Fatalf("sender %d: event %d after %d", g, i, next[g]-1)
				}
				next[g]++
			}
		}
		for g, n := range next {
			if n != 50 {
				t.Errorf("sender %d: %d events", g, n)
			}
		}
	}
}

// countingWriter counts writes, which wait until it is ready; it stands for a
// middleware that unwraps.
type countingWriter struct {
	http.ResponseWriter
	writes *int
	ready  <-chan struct{}
}

func (w countingWriter) Write(p []byte) (int, error) {
	*w.writes++
	<-w.ready
	return w.ResponseWriter.Write(p)
}

func (w countingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func TestCoalescing(t *testing.T) {
	for _, on := range []bool{true, false} {
		t.Run(fmt.Sprint(on), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				writes, ready := 0, make(chan struct{})
				if !on {
					close(ready)
				}
				mux := watching(watch(), func(_ context.Context, _ *watchPayload, s serverStream) error {
					_ = courant.Open(s)
					synctest.Wait()
					for range 100 {
						_ = s.Send(&event{Message: "x"})
					}
					if on { // all is there before the first write is done
						close(ready)
					}
					return nil
				}, courant.WithCoalescing(on))
				w := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					mux.ServeHTTP(countingWriter{w, &writes, ready}, r)
				}))
				body, complete := rest(get(t, w, "/rooms/7/events").Body)
				if n := strings.Count(body, `"x"`); n != 100 || !complete {
					t.Errorf("%d events, complete %v", n, complete)
				}
				synctest.Wait()
				if on && writes > 3 || !on && writes != 101 {
					t.Errorf("%d writes", writes)
				}
			})
		})
	}
}

func TestWriteDeadline(t *testing.T) {
	for _, coalescing := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			done := make(chan error, 2)
			w := serve(t, watching(watch(), func(ctx context.Context, _ *watchPayload, s serverStream) error {
				for {
					if err := s.Send(&event{Message: strings.Repeat("x", 10_000)}); err != nil {
						done <- err
						<-ctx.Done()
						done <- ctx.Err()
						return err
					}
				}
			}, courant.WithCoalescing(coalescing)))
			conn := dial(t, w)
			_, _ = io.WriteString(conn, "GET /rooms/7/events HTTP/1.1\r\nHost: memory\r\n\r\n")
			start := time.Now()
			_, _ = conn.Read(make([]byte, 20)) // and then no more
			if err := <-done; !errors.Is(err, courant.ErrWriteDeadline) {
				t.Errorf("Send: %v", err)
			}
			if got := time.Since(start); got != 10*time.Second {
				t.Errorf("after %v", got)
			}
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Errorf("the method's context: %v", err)
			}
		})
	}
}

func TestHeartbeatFindsADeadPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done := make(chan time.Time, 1)
		w := serve(t, watching(watch(), func(ctx context.Context, _ *watchPayload, _ serverStream) error {
			<-ctx.Done()
			done <- time.Now()
			return nil
		}, courant.WithHeaderDelay(0)), unbuffered())
		conn := dial(t, w)
		_, _ = io.WriteString(conn, "GET /rooms/7/events HTTP/1.1\r\nHost: memory\r\n\r\n")
		if _, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if got := (<-done).Sub(start); got != 25*time.Second {
			t.Errorf("after %v, want a heartbeat and its write deadline", got)
		}
	})
}

// TestTimeoutsOfTheServer: deadlines that net/http sets do not end streams.
func TestTimeoutsOfTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := serve(t, watching(watch(), func(_ context.Context, _ *watchPayload, s serverStream) error {
			<-time.After(time.Minute)
			return s.Send(&event{Message: "hello"})
		}, courant.WithHeartbeat(0)), couranttest.WithServer(func(s *http.Server) { s.ReadTimeout, s.WriteTimeout = time.Second, time.Second }))
		if body, complete := rest(get(t, w, "/rooms/7/events").Body); body != hello+end || !complete {
			t.Errorf("%q, complete %v", body, complete)
		}
	})
}

type opaqueWriter struct{ w http.ResponseWriter }

func (o opaqueWriter) Header() http.Header         { return o.w.Header() }
func (o opaqueWriter) WriteHeader(status int)      { o.w.WriteHeader(status) }
func (o opaqueWriter) Write(p []byte) (int, error) { return o.w.Write(p) }

func TestWriterThatCannotFlush(t *testing.T) {
	var log lockedBuffer
	mux := watching(watch(), func(context.Context, *watchPayload, serverStream) error {
		t.Error("the method was called")
		return nil
	}, logging(&log))
	w := httptest.NewRecorder()
	mux.ServeHTTP(opaqueWriter{w}, httptest.NewRequest("GET", "/rooms/7/events", nil))
	if w.Code != 500 || !strings.Contains(log.String(), "courant_test.opaqueWriter") || strings.Contains(w.Body.String(), "opaque") {
		t.Errorf("%d %s\n%s", w.Code, w.Body, log.String())
	}
}

func TestPeerThatResets(t *testing.T) {
	returned := make(chan error, 1)
	server := couranttest.NewTCPServer(watching(watch(), func(_ context.Context, _ *watchPayload, s serverStream) error {
		for {
			if err := s.Send(&event{Message: strings.Repeat("x", 1000)}); err != nil {
				returned <- err
				return err
			}
		}
	}))
	defer server.Close()
	conn := dial(t, server)
	_, _ = io.WriteString(conn, "GET /rooms/7/events HTTP/1.1\r\nHost: memory\r\n\r\n")
	_, _ = conn.Read(make([]byte, 100))
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
	if err := <-returned; !errors.Is(err, courant.ErrPeerGone) {
		t.Errorf("Send: %v", err)
	}
}

func TestHTTP2(t *testing.T) {
	release := make(chan struct{})
	mux := watching(watch(), func(ctx context.Context, p *watchPayload, s serverStream) error {
		_ = s.Send(&event{Message: "hello"})
		<-release
		if p.Room == "cut" {
			_ = s.Close()
			panic(http.ErrAbortHandler)
		}
		return nil
	})
	server := httptest.NewUnstartedServer(mux)
	server.EnableHTTP2 = true
	server.Config.WriteTimeout = time.Minute
	server.StartTLS()
	defer server.Close()
	for _, room := range []string{"end", "cut"} {
		resp, err := server.Client().Get(server.URL + "/rooms/" + room + "/events")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		first := make([]byte, len(hello))
		if _, err := io.ReadFull(resp.Body, first); err != nil || string(first) != hello || resp.ProtoMajor != 2 {
			t.Errorf("%s: %q, %v", room, first, err)
		}
		release <- struct{}{}
		body, complete := rest(resp.Body)
		if want := room == "end"; complete != want || want && body != end {
			t.Errorf("%s: %q, complete %v", room, body, complete)
		}
	}
}

// TestCutBehindRecover: a middleware that swallows panics does not make a cut
// look complete.
func TestCutBehindRecover(t *testing.T) {
	m := watch()
	m.HTTP.Events.NoControlEvents = true
	mux := watching(m, func(_ context.Context, _ *watchPayload, s serverStream) error { _ = say(s); return failed() })
	for _, http2 := range []bool{false, true} {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() { _ = recover() }()
			mux.ServeHTTP(w, r)
		}))
		server.EnableHTTP2 = http2
		server.StartTLS()
		resp, err := server.Client().Get(server.URL + "/rooms/7/events")
		if err != nil {
			t.Fatal(err)
		}
		if body, complete := rest(resp.Body); body != hello || complete {
			t.Errorf("%s: %q, complete %v", resp.Proto, body, complete)
		}
		resp.Body.Close()
		server.Close()
	}
}

type discardWriter struct{ header http.Header }

func (w discardWriter) Header() http.Header       { return w.header }
func (discardWriter) WriteHeader(int)             {}
func (discardWriter) Write(p []byte) (int, error) { return len(p), nil }
func (discardWriter) Flush()                      {}

func BenchmarkSend(b *testing.B) {
	kind, id := "note", "7"
	e := &event{Message: "Hello, this is a message of some length", Kind: &kind, ID: &id}
	for _, on := range []bool{true, false} {
		b.Run(fmt.Sprintf("coalescing=%v", on), func(b *testing.B) {
			mux := watching(watch(), func(_ context.Context, _ *watchPayload, s serverStream) error {
				b.ReportAllocs()
				for b.Loop() {
					if err := s.Send(e); err != nil {
						return err
					}
				}
				return nil
			}, courant.WithCoalescing(on))
			mux.ServeHTTP(discardWriter{http.Header{}}, httptest.NewRequest("GET", "/rooms/7/events", nil))
		})
	}
}
