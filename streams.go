package courant

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// Streams is a registry of open streams: it counts them, limits them and ends
// them when a server shuts down. Services share one by [WithStreams]. The zero
// Streams is ready for use and has no limits; the fields must not be changed
// once it is in use. It is safe for concurrent use.
//
// It takes note of each [http.Server] that it serves for, and drains that
// server's streams when its Shutdown is called, which by itself would wait for
// them until its context is done.
type Streams struct {
	Limit           int                        // of open streams in the process; 0: none
	LimitPerAddress int                        // of those of one client; 0: none
	Address         func(*http.Request) string // of the client; nil: the IP address of RemoteAddr, of IPv6 the first 64 bits

	// DrainRetry is the shortest time after which a drained client comes again.
	// Each is given a time at random up to three times that. 0: 1 s.
	DrainRetry time.Duration

	mu       sync.Mutex
	open     seats
	byAddr   map[string]int
	servers  map[*http.Server]bool // true: it is shutting down
	draining bool                  // all of them
}

// homeNetwork is how many bits of an IPv6 address say who it is: a client may take
// any address of such a network.
const homeNetwork = 64

// errTooManyStreams is answered with 503 and Retry-After.
func errTooManyStreams(detail string) *Error {
	e := NewError(http.StatusServiceUnavailable, "too_many_streams", detail)
	e.Temporary, e.RetryAfter = true, time.Second+rand.N(4*time.Second)
	return e
}

// Len returns how many streams are open.
func (s *Streams) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open.count
}

// ByMethod returns how many streams of each method are open, by the names of
// service and method: "notes.watch".
func (s *Streams) ByMethod() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := make(map[string]int)
	for at := s.open.first; at != nil; at = at.behind {
		counts[at.member.method()]++
	}
	return counts
}

// Drain asks the clients of all streams to connect elsewhere: the context of
// each method is done, Send fails with an error that is [ErrDraining], and the
// event stream-drain is written, at the method's return or after half a second.
// A client that does not take it within half a second is cut off. Drain returns
// when that is written for every stream, or with ctx's error.
//
// Streams that are requested from then on are drained at once.
func (s *Streams) Drain(ctx context.Context) error {
	s.mu.Lock()
	s.draining = true
	s.mu.Unlock()
	return s.drain(ctx, nil)
}

// drain drains the streams of one server, or of all if it is nil.
func (s *Streams) drain(ctx context.Context, server *http.Server) error {
	s.mu.Lock()
	var streams []member
	for at := s.open.first; at != nil; at = at.behind {
		if server == nil || at.server == server {
			streams = append(streams, at.member)
		}
	}
	s.mu.Unlock()
	var told []<-chan struct{}
	for _, m := range streams {
		told = append(told, m.drain(s.drainRetry()))
	}
	for _, done := range told {
		select {
		case <-done:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

func (s *Streams) drainRetry() time.Duration {
	base := s.DrainRetry
	if base <= 0 {
		base = time.Second
	}
	return base + rand.N(2*base)
}

// add takes in a stream, or says why not.
func (s *Streams) add(c *streamCore, r *http.Request) error {
	server, _ := r.Context().Value(http.ServerContextKey).(*http.Server)
	address := s.addressOf(r)
	draining := false
	defer func() {
		if draining {
			c.drain(s.drainRetry())
		}
	}()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Limit > 0 && s.open.count >= s.Limit {
		return errTooManyStreams("the server has as many streams as it takes")
	}
	if s.LimitPerAddress > 0 && s.byAddr[address] >= s.LimitPerAddress {
		return errTooManyStreams("the address has as many streams as it may")
	}
	if s.byAddr == nil {
		s.byAddr, s.servers = map[string]int{}, map[*http.Server]bool{}
	}
	if _, seen := s.servers[server]; server != nil && !seen {
		s.servers[server] = false
		server.RegisterOnShutdown(func() { s.shutdown(server) })
	}
	c.seat.server, c.seat.address = server, address
	s.open.take(&c.seat, c)
	s.byAddr[address]++
	draining = s.isDraining(server)
	return nil
}

// shutdown is called in a goroutine of its own when server shuts down.
func (s *Streams) shutdown(server *http.Server) {
	s.mu.Lock()
	s.servers[server] = true
	s.mu.Unlock()
	_ = s.drain(context.Background(), server)
}

func (s *Streams) isDraining(server *http.Server) bool { return s.draining || s.servers[server] }

// replace gives a seat to t in place of c's, and drains t if c would be.
func (s *Streams) replace(c *streamCore, t *Taken) {
	s.mu.Lock()
	s.open.leave(&c.seat)
	t.seat.server, t.seat.address = c.seat.server, c.seat.address
	s.open.take(&t.seat, t)
	draining := s.isDraining(t.seat.server)
	s.mu.Unlock()
	if draining {
		go t.drain(s.drainRetry()) // whose taker is not ready yet
	}
}

// leave lets go of a seat, if somebody sits there.
func (s *Streams) leave(at *seat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at.member == nil {
		return
	}
	s.open.leave(at)
	if s.byAddr[at.address]--; s.byAddr[at.address] <= 0 {
		delete(s.byAddr, at.address)
	}
}

func (s *Streams) addressOf(r *http.Request) string {
	if s.Address != nil {
		return s.Address(r)
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() {
		return netip.PrefixFrom(ip, homeNetwork).Masked().String()
	}
	return ip.String()
}
