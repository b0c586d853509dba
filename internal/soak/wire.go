package soak

import (
	"io"
	"net"
	"sync"
	"time"
)

const (
	wireBuffer = 16 << 10 // what one direction of a connection takes at a time
	slowBite   = 512      // what a slow one takes
	deadTime   = time.Minute
)

// A wire carries the bytes of one connection, both ways.
type wire struct {
	number         uint64 // in the order in which they were made
	client, server *net.TCPConn
	delay          func() time.Duration // of what is sent; nil: none
	ended          chan struct{}        // closed by end

	mu    sync.Mutex
	free  *sync.Cond // nothing holds the bytes back, or the wire has ended
	over  bool       // ended is closed
	still bool       // nothing is read from the server
	dead  bool       // nothing is carried, either way
	slow  bool
}

func newWire(client, server *net.TCPConn) *wire {
	w := &wire{client: client, server: server, ended: make(chan struct{})}
	w.free = sync.NewCond(&w.mu)
	return w
}

// run carries until the client has gone or end is called.
func (w *wire) run() {
	var up sync.WaitGroup
	up.Go(w.up)
	w.down()
	up.Wait()
}

// end ends both connections, with FIN if politely, else with RST. Only the first
// call counts.
func (w *wire) end(politely bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return
	}
	w.over = true
	close(w.ended)
	for _, conn := range []*net.TCPConn{w.client, w.server} {
		if politely {
			_ = conn.Close() // what is under way no one waits for
		} else {
			resetConn(conn)
		}
	}
	w.free.Broadcast()
}

// down carries what the server sends.
func (w *wire) down() {
	to := w.sender(w.client)
	defer to.close()
	buf := make([]byte, wireBuffer)
	for {
		bite := wireBuffer
		if w.isSlow() {
			bite = slowBite
		}
		n, err := w.server.Read(buf[:bite])
		if n > 0 && (!w.hold() || to.write(buf[:n]) != nil) {
			w.end(false)
			return
		}
		switch {
		case err == io.EOF && w.hold():
			to.close()
			_ = w.client.CloseWrite() // if it is gone, up ends the rest
			return
		case err != nil:
			w.end(false)
			return
		case bite == slowBite && !w.pause(time.Second*slowBite/slowRate):
			return
		}
	}
}

// up carries what the client sends.
func (w *wire) up() {
	to := w.sender(w.server)
	defer to.close()
	buf := make([]byte, wireBuffer/8)
	for {
		n, err := w.client.Read(buf)
		switch {
		case w.isDead():
			if err == nil {
				continue
			}
			// The client has given up, which the server does not hear.
			w.pause(deadTime)
			w.end(false)
			return
		case n > 0 && to.write(buf[:n]) != nil:
			w.end(false)
			return
		case err != nil:
			w.end(err == io.EOF)
			return
		}
	}
}

// pause waits, and reports whether the wire is still there.
func (w *wire) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-w.ended:
		return false
	}
}

// hold waits until bytes for the client may pass, and reports whether the wire
// is still there.
func (w *wire) hold() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for (w.still || w.dead) && !w.over {
		w.free.Wait()
	}
	return !w.over
}

func (w *wire) isSlow() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.slow
}

func (w *wire) isDead() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dead
}

func (w *wire) setSlow(slow bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.slow = slow
}

// setStill stops reading from the server, or goes on with it.
func (w *wire) setStill(still bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.still = still
	w.free.Broadcast()
}

// die makes the connection a half-open one.
func (w *wire) die() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dead = true
}

// sender returns what writes to a connection, at once or delayed.
func (w *wire) sender(to *net.TCPConn) sender {
	if w.delay == nil {
		return direct{to}
	}
	l := &delayLine{wire: w, to: to, parcels: make(chan parcel, 64), done: make(chan struct{})}
	go l.run()
	return l
}

// sender writes to a connection. close waits until all is written; it may be
// called more than once.
type sender interface {
	write(data []byte) error
	close()
}

type direct struct{ conn *net.TCPConn }

func (d direct) write(data []byte) error {
	_, err := d.conn.Write(data)
	return err
}

func (direct) close() {}

// A delayLine writes everything so much later, in order.
type delayLine struct {
	wire    *wire
	to      *net.TCPConn
	parcels chan parcel
	done    chan struct{}
	closed  bool
}

type parcel struct {
	data []byte
	due  time.Time
}

func (l *delayLine) write(data []byte) error {
	p := parcel{append([]byte(nil), data...), time.Now().Add(l.wire.delay())}
	select {
	case l.parcels <- p:
		return nil
	case <-l.done:
		return net.ErrClosed
	}
}

func (l *delayLine) close() {
	if !l.closed {
		l.closed = true
		close(l.parcels)
	}
	<-l.done
}

func (l *delayLine) run() {
	defer close(l.done)
	for p := range l.parcels {
		if wait := time.Until(p.due); wait > 0 && !l.wire.pause(wait) {
			return
		}
		if _, err := l.to.Write(p.data); err != nil {
			l.wire.end(false)
			return
		}
	}
}
