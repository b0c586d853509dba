package hub_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant"
)

func TestDrainAsksClientsToComeAgain(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		f := open(t, w, setup{})
		var clients []*reader
		for range 5 {
			r := f.get(t, "")
			r.wantPlace()
			clients = append(clients, r)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := f.streams.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		for i, r := range clients {
			if d := r.wantControl("stream-drain", "retry_ms"); d.retry == "" {
				t.Error("no retry field")
			}
			r.wantEnd(true)
			if got := f.report(t, i+1); got.Outcome != courant.OutcomeDrain || !errors.Is(got.Err, courant.ErrDraining) {
				t.Errorf("the report is %+v", got)
			}
		}
		until(t, "the registry is empty", func() bool { return f.streams.Len() == 0 })
		late := f.get(t, "")
		late.wantControl("stream-drain")
		late.wantEnd(true)
	})
}

func TestShutdownOfTheServerDrains(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		f := open(t, w, setup{})
		r := f.get(t, "")
		r.wantPlace()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := f.srv.Config.Shutdown(ctx); err != nil {
			t.Fatal(err)
		}
		r.wantControl("stream-drain")
		r.wantEnd(true)
	})
}

func TestDrainWithoutControlEventsCuts(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		f := open(t, w, setup{change: func(m *courant.StreamMethod[*watchPayload, *note]) { m.HTTP.Events.NoControlEvents = true }})
		r := f.get(t, "")
		r.wantPlace()
		if err := f.streams.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.wantEnd(false)
		if got := f.report(t, 1); got.Outcome != courant.OutcomeDrain {
			t.Errorf("the report is %+v", got)
		}
	})
}

func TestCloseOfTheHubCutsStreams(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		f := open(t, w, setup{})
		r := f.get(t, "")
		r.wantPlace()
		f.publish(t, 1, 3)
		r.want(1, 3)
		if err := f.hub.Close(); err != nil {
			t.Fatal(err)
		}
		r.wantEnd(false)
		if got := f.report(t, 1); got.Outcome != courant.OutcomeCut || got.Events != 3 {
			t.Errorf("the report is %+v", got)
		}
		f.get(t, "").wantControl("stream-error", `"status":503`)
	})
}

// dial makes a request by hand and reads until the stream has begun.
func (f *fixture) dial(t *testing.T, id string) *net.TCPConn {
	t.Helper()
	var dialer net.Dialer
	c, err := dialer.DialContext(t.Context(), "tcp", f.srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	tcp := c.(*net.TCPConn)
	_ = tcp.SetReadBuffer(little)
	request := "GET /rooms/7/events HTTP/1.1\r\nHost: x\r\n"
	if id != "" {
		request += "Last-Event-ID: " + id + "\r\n"
	}
	if _, err := tcp.Write([]byte(request + "\r\n")); err != nil {
		t.Fatal(err)
	}
	var seen strings.Builder
	for buf := make([]byte, 1); !strings.HasSuffix(seen.String(), "\r\n\r\n"); {
		n, err := tcp.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		seen.Write(buf[:n])
	}
	return tcp
}

func TestClientThatGoesIsNoticed(t *testing.T) {
	leave := map[string]func(*net.TCPConn){
		"FIN":        func(c *net.TCPConn) { _ = c.Close() },
		"half-close": func(c *net.TCPConn) { _ = c.CloseWrite() },
		"RST":        func(c *net.TCPConn) { _ = c.SetLinger(0); _ = c.Close() },
	}
	eachWay(t, func(t *testing.T, w way) {
		if w.http2 {
			return // whose frames this client does not speak
		}
		for name, f := range leave {
			t.Run(name, func(t *testing.T) {
				fix := open(t, w, setup{})
				fix.streams.LimitPerAddress = 1
				for n := 1; n <= 3; n++ {
					c := fix.dial(t, "")
					until(t, "the topic is followed", func() bool { return fix.hub.Feeds() == 1 })
					if r := fix.get(t, ""); r.resp.StatusCode != http.StatusServiceUnavailable {
						t.Fatalf("status %d beyond the limit", r.resp.StatusCode)
					}
					f(c)
					if got := fix.report(t, n); got.Outcome != courant.OutcomeGone || !errors.Is(got.Err, courant.ErrPeerGone) {
						t.Errorf("the report is %+v", got)
					}
					until(t, "the registry is empty", func() bool { return fix.streams.Len() == 0 })
				}
			})
		}
	})
}

func TestTopicsVanishWithTheirSubscribers(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		f := open(t, w, setup{})
		for n := 1; n <= 3; n++ {
			r := f.get(t, "")
			r.wantPlace()
			if got := f.hub.Feeds(); got != 1 {
				t.Fatalf("%d topics are followed", got)
			}
			f.publish(t, n, n)
			r.want(n, n)
			r.close()
			until(t, "no topic is followed", func() bool { return f.hub.Feeds() == 0 })
		}
		f.publish(t, 4, 1000)
		if got := f.hub.Feeds(); got != 0 {
			t.Errorf("publishing has %d topics followed", got)
		}
	})
}

// gzipping is a middleware's writer that encodes what is written, and has a
// Hijack all the same.
type gzipping struct {
	http.ResponseWriter

	to *gzip.Writer
}

func (w *gzipping) WriteHeader(status int) {
	w.Header().Set("Content-Encoding", "gzip")
	w.ResponseWriter.WriteHeader(status)
}

func (w *gzipping) Write(p []byte) (int, error) { return w.to.Write(p) }

func (w *gzipping) FlushError() error {
	if err := w.to.Flush(); err != nil {
		return err
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

func (w *gzipping) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return w.ResponseWriter.(http.Hijacker).Hijack()
}

func TestWriterThatEncodesIsNotTakenOver(t *testing.T) {
	f := open(t, way{takeover: true}, setup{handler: func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.ServeHTTP(&gzipping{w, gzip.NewWriter(w)}, r)
		})
	}})
	r := f.get(t, "") // which decodes
	r.wantPlace()
	f.publish(t, 1, 100)
	r.want(1, 100)
}

// A drain that begins while connections are taken over ends, and reaches them all.
func TestDrainDuringTakeover(t *testing.T) {
	for n := range 30 {
		f := open(t, way{takeover: true}, setup{})
		clients := make([]*reader, 20)
		begun := make(chan int, len(clients))
		for i := range clients {
			go func() {
				clients[i] = f.get(t, "")
				begun <- i
			}()
		}
		for range n % len(clients) {
			<-begun
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		if err := f.streams.Drain(ctx); err != nil {
			t.Fatal("the drain of ", strconv.Itoa(f.streams.Len()), " streams: ", err)
		}
		cancel()
		for range len(clients) - n%len(clients) {
			<-begun
		}
		for _, r := range clients {
			r.wantControl("stream-drain")
			r.wantEnd(true)
		}
		until(t, "the registry is empty", func() bool { return f.streams.Len() == 0 })
	}
}
