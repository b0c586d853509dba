package courant_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
)

// waiting is a method that goes on until its context is done.
func waiting(ctx context.Context, _ *watchPayload, s serverStream) error {
	_ = courant.Open(s)
	<-ctx.Done()
	return nil
}

func TestStreamsCountAndLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		address := "a"
		streams := &courant.Streams{Limit: 3, LimitPerAddress: 2, Address: func(*http.Request) string { return address }}
		w := serve(t, watching(watch(), waiting, courant.WithStreams(streams)))
		first := get(t, w, "/rooms/1/events")
		get(t, w, "/rooms/2/events")
		refused := func(why string) {
			t.Helper()
			resp := get(t, w, "/rooms/3/events")
			body, _ := rest(resp.Body)
			after, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
			if resp.StatusCode != 503 || after < 1 || after > 5 || !strings.Contains(body, why) {
				t.Errorf("%d, Retry-After %d, %s", resp.StatusCode, after, body)
			}
		}
		refused("the address")
		address = "b"
		get(t, w, "/rooms/3/events")
		refused("the server")
		if got := streams.ByMethod(); streams.Len() != 3 || !maps.Equal(got, map[string]int{"rooms.watch": 3}) {
			t.Errorf("%d streams: %v", streams.Len(), got)
		}
		_ = first.Body.Close()
		synctest.Wait()
		if resp := get(t, w, "/rooms/3/events"); resp.StatusCode != 200 {
			t.Errorf("after one has left: %d", resp.StatusCode)
		}
	})
}

// TestAddressOfAClient: one client has one address, and of IPv6 a network.
func TestAddressOfAClient(t *testing.T) {
	tests := []struct {
		first, second string
		same          bool
	}{
		{"192.0.2.1:1", "192.0.2.1:2", true},
		{"192.0.2.1:1", "192.0.2.2:1", false},
		{"192.0.2.1:1", "[::ffff:192.0.2.1]:1", true},
		{"[2001:db8::1]:1", "[2001:db8::ffff:0:2]:1", true},
		{"[2001:db8::1]:1", "[2001:db8:0:1::1]:1", false},
		{"[fe80::1%eth0]:1", "fe80::1", true},
		{"@", "@", true},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			address := tt.first
			mux := watching(watch(), waiting, courant.WithStreams(&courant.Streams{LimitPerAddress: 1}))
			w := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r.RemoteAddr = address
				mux.ServeHTTP(w, r)
			}))
			get(t, w, "/rooms/1/events")
			address = tt.second
			if resp := get(t, w, "/rooms/1/events"); (resp.StatusCode == http.StatusServiceUnavailable) != tt.same {
				t.Errorf("%s and %s: %d", tt.first, tt.second, resp.StatusCode)
			}
		})
	}
}

func TestDrainWaitsForItsFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams := &courant.Streams{DrainRetry: 2 * time.Second}
		w := serve(t, watching(watch(), waiting, courant.WithStreams(streams)))
		open := []*http.Response{get(t, w, "/rooms/1/events"), get(t, w, "/rooms/2/events")}
		type read struct {
			body     string
			complete bool
		}
		bodies := make(chan read)
		for _, resp := range open {
			go func() {
				body, complete := rest(resp.Body)
				bodies <- read{body, complete}
			}()
		}
		if err := streams.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		late, _ := rest(get(t, w, "/rooms/3/events").Body)
		drained := regexp.MustCompile(`^event: stream-drain\nretry: (\d+)\ndata: {"retry_ms":(\d+)}\n\n$`)
		for _, got := range []read{<-bodies, <-bodies, {late, true}} {
			match := drained.FindStringSubmatch(got.body)
			if match == nil || match[1] != match[2] || !got.complete {
				t.Fatalf("got %q, complete %v", got.body, got.complete)
			}
			if ms, _ := strconv.Atoi(match[1]); ms < 2000 || ms >= 6000 {
				t.Errorf("retry after %d ms", ms)
			}
		}
	})
}

func TestDrainObeysItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams := &courant.Streams{}
		w := serve(t, watching(watch(), waiting, courant.WithStreams(streams)), unbuffered())
		conn := dial(t, w) // and nobody reads
		_, _ = conn.Write([]byte("GET /rooms/7/events HTTP/1.1\r\nHost: memory\r\n\r\n"))
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if err := streams.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Drain: %v", err)
		}
	})
}

// TestShutdown: streams end within a second, also those of methods that do not
// look at their context, and without a registry that anybody has set up.
func TestShutdown(t *testing.T) {
	tests := []struct {
		name   string
		method func(context.Context, *watchPayload, serverStream) error
		opts   []courant.ServerOption
	}{
		{"its context", waiting, nil},
		{"a shared registry", waiting, []courant.ServerOption{courant.WithStreams(&courant.Streams{})}},
		{"its sends", func(_ context.Context, _ *watchPayload, s serverStream) error {
			for {
				if err := s.Send(&event{Message: "tick"}); err != nil {
					return err
				}
				<-time.After(300 * time.Millisecond)
			}
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := serve(t, watching(watch(), tt.method, tt.opts...))
				resp := get(t, w, "/rooms/7/events")
				body := make(chan string, 1)
				go func() {
					text, _ := rest(resp.Body)
					body <- text
				}()
				<-time.After(10 * time.Second)
				start := time.Now()
				if err := w.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
				if got := time.Since(start); got > time.Second {
					t.Errorf("Shutdown took %v", got)
				}
				if text := <-body; !strings.Contains(text, "event: stream-drain\nretry: ") {
					t.Errorf("body %q", text)
				}
			})
		})
	}
}

// TestShutdownWithAPeerThatDoesNotRead waits no longer for it.
func TestShutdownWithAPeerThatDoesNotRead(t *testing.T) {
	for _, deadline := range []time.Duration{0, 10 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			w := serve(t, watching(watch(), func(_ context.Context, _ *watchPayload, s serverStream) error {
				for {
					if err := s.Send(&event{Message: "tick"}); err != nil {
						return err
					}
				}
			}, courant.WithWriteDeadline(deadline)))
			conn := dial(t, w)
			_, _ = io.WriteString(conn, "GET /rooms/7/events HTTP/1.1\r\nHost: memory\r\n\r\n")
			synctest.Wait()
			start := time.Now()
			if err := w.Shutdown(t.Context()); err != nil || time.Since(start) > time.Second {
				t.Errorf("%v after %v", err, time.Since(start))
			}
		})
	}
}

// TestMethodThatDoesNotReturn is told its drain all the same.
func TestMethodThatDoesNotReturn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams := &courant.Streams{}
		returned := make(chan struct{})
		w := serve(t, watching(watch(), func(_ context.Context, _ *watchPayload, s serverStream) error {
			_ = courant.Open(s)
			<-time.After(time.Hour)
			defer close(returned)
			if err := s.Send(&event{}); !errors.Is(err, courant.ErrDraining) {
				t.Errorf("Send: %v", err)
			}
			return errors.New("late")
		}, courant.WithStreams(streams), courant.WithHeartbeat(0)))
		resp := get(t, w, "/rooms/7/events")
		body := make(chan string, 1)
		go func() {
			text, _ := rest(resp.Body)
			body <- text
		}()
		start := time.Now()
		if err := streams.Drain(t.Context()); err != nil || time.Since(start) != 500*time.Millisecond {
			t.Errorf("Drain: %v after %v", err, time.Since(start))
		}
		<-returned
		if text := <-body; strings.Count(text, "event:") != 1 {
			t.Errorf("body %q", text)
		}
	})
}

// TestStreamDrainedBeforeItStarts is told so though what counts streams holds it up.
func TestStreamDrainedBeforeItStarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams := &courant.Streams{}
		if err := streams.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		w := serve(t, watching(watch(), waiting, courant.WithStreams(streams),
			courant.WithStreamFunc(func(courant.StreamReport) { <-time.After(time.Second) })))
		if text, complete := rest(get(t, w, "/rooms/7/events").Body); !complete || !strings.HasPrefix(text, "event: stream-drain\n") {
			t.Errorf("%q, complete: %v", text, complete)
		}
	})
}

// TestBodyThatDoesNotCome does not hold a stream, nor Shutdown, for ever.
func TestBodyThatDoesNotCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := serve(t, watching(watch(), waiting), couranttest.WithServer(func(s *http.Server) { s.ReadTimeout = time.Second }))
		conn := dial(t, w)
		_, _ = io.WriteString(conn, "GET /rooms/7/events HTTP/1.1\r\nHost: memory\r\nContent-Length: 2\r\n\r\n")
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || resp.StatusCode != http.StatusBadRequest {
			t.Fatal(resp, err)
		}
		if err := w.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
