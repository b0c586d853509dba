package couranttest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"syscall"
	"time"
)

// Server is an HTTP server for tests of clients, in memory ([NewServer]) or on
// the loopback ([NewTCPServer]). What tests of streams need of it: its
// connections can be cut and refused, it keeps what was requested, and Close does
// not wait for streams to end by themselves. It is safe for concurrent use.
type Server struct {
	// URL is the base URL, without a slash at its end: of a server over TCP
	// "http://127.0.0.1:" and its port, of one in memory "http://memory", which
	// only its own [Server.Client] reaches.
	URL string

	config  serverConfig
	client  *http.Client
	tcp     net.Listener    // nil: in memory
	closing context.Context // done when Close is called
	stop    context.CancelFunc

	m        monitor
	handler  http.Handler
	run      *running
	conns    map[*serverConn]bool
	requests []*Request
	handlers int // that have not returned
	refusing bool
	closed   bool
}

// running is an http.Server that serves.
type running struct {
	*http.Server

	door *door
	done chan struct{} // closed when Serve has returned
}

const (
	// closeGrace is how long Close lets streams end as the server's shutdown
	// makes them.
	closeGrace = 100 * time.Millisecond
	// handlerGrace is how long Close waits for handlers whose client is gone.
	handlerGrace = 10 * time.Second
)

// NewServer returns a server in memory that serves h. In a bubble of
// [testing/synctest] it must be made and closed within.
//
// Its connections behave as those over TCP do: a write waits for its reader only
// when 64 KiB are on their way (see [WithBuffer]), and what was sent before a cut
// can still be read.
func NewServer(h http.Handler, opts ...ServerOption) *Server {
	s := newServer(h, opts)
	s.URL = "http://memory"
	s.run = s.start(s.addr())
	return s
}

// NewTCPServer returns a server on a free port of 127.0.0.1 that serves h. It
// panics if there is no loopback to listen on.
func NewTCPServer(h http.Handler, opts ...ServerOption) *Server {
	s := newServer(h, opts)
	var config net.ListenConfig
	l, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		panic(fmt.Sprintf("couranttest: no port to listen on: %v", err))
	}
	s.tcp, s.URL = l, "http://"+l.Addr().String()
	s.run = s.start(s.addr())
	go s.accept()
	return s
}

func newServer(h http.Handler, opts []ServerOption) *Server {
	s := &Server{handler: h, conns: map[*serverConn]bool{}, config: newServerConfig(opts)}
	s.closing, s.stop = context.WithCancel(context.Background())
	s.client = &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return s.Dial(ctx) },
		Protocols:   s.config.protocols,
	}}
	return s
}

// start starts an http.Server, to which no connection comes yet.
func (s *Server) start(addr net.Addr) *running {
	r := &running{door: newDoor(addr), done: make(chan struct{}), Server: &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
		ReadHeaderTimeout: time.Minute,
		Protocols:         s.config.protocols,
	}}
	for _, configure := range s.config.configure {
		configure(r.Server)
	}
	go func() {
		defer close(r.done)
		_ = r.Serve(r.door)
	}()
	return r
}

func (s *Server) addr() net.Addr {
	if s.tcp != nil {
		return s.tcp.Addr()
	}
	return memoryAddr{}
}

// accept hands in the connections over TCP, until the server is closed.
func (s *Server) accept() {
	for {
		c, err := s.tcp.Accept()
		if err != nil {
			return
		}
		if err := s.admit(context.Background(), c); err != nil {
			(&serverConn{Conn: c, forget: func(*serverConn) {}}).cut()
		}
	}
}

// admit hands a connection to the http.Server.
func (s *Server) admit(ctx context.Context, c net.Conn) error {
	s.m.Lock()
	conn, run, refused := &serverConn{Conn: c, forget: s.forget}, s.run, s.refusing
	if !refused {
		s.conns[conn] = true
	}
	s.m.Unlock()
	if refused {
		return syscall.ECONNREFUSED
	}
	err := run.door.enter(ctx, conn)
	if err == nil {
		return nil
	}
	s.forget(conn)
	if errors.Is(err, net.ErrClosed) {
		return syscall.ECONNREFUSED
	}
	return err
}

func (s *Server) forget(c *serverConn) {
	s.m.Lock()
	defer s.m.Unlock()
	delete(s.conns, c)
	s.m.change()
}

// serve serves one request.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	kept := s.record(r)
	s.m.Lock()
	s.requests = append(s.requests, kept)
	s.handlers++
	h := s.handler
	s.m.change()
	s.m.Unlock()
	defer func() {
		s.m.Lock()
		defer s.m.Unlock()
		s.handlers--
		s.m.change()
	}()
	h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), closingKey{}, s.closing)))
}

// closingKey is the key of the context that is done when the server of a request
// closes.
type closingKey struct{}

// Client returns the server's client: it makes its connections with
// [Server.Dial] whatever the host of a URL is, follows no proxy, and has no
// timeout. Close closes its idle connections.
func (s *Server) Client() *http.Client { return s.client }

// Dial makes a connection, for tests that write their requests themselves, or do
// not read. The caller closes it. While the server refuses connections it fails
// with [syscall.ECONNREFUSED]; over TCP the connection is then reset after it was
// made, so that the port is not lost to others.
func (s *Server) Dial(ctx context.Context) (net.Conn, error) {
	if s.tcp != nil {
		var dialer net.Dialer
		return dialer.DialContext(ctx, "tcp", s.tcp.Addr().String())
	}
	here, there := s.config.pipe()
	if err := s.admit(ctx, there); err != nil {
		return nil, &net.OpError{Op: "dial", Net: memoryAddr{}.Network(), Addr: memoryAddr{}, Err: err}
	}
	return here, nil
}

// Requests returns the requests that came so far, in order.
func (s *Server) Requests() []Request {
	s.m.Lock()
	defer s.m.Unlock()
	return s.cloneRequests()
}

func (s *Server) cloneRequests() []Request {
	var requests []Request
	for _, r := range s.requests {
		requests = append(requests, r.clone())
	}
	return requests
}

// LastEventIDs returns the header field Last-Event-ID of each request so far, ""
// for one that has none.
func (s *Server) LastEventIDs() []string {
	s.m.Lock()
	defer s.m.Unlock()
	var ids []string
	for _, r := range s.requests {
		id, _ := r.LastEventID()
		ids = append(ids, id)
	}
	return ids
}

// Wait waits until n requests have come, and returns the first n. If the server
// is closed before, or ctx is done, it returns those there are and an error that
// says so.
func (s *Server) Wait(ctx context.Context, n int) ([]Request, error) {
	s.m.Lock()
	defer s.m.Unlock()
	err := s.m.await(ctx, func() bool { return len(s.requests) >= n || s.closed })
	have := s.cloneRequests()
	if err == nil && len(have) < n {
		err = http.ErrServerClosed
	}
	if err != nil {
		return have, fmt.Errorf("couranttest: %d of %d requests have come: %w", len(have), n, err)
	}
	return have[:n], nil
}

// Connections returns how many connections are open at the server's side, idle
// ones included.
func (s *Server) Connections() int {
	s.m.Lock()
	defer s.m.Unlock()
	return len(s.conns)
}

// Cut resets all connections, as a network does that fails. Clients can connect
// again at once.
func (s *Server) Cut() {
	s.m.Lock()
	conns := slices.Collect(maps.Keys(s.conns))
	s.m.Unlock()
	cut(conns)
}

func cut(conns []*serverConn) {
	for _, c := range conns {
		c.cut()
	}
}

// Refuse refuses new connections until [Server.Accept]. Those that are open stay.
func (s *Server) Refuse() { s.setRefusing(true) }

// Accept accepts connections again.
func (s *Server) Accept() { s.setRefusing(false) }

func (s *Server) setRefusing(on bool) {
	s.m.Lock()
	defer s.m.Unlock()
	s.refusing = on || s.closed
}

// Shutdown shuts the server down as a deployment does, with
// [net/http.Server.Shutdown]: streams of Courant are drained. Connections are
// refused from then on, until [Server.Restart].
func (s *Server) Shutdown(ctx context.Context) error {
	s.m.Lock()
	run := s.run
	s.m.Unlock()
	return run.Shutdown(ctx)
}

// Restart cuts all connections and goes on at the same URL with a new
// [net/http.Server] and handler h, as a process that was started again; nil is
// the same handler. It accepts connections. On a closed server it does nothing.
func (s *Server) Restart(h http.Handler) {
	next := s.start(s.addr())
	s.m.Lock()
	if s.closed {
		s.m.Unlock()
		_ = next.Close()
		return
	}
	old, conns := s.run, slices.Collect(maps.Keys(s.conns))
	if h != nil {
		s.handler = h
	}
	s.run, s.refusing = next, false
	s.m.Unlock()
	cut(conns)
	_ = old.Close()
	<-old.done
}

// Close closes the server and waits until its handlers have returned. Streams
// that are open do not hold it up: those of Courant are drained, [Script]s end,
// and after a tenth of a second every connection that is left is cut. An error
// says that handlers have not returned 10 s after that. Further calls do nothing.
func (s *Server) Close() error {
	s.m.Lock()
	if s.closed {
		s.m.Unlock()
		return nil
	}
	s.closed, s.refusing = true, true
	s.m.change()
	run := s.run
	s.m.Unlock()

	s.stop()
	drained, cancel := context.WithTimeout(context.Background(), closeGrace)
	defer cancel()
	s.client.CloseIdleConnections()
	_ = run.Shutdown(drained) // what is left is cut
	s.Cut()
	_ = run.Close()
	<-run.done
	if s.tcp != nil {
		_ = s.tcp.Close()
	}
	s.client.CloseIdleConnections()

	returned, cancel := context.WithTimeout(context.Background(), handlerGrace)
	defer cancel()
	s.m.Lock()
	defer s.m.Unlock()
	if s.m.await(returned, func() bool { return s.handlers == 0 }) != nil {
		return fmt.Errorf("couranttest: %d handlers have not returned %v after their connections were cut", s.handlers, handlerGrace)
	}
	return nil
}
