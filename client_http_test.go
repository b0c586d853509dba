package courant_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
)

// onlyHTTP2 serves h over HTTP/2 without TLS, with a client that speaks it.
func onlyHTTP2(t *testing.T, h http.Handler) *wire {
	var only http.Protocols
	only.SetUnencryptedHTTP2(true)
	w := serve(t, h, func(s *http.Server) { s.Protocols = &only })
	w.client.Transport.(*http.Transport).Protocols = &only
	return w
}

func TestResumingOverHTTP2(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := answering(stream("id: 1\ndata: a\n\n"), brokenStream("id: 2\ndata: b\n\nid: 3\ndata: half"),
			code(503), openStream("id: 3\ndata: c\n\n"))
		w := onlyHTTP2(t, e)
		s, err := courant.OpenEvents(newRequest(t, http.MethodGet, nil), courant.WithHTTPClient(w.client))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"a", "b", "c"} {
			if event, err := s.Recv(); err != nil || string(event.Data) != want {
				t.Errorf("received %q, %v; want %q", event.Data, err, want)
			}
		}
		_ = s.Close()
		if got, want := e.lastIDs(), []string{"-", "1", "2", "2"}; !slices.Equal(got, want) {
			t.Errorf("last event IDs %q, want %q", got, want)
		}
		for _, r := range e.requests() {
			if r.ProtoMajor != 2 || r.Header.Get("Connection") != "" {
				t.Errorf("%s, Connection %q", r.Proto, r.Header.Get("Connection"))
			}
		}
	})
}

// blackHole is a connection that from some time on is dead without a sign: what
// is written vanishes, and nothing comes.
type blackHole struct {
	net.Conn
	dead chan struct{}
}

func (b *blackHole) Write(p []byte) (int, error) {
	select {
	case <-b.dead:
		return len(p), nil
	default:
		return b.Conn.Write(p)
	}
}

func (b *blackHole) Read(p []byte) (int, error) {
	n, err := b.Conn.Read(p)
	select {
	case <-b.dead:
		if err == nil {
			return b.Read(p) // it does not arrive
		}
	default:
	}
	return n, err
}

// A stream of HTTP/2 that is silent does not come back on the same connection:
// there its successors would be silent too.
func TestAnHTTP2ConnectionThatDiedIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := answering(openStream("id: 1\ndata: a\n\n"), openStream("id: 2\ndata: b\n\n"))
		w := onlyHTTP2(t, e)
		hole := &blackHole{dead: make(chan struct{})}
		dials := 0
		w.client.Transport.(*http.Transport).DialContext = func(context.Context, string, string) (net.Conn, error) {
			conn, err := w.dial()
			if dials++; dials == 1 {
				hole.Conn = conn
				conn = hole
			}
			return conn, err
		}
		s, err := courant.OpenEvents(newRequest(t, http.MethodGet, nil), courant.WithHTTPClient(w.client),
			courant.WithReadTimeout(45*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		if _, err := s.Recv(); err != nil {
			t.Fatal(err)
		}
		close(hole.dead)
		start := time.Now()
		event, err := s.Recv()
		if waited := time.Since(start); err != nil || string(event.Data) != "b" || waited > 47*time.Second || dials != 2 {
			t.Errorf("received %q, %v after %v and %d dials", event.Data, err, waited, dials)
		}
	})
}

// A server that shuts down gracefully says GOAWAY; the stream goes on.
func TestStreamSurvivesAGracefulShutdownOverHTTP2(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		more := make(chan struct{})
		w := onlyHTTP2(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			writeStream(w, "data: a\n\n")
			<-more
			writeStream(w, "data: b\n\n")
		}))
		s, err := courant.OpenEvents(newRequest(t, http.MethodGet, nil), courant.WithHTTPClient(w.client),
			courant.WithReconnect(courant.Never))
		if err != nil {
			t.Fatal(err)
		}
		down := make(chan error)
		go func() { down <- w.server.Shutdown(context.Background()) }()
		synctest.Wait()
		close(more)
		if data, final := receiveAll(s); !slices.Equal(data, []string{"a", "b"}) || !isEnd(final) {
			t.Errorf("received %q, %v", data, final)
		}
		if err := <-down; err != nil {
			t.Error(err)
		}
	})
}

func TestCookiesOfTheClientAreSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := answering(func(w http.ResponseWriter, _ *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "node", Value: "7"})
			writeStream(w, "data: a\n\n")
		})
		w := serve(t, e)
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		w.client.Jar = jar
		w.client.Timeout = time.Second // so that the client is copied
		s, err := courant.OpenEvents(newRequest(t, http.MethodGet, nil), courant.WithHTTPClient(w.client),
			courant.WithClientLogger(slog.New(slog.DiscardHandler)))
		if err != nil {
			t.Fatal(err)
		}
		if _, final := receiveAll(s); !isEnd(final) {
			t.Error(final)
		}
		if got := e.requests()[1].Header.Get("Cookie"); got != "node=7" {
			t.Errorf("cookies %q", got)
		}
	})
}

func TestTimeoutOfTheClientDoesNotEndPlainStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			writeStream(w, "data: a\n\n")
			<-time.After(time.Minute)
			writeStream(w, "data: b\n\n")
		}))
		w.client.Timeout = time.Second
		var log lockedBuffer
		s, err := courant.OpenEvents(newRequest(t, http.MethodGet, nil), courant.WithHTTPClient(w.client),
			courant.WithReconnect(courant.Never), courant.WithClientLogger(slog.New(slog.NewTextHandler(&log, nil))))
		if err != nil {
			t.Fatal(err)
		}
		if data, final := receiveAll(s); len(data) != 2 || !isEnd(final) {
			t.Errorf("received %q, %v", data, final)
		}
		if strings.Count(log.String(), "level=WARN") != 1 || !strings.Contains(log.String(), "timeout=1s") {
			t.Errorf("logged %s", log.String())
		}
	})
}

// A redirect keeps the last event ID and, where it keeps the method, the body.
func TestRedirectOfTheFirstConnection(t *testing.T) {
	for _, c := range []struct {
		status       int
		method, body string
	}{{301, "GET", ""}, {302, "GET", ""}, {303, "GET", ""}, {307, "POST", "ask"}, {308, "POST", "ask"}} {
		synctest.Test(t, func(t *testing.T) {
			e := answering(code(c.status, "Location", "http://elsewhere/new"), openStream("data: a\n\n"))
			s, err := openPlain(t, e, newRequest(t, http.MethodPost, strings.NewReader("ask")), courant.WithLastEventID("7"))
			if err != nil {
				t.Fatal(err)
			}
			if event, err := s.Recv(); err != nil || string(event.Data) != "a" {
				t.Errorf("%d: received %q, %v", c.status, event.Data, err)
			}
			last := e.requests()[1]
			if last.Method != c.method || e.bodies[1] != c.body || last.Host != "elsewhere" || last.URL.Path != "/new" {
				t.Errorf("%d: %s %s%s with %q", c.status, last.Method, last.Host, last.URL, e.bodies[1])
			}
			if got := e.lastIDs(); !slices.Equal(got, []string{"7", "7"}) {
				t.Errorf("%d: last event IDs %q", c.status, got)
			}
		})
	}
}

func TestRedirectWithoutATargetIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, status := range []int{301, 307} {
			for name, answer := range map[string]http.HandlerFunc{"missing": code(status), "empty": code(status, "Location", "")} {
				if _, err := openPlain(t, answering(answer), nil); !isProblem(err, status) {
					t.Errorf("%d, %s: %v", status, name, err)
				}
				e := answering(stream("data: a\n\n"), answer)
				s, err := openPlain(t, e, nil)
				if err != nil {
					t.Fatal(err)
				}
				if _, final := receiveAll(s); !isProblem(final, status) || len(e.requests()) != 2 {
					t.Errorf("%d, %s, later: %v after %d requests", status, name, final, len(e.requests()))
				}
			}
		}
	})
}

// Transports of all kinds: their bodies read as the contract of io.Reader allows.
func TestBodiesOfAllKinds(t *testing.T) {
	const text = "id: 1\ndata: a\n\nid: 2\r\ndata: b\r\n\r\n"
	synctest.Test(t, func(t *testing.T) {
		for name, wrap := range map[string]func(io.Reader) io.Reader{
			"one byte at a time":     iotest.OneByteReader,
			"half of what is wanted": iotest.HalfReader,
			"the end with the data":  iotest.DataErrReader,
			"now and then nothing":   func(r io.Reader) io.Reader { return &emptyReads{r: r} },
			"nothing for ever":       func(r io.Reader) io.Reader { return io.MultiReader(r, &emptyReads{r: r, always: true}) },
			"a timeout in between":   iotest.TimeoutReader,
			"a wrapped io.EOF": func(r io.Reader) io.Reader {
				return io.MultiReader(r, iotest.ErrReader(&net.OpError{Op: "read", Err: io.EOF}))
			},
		} {
			req := newRequest(t, http.MethodPost, nil)
			s, err := courant.OpenEvents(req, courant.WithTransport(transportFunc(func(*http.Request) (*http.Response, error) {
				return &http.Response{
					StatusCode: http.StatusOK, ProtoMajor: 2, ContentLength: -1,
					Header: http.Header{"Content-Type": {"text/event-stream"}},
					Body:   io.NopCloser(wrap(strings.NewReader(text))),
				}, nil
			})))
			if err != nil {
				t.Fatal(err)
			}
			data, final := receiveAll(s)
			broken := strings.HasPrefix(name, "a ") || name == "nothing for ever"
			_, isCut := errors.AsType[*courant.CutError](final)
			if broken != isCut || broken == isEnd(final) || errors.Is(final, io.EOF) != isEnd(final) {
				t.Errorf("%s: ended with %v", name, final)
			}
			if name != "a timeout in between" && !slices.Equal(data, []string{"a", "b"}) {
				t.Errorf("%s: received %q", name, data)
			}
		}
	})
}

// emptyReads reads nothing, without an error, before each read.
type emptyReads struct {
	r             io.Reader
	always, empty bool
}

func (e *emptyReads) Read(p []byte) (int, error) {
	if e.empty = !e.empty; e.empty || e.always {
		return 0, nil
	}
	return e.r.Read(p)
}

func TestEventsOfTenMiBAreResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		large := strings.Repeat("0123456789abcdef", 10<<16)
		e := answering(brokenStream("id: 1\ndata: "+large+"\n\nid: 2\ndata: "+large),
			stream("id: 2\r\ndata: "+large+"\r\ndata: "+large[:1<<20]+"\r\n\r\n"))
		s, err := openPlain(t, e, nil)
		if err != nil {
			t.Fatal(err)
		}
		data, final := receiveAll(s)
		if len(data) != 2 || data[0] != large || data[1] != large+"\n"+large[:1<<20] || !isEnd(final) {
			t.Errorf("%d events, %v", len(data), final)
		}
		if got, want := e.lastIDs(), []string{"-", "1", "2"}; !slices.Equal(got, want) {
			t.Errorf("last event IDs %q, want %q", got, want)
		}
	})
}

// The caller's own body is read first and closed; later ones are new.
func TestRequestBodiesAreClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var opened, closed int
		newBody := func() (io.ReadCloser, error) {
			opened++
			return &closingBody{Reader: strings.NewReader("ask"), closed: &closed}, nil
		}
		e := answering(stream("data: a\n\n"), code(503), stream("data: b\n\n"))
		req := newRequest(t, http.MethodPost, nil)
		req.Body, _ = newBody()
		req.GetBody = newBody
		expired := errors.New("expired")
		calls := 0
		s, err := openPlain(t, e, req, courant.WithReconnect(courant.Always),
			courant.WithRequestFunc(func(*http.Request) error {
				if calls++; calls == 4 {
					return expired
				}
				return nil
			}))
		if err != nil {
			t.Fatal(err)
		}
		data, final := receiveAll(s)
		if len(data) != 2 || !errors.Is(final, expired) || !slices.Equal(e.bodies, []string{"ask", "ask", "ask"}) {
			t.Errorf("received %q, %v; sent %q", data, final, e.bodies)
		}
		synctest.Wait()
		if opened != 4 || closed != 4 {
			t.Errorf("%d bodies, %d closed", opened, closed)
		}
	})
}

func TestTheBodyOfARefusedRequestIsClosed(t *testing.T) {
	closed := 0
	req := newRequest(t, http.MethodPost, nil)
	req.Body = &closingBody{Reader: strings.NewReader("ask"), closed: &closed}
	if _, err := courant.OpenEvents(req, courant.WithReconnect(courant.Always)); err == nil || closed != 1 {
		t.Errorf("%v; closed %d times", err, closed)
	}
}

type closingBody struct {
	io.Reader
	closed *int
	once   bool
}

func (b *closingBody) Close() error {
	if !b.once {
		*b.closed++
	}
	b.once = true
	return nil
}

func TestABodyThatCannotBeHadAgainIsFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lost := errors.New("the file is gone")
		req := newRequest(t, http.MethodPost, bytes.NewReader(nil))
		req.Body, req.GetBody = http.NoBody, func() (io.ReadCloser, error) { return nil, lost }
		s, err := openPlain(t, answering(stream("data: a\n\n")), req, courant.WithReconnect(courant.Always))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if data, final := receiveAll(s); !errors.Is(final, lost) {
				t.Errorf("received %q, %v", data, final)
			}
		}
	})
}
