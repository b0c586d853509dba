package couranttest_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
)

// everyServer runs a test against a server in memory, in a bubble, one over TCP,
// and both with HTTP/2.
func everyServer(t *testing.T, handler func() http.Handler, test func(*testing.T, *couranttest.Server)) {
	t.Helper()
	run := func(t *testing.T, s *couranttest.Server) {
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		test(t, s)
	}
	for name, opts := range map[string][]couranttest.ServerOption{
		"HTTP/1.1": nil, "HTTP/2": {couranttest.WithHTTP2()},
	} {
		t.Run("in memory, "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { run(t, couranttest.NewServer(handler(), opts...)) })
		})
		t.Run("TCP, "+name, func(t *testing.T) { run(t, couranttest.NewTCPServer(handler(), opts...)) })
	}
}

// staying returns a handler that answers at once and ends with its client.
func staying() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
}

func get(t *testing.T, s *couranttest.Server) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/ticks?a=b", nil)
	if err != nil {
		t.Fatal(err)
	}
	return s.Client().Do(req)
}

func mustGet(t *testing.T, s *couranttest.Server) *http.Response {
	t.Helper()
	resp, err := get(t, s)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// Close returns though nobody has closed the streams, which httptest waits for.
func TestServerCloseDoesNotWaitForStreams(t *testing.T) {
	for name, c := range map[string]struct {
		handler func() http.Handler
		want    string
	}{
		"any handler": {staying, ""},
		"a method of Courant": {func() http.Handler {
			return serving(func(ctx context.Context, s tickServerStream) error { return ticks(ctx, s) })
		}, "event: stream-drain\n"},
		"a script": {couranttest.Script{{Send: couranttest.Bytes(":\n"), End: couranttest.Stay}}.Handler, ":\n"},
	} {
		t.Run(name, func(t *testing.T) {
			everyServer(t, c.handler, func(t *testing.T, s *couranttest.Server) {
				resp := mustGet(t, s)
				start := time.Now()
				if err := errors.Join(s.Close(), s.Close()); err != nil || time.Since(start) > 5*time.Second {
					t.Errorf("Close: %v after %v", err, time.Since(start))
				}
				body, _ := io.ReadAll(resp.Body)
				if inMemory := s.URL == "http://memory"; inMemory && !strings.Contains(string(body), c.want) { // over TCP it may be cut first
					t.Errorf("body %q", body)
				}
				_ = resp.Body.Close()
				if n := s.Connections(); n != 0 {
					t.Errorf("%d connections", n)
				}
			})
		})
	}
}

func TestServerCloseNamesHandlersThatHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		s := couranttest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
		go func() { _, _ = get(t, s) }()
		if _, err := s.Wait(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err == nil || !strings.Contains(err.Error(), "1 handlers have not returned") {
			t.Errorf("Close: %v", err)
		}
		close(hang)
	})
}

func TestServerCutsAndGoesOn(t *testing.T) {
	everyServer(t, staying, func(t *testing.T, s *couranttest.Server) {
		for range 3 {
			resp := mustGet(t, s)
			s.Cut()
			if _, err := io.ReadAll(resp.Body); err == nil {
				t.Error("the answer looks complete")
			}
			_ = resp.Body.Close()
		}
		if n := len(s.Requests()); n != 3 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestServerRefusesForAWhile(t *testing.T) {
	everyServer(t, staying, func(t *testing.T, s *couranttest.Server) {
		open := mustGet(t, s)
		s.Refuse()
		s.Cut()
		_, _ = io.ReadAll(open.Body)
		_ = open.Body.Close()
		if _, err := get(t, s); err == nil {
			t.Error("a connection was accepted")
		} else if s.URL == "http://memory" && !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("refused with %v", err)
		}
		s.Accept()
		_ = mustGet(t, s).Body.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if _, err := get(t, s); err == nil {
			t.Error("a connection was accepted after Close")
		}
	})
}

func TestServerRestarts(t *testing.T) {
	everyServer(t, staying, func(t *testing.T, s *couranttest.Server) {
		first := mustGet(t, s)
		s.Restart(couranttest.Script{{Status: http.StatusTeapot}}.Handler())
		if _, err := io.ReadAll(first.Body); err == nil {
			t.Error("the old answer looks complete")
		}
		_ = first.Body.Close()
		second := mustGet(t, s)
		_ = second.Body.Close()
		if err := s.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if _, err := get(t, s); err == nil {
			t.Error("a connection was accepted after Shutdown")
		}
		s.Restart(nil)
		third := mustGet(t, s)
		_ = third.Body.Close()
		if second.StatusCode != http.StatusTeapot || third.StatusCode != http.StatusNoContent || len(s.Requests()) != 3 {
			t.Errorf("%d, %d, %d requests", second.StatusCode, third.StatusCode, len(s.Requests()))
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		s.Restart(nil)
	})
}

func TestServerKeepsRequests(t *testing.T) {
	everyServer(t, couranttest.Script{}.Handler, func(t *testing.T, s *couranttest.Server) {
		_ = mustGet(t, s).Body.Close()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, strings.NewReader("ask"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Last-Event-ID", "7")
		resp, err := s.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		got, err := s.Wait(t.Context(), 2)
		if err != nil {
			t.Fatal(err)
		}
		if id, ok := got[1].LastEventID(); id != "7" || !ok || string(got[1].Body) != "ask" || got[1].Method != "POST" {
			t.Errorf("%+v", got[1])
		}
		if id, ok := got[0].LastEventID(); id != "" || ok || got[0].URL.RequestURI() != "/ticks?a=b" || got[1].Time.Before(got[0].Time) {
			t.Errorf("%+v", got[0])
		}
		if ids := s.LastEventIDs(); !slices.Equal(ids, []string{"", "7"}) {
			t.Errorf("last event IDs %q", ids)
		}
		if _, err := s.Wait(canceled(t), 3); !errors.Is(err, context.Canceled) {
			t.Errorf("Wait: %v", err)
		}
		var waiting sync.WaitGroup
		waiting.Go(func() {
			if _, err := s.Wait(t.Context(), 3); !errors.Is(err, http.ErrServerClosed) {
				t.Errorf("Wait on a closed server: %v", err)
			}
		})
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		waiting.Wait()
	})
}

// A client that does not read is noticed when the buffer is full.
func TestServerBuffersWhatIsOnItsWay(t *testing.T) {
	for buffer, want := range map[int]time.Duration{0: 25 * time.Second, 64 << 10: time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			stopped := make(chan time.Time, 1)
			s := couranttest.NewServer(serving(func(ctx context.Context, s tickServerStream) error {
				select {
				case <-ctx.Done():
				case <-time.After(time.Hour):
				}
				stopped <- time.Now()
				return nil
			}, courant.WithHeaderDelay(0)), couranttest.WithBuffer(buffer), couranttest.WithServer(func(s *http.Server) { s.WriteTimeout = time.Minute }))
			conn, err := s.Dial(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			_, _ = io.WriteString(conn, "GET /ticks HTTP/1.1\r\nHost: memory\r\n\r\n")
			if _, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil); err != nil {
				t.Fatal(err)
			}
			if got := (<-stopped).Sub(start); got != want {
				t.Errorf("buffer of %d: stopped after %v, want %v", buffer, got, want)
			}
			_ = conn.Close()
			_ = s.Close()
		})
	}
}
