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
	"github.com/courant-dev/courant/couranttest"
)

func TestResumingOverHTTP2(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := serve(t, couranttest.Script{sends("id: 1\ndata: a\n\n"), cutsAfter("id: 2\ndata: b\n\nid: 3\ndata: half"),
			status(503), sendsAndStays("id: 3\ndata: c\n\n")}.Handler(), couranttest.WithHTTP2())
		s, err := tryOpen(t, e, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"a", "b", "c"} {
			if event, err := s.Recv(); err != nil || string(event.Data) != want {
				t.Errorf("received %q, %v; want %q", event.Data, err, want)
			}
		}
		_ = s.Close()
		if got, want := lastEventIDs(e), []string{"-", "1", "2", "2"}; !slices.Equal(got, want) {
			t.Errorf("last event IDs %q, want %q", got, want)
		}
		for _, r := range e.Requests() {
			if r.Proto != "HTTP/2.0" || r.Header.Get("Connection") != "" {
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
		w := serve(t, couranttest.Script{sendsAndStays("id: 1\ndata: a\n\n"), sendsAndStays("id: 2\ndata: b\n\n")}.Handler(),
			couranttest.WithHTTP2())
		hole := &blackHole{dead: make(chan struct{})}
		dials := 0
		w.Client().Transport.(*http.Transport).DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			conn, err := w.Dial(ctx)
			if dials++; dials == 1 {
				hole.Conn = conn
				conn = hole
			}
			return conn, err
		}
		s, err := courant.OpenEvents(newRequest(t, http.MethodGet, nil), courant.WithHTTPClient(w.Client()),
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
		var more couranttest.Gate
		w := serve(t, couranttest.Script{{Send: couranttest.Steps{
			couranttest.Bytes("data: a\n\n"), &more, couranttest.Bytes("data: b\n\n"),
		}}}.Handler(), couranttest.WithHTTP2())
		s, err := courant.OpenEvents(newRequest(t, http.MethodGet, nil), courant.WithHTTPClient(w.Client()),
			courant.WithReconnect(courant.Never))
		if err != nil {
			t.Fatal(err)
		}
		down := make(chan error)
		go func() { down <- w.Shutdown(context.Background()) }()
		synctest.Wait()
		more.Open()
		if data, final := collect(s); !slices.Equal(data, []string{"a", "b"}) || !isEnd(final) {
			t.Errorf("received %q, %v", data, final)
		}
		if err := <-down; err != nil {
			t.Error(err)
		}
	})
}

func TestCookiesOfTheClientAreSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cookie := http.Header{"Set-Cookie": {"node=7"}}
		e := newScript(t, answer{Header: cookie, Send: couranttest.Bytes("data: a\n\n")})
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		e.Client().Jar = jar
		e.Client().Timeout = time.Second // so that the client is copied
		s, err := courant.OpenEvents(newRequest(t, http.MethodGet, nil), courant.WithHTTPClient(e.Client()),
			courant.WithClientLogger(slog.New(slog.DiscardHandler)))
		if err != nil {
			t.Fatal(err)
		}
		if _, final := collect(s); !isEnd(final) {
			t.Error(final)
		}
		if got := e.Requests()[1].Header.Get("Cookie"); got != "node=7" {
			t.Errorf("cookies %q", got)
		}
	})
}

func TestTimeoutOfTheClientDoesNotEndPlainStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newScript(t, answer{Send: couranttest.Steps{
			couranttest.Bytes("data: a\n\n"), couranttest.Pause(time.Minute), couranttest.Bytes("data: b\n\n"),
		}})
		w.Client().Timeout = time.Second
		var log lockedBuffer
		s, err := courant.OpenEvents(newRequest(t, http.MethodGet, nil), courant.WithHTTPClient(w.Client()),
			courant.WithReconnect(courant.Never), courant.WithClientLogger(slog.New(slog.NewTextHandler(&log, nil))))
		if err != nil {
			t.Fatal(err)
		}
		if data, final := collect(s); len(data) != 2 || !isEnd(final) {
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
			e := newScript(t, status(c.status, "Location", "http://elsewhere/new"), sendsAndStays("data: a\n\n"))
			s, err := tryOpen(t, e, newRequest(t, http.MethodPost, strings.NewReader("ask")), courant.WithLastEventID("7"))
			if err != nil {
				t.Fatal(err)
			}
			if event, err := s.Recv(); err != nil || string(event.Data) != "a" {
				t.Errorf("%d: received %q, %v", c.status, event.Data, err)
			}
			last := e.Requests()[1]
			if last.Method != c.method || bodies(e)[1] != c.body || last.Host != "elsewhere" || last.URL.Path != "/new" {
				t.Errorf("%d: %s %s%s with %q", c.status, last.Method, last.Host, last.URL, bodies(e)[1])
			}
			if got := lastEventIDs(e); !slices.Equal(got, []string{"7", "7"}) {
				t.Errorf("%d: last event IDs %q", c.status, got)
			}
		})
	}
}

func TestRedirectWithoutATargetIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, code := range []int{301, 307} {
			for name, redirect := range map[string]answer{"missing": status(code), "empty": status(code, "Location", "")} {
				if _, err := tryOpen(t, newScript(t, redirect), nil); !isStatus(code)(err) {
					t.Errorf("%d, %s: %v", code, name, err)
				}
				e := newScript(t, sends("data: a\n\n"), redirect)
				s, err := tryOpen(t, e, nil)
				if err != nil {
					t.Fatal(err)
				}
				if _, final := collect(s); !isStatus(code)(final) || len(e.Requests()) != 2 {
					t.Errorf("%d, %s, later: %v after %d requests", code, name, final, len(e.Requests()))
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
			data, final := collect(s)
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
		e := newScript(t, cutsAfter("id: 1\ndata: "+large+"\n\nid: 2\ndata: "+large),
			sends("id: 2\r\ndata: "+large+"\r\ndata: "+large[:1<<20]+"\r\n\r\n"))
		s, err := tryOpen(t, e, nil)
		if err != nil {
			t.Fatal(err)
		}
		data, final := collect(s)
		if len(data) != 2 || data[0] != large || data[1] != large+"\n"+large[:1<<20] || !isEnd(final) {
			t.Errorf("%d events, %v", len(data), final)
		}
		if got, want := lastEventIDs(e), []string{"-", "1", "2"}; !slices.Equal(got, want) {
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
		e := newScript(t, sends("data: a\n\n"), status(503), sends("data: b\n\n"))
		req := newRequest(t, http.MethodPost, nil)
		req.Body, _ = newBody()
		req.GetBody = newBody
		expired := errors.New("expired")
		calls := 0
		s, err := tryOpen(t, e, req, courant.WithReconnect(courant.Always),
			courant.WithRequestFunc(func(*http.Request) error {
				if calls++; calls == 4 {
					return expired
				}
				return nil
			}))
		if err != nil {
			t.Fatal(err)
		}
		data, final := collect(s)
		if len(data) != 2 || !errors.Is(final, expired) || !slices.Equal(bodies(e), []string{"ask", "ask", "ask"}) {
			t.Errorf("received %q, %v; sent %q", data, final, bodies(e))
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
		s, err := tryOpen(t, newScript(t, sends("data: a\n\n")), req, courant.WithReconnect(courant.Always))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if data, final := collect(s); !errors.Is(final, lost) {
				t.Errorf("received %q, %v", data, final)
			}
		}
	})
}
