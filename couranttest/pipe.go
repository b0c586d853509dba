package couranttest

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// newPipe returns the two ends of a connection in memory which behaves as one
// over TCP does: each direction takes size bytes before a write has to wait, and
// what was written before a close or a reset can still be read.
func newPipe(size int) (here, there net.Conn) {
	a, b := newHalf(size), newHalf(size)
	return &pipe{in: a, out: b}, &pipe{in: b, out: a}
}

// pipe is one end of a connection in memory.
type pipe struct {
	in, out *half
	closed  sync.Once
}

// half is one direction of a connection.
type half struct {
	mu      sync.Mutex
	changed sync.Cond
	buf     []byte
	taken   int // bytes of buf that were read
	size    int
	reader  side
	writer  side
	reset   bool
}

// side is the end of a half that reads, or the one that writes.
type side struct {
	closed   bool
	deadline time.Time
	timer    *time.Timer // wakes whoever waits when the deadline has come
}

func newHalf(size int) *half {
	h := &half{size: size}
	h.changed.L = &h.mu
	return h
}

func (s *side) late() bool { return !s.deadline.IsZero() && !time.Now().Before(s.deadline) }

func (h *half) read(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.reader.closed:
			return 0, net.ErrClosed
		case h.reader.late():
			return 0, os.ErrDeadlineExceeded
		case len(p) == 0:
			return 0, nil
		case h.len() > 0:
			n := copy(p, h.buf[h.taken:])
			h.taken += n
			h.changed.Broadcast()
			return n, nil
		case h.reset:
			return 0, syscall.ECONNRESET
		case h.writer.closed:
			return 0, io.EOF
		}
		h.changed.Wait()
	}
}

func (h *half) write(p []byte) (n int, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.writer.closed:
			return n, net.ErrClosed
		case h.reset:
			return n, syscall.ECONNRESET
		case h.reader.closed:
			return n, syscall.EPIPE
		case h.writer.late():
			return n, os.ErrDeadlineExceeded
		}
		if room := min(len(p), h.size-h.len()); room > 0 {
			h.put(p[:room])
			p, n = p[room:], n+room
			h.changed.Broadcast()
		}
		if len(p) == 0 {
			return n, nil
		}
		h.changed.Wait()
	}
}

func (h *half) len() int { return len(h.buf) - h.taken }

func (h *half) put(p []byte) {
	if h.taken > 0 {
		h.buf = h.buf[:copy(h.buf, h.buf[h.taken:])]
		h.taken = 0
	}
	h.buf = append(h.buf, p...)
}

// close closes one side. A reader that closes will not see what is left.
func (h *half) close(s *side, reset bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s == &h.reader {
		h.buf, h.taken = nil, 0
	}
	s.closed, h.reset = true, h.reset || reset
	s.stop()
	h.changed.Broadcast()
}

func (s *side) stop() {
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
}

func (h *half) setDeadline(s *side, deadline time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.stop()
	s.deadline = deadline
	if wait := time.Until(deadline); !deadline.IsZero() && wait > 0 && !s.closed {
		s.timer = time.AfterFunc(wait, func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.changed.Broadcast()
		})
	}
	h.changed.Broadcast()
}

func (p *pipe) Read(b []byte) (int, error)  { return p.in.read(b) }
func (p *pipe) Write(b []byte) (int, error) { return p.out.write(b) }

func (p *pipe) Close() error { return p.close(false) }

// SetLinger makes the connection reset at once if seconds is 0; as for TCP, that
// is how a Close becomes a reset. Here the reset needs no Close.
func (p *pipe) SetLinger(seconds int) error {
	if seconds == 0 {
		return p.close(true)
	}
	return nil
}

func (p *pipe) close(reset bool) error {
	p.closed.Do(func() {
		p.in.close(&p.in.reader, reset) // first: what the other end answers to the close must not come
		p.out.close(&p.out.writer, reset)
	})
	return nil
}

func (p *pipe) SetDeadline(t time.Time) error {
	_ = p.SetReadDeadline(t)
	return p.SetWriteDeadline(t)
}

func (p *pipe) SetReadDeadline(t time.Time) error {
	p.in.setDeadline(&p.in.reader, t)
	return nil
}

func (p *pipe) SetWriteDeadline(t time.Time) error {
	p.out.setDeadline(&p.out.writer, t)
	return nil
}

func (*pipe) LocalAddr() net.Addr  { return memoryAddr{} }
func (*pipe) RemoteAddr() net.Addr { return memoryAddr{} }

// memoryAddr is the address of both ends: as the address of a client it is one
// of the loopback, with no port that could be reached.
type memoryAddr struct{}

func (memoryAddr) Network() string { return "memory" }
func (memoryAddr) String() string  { return "127.0.0.1:0" }
