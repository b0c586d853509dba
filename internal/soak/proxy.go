package soak

import (
	"cmp"
	"errors"
	"maps"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"time"
)

// dialTime is how long a connection to a server may take.
const dialTime = 5 * time.Second

// A proxy stands between the clients and one server and does to their connections
// what networks do. It is safe for concurrent use.
type proxy struct {
	server   string // address
	listener *net.TCPListener
	delayed  bool // there is latency, or was
	running  sync.WaitGroup

	mu      sync.Mutex
	random  *rand.Rand
	live    map[*wire]struct{}
	made    uint64
	latency Range // of each direction; zero: none
	slow    int   // so many connections are, if there are so many
	closed  bool
}

func newProxy(server string, latency Range, slow int, random *rand.Rand) (*proxy, error) {
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	p := &proxy{
		server: server, listener: listener, live: map[*wire]struct{}{}, random: random,
		latency: latency, delayed: latency.Max > 0, slow: slow,
	}
	p.running.Go(p.accept)
	return p, nil
}

func (p *proxy) address() string { return p.listener.Addr().String() }

func (p *proxy) accept() {
	for {
		conn, err := p.listener.AcceptTCP()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // there are too many open files, or the client is gone again
			<-time.After(10 * time.Millisecond)
			continue
		}
		p.running.Go(func() { p.carry(conn) })
	}
}

// carry connects a client to the server until one of them ends it.
func (p *proxy) carry(client *net.TCPConn) {
	dialer := net.Dialer{Timeout: dialTime}
	server, err := dialer.Dial("tcp", p.server)
	if err != nil {
		resetConn(client) // as the server would refuse
		return
	}
	w := newWire(client, server.(*net.TCPConn))
	if !p.admit(w) {
		w.end(false)
		return
	}
	w.run()
	p.mu.Lock()
	delete(p.live, w)
	p.mu.Unlock()
}

func (p *proxy) admit(w *wire) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.made++
	w.number = p.made
	if p.delayed {
		w.delay = p.delay
	}
	w.slow = p.slowNow() < p.slow
	p.live[w] = struct{}{}
	return true
}

// slowNow counts the slow connections. It needs the lock.
func (p *proxy) slowNow() int {
	n := 0
	if p.slow > 0 {
		for w := range p.live {
			if w.isSlow() {
				n++
			}
		}
	}
	return n
}

// delay draws the latency of what is sent now.
func (p *proxy) delay() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.latency.Max == 0 {
		return 0
	}
	return p.latency.draw(p.random)
}

// lift makes a good network of it: what is dead or stalled is let go of.
func (p *proxy) lift() {
	p.mu.Lock()
	p.latency, p.slow = Range{}, 0
	p.mu.Unlock()
	for _, w := range p.wires() {
		w.setSlow(false)
		w.setStill(false)
		if w.isDead() {
			w.end(false)
		}
	}
}

// wires returns the connections there are, the oldest first.
func (p *proxy) wires() []*wire {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := slices.Collect(maps.Keys(p.live))
	slices.SortFunc(all, func(a, b *wire) int { return cmp.Compare(a.number, b.number) })
	return all
}

// close ends everything and waits for that.
func (p *proxy) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	_ = p.listener.Close() // nothing can be lost
	for _, w := range p.wires() {
		w.end(false)
	}
	p.running.Wait()
}

// resetConn ends a connection with RST.
func resetConn(conn *net.TCPConn) {
	_ = conn.SetLinger(0) // fails where the connection is gone
	_ = conn.Close()      // as above
}
