package hub

import (
	"os"
	"sync"
	"syscall"
)

// A poller notices when the clients of connections that were taken over are
// gone: nothing else reads from these.
type poller struct {
	file *os.File // the epoll instance, which the run time of Go waits for
	raw  syscall.RawConn

	mu    sync.Mutex
	conns map[uint64]*conn
	count uint64
}

// startPoller returns the hub's poller, which is started if it is not. It is nil
// where there can be none; then nothing is taken over.
func (h *Hub) startPoller() *poller {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.poller != nil || h.closed {
		return h.poller
	}
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil
	}
	_ = syscall.SetNonblock(fd, true) // so that it is waited for as sockets are
	p := &poller{file: os.NewFile(uintptr(fd), "epoll"), conns: map[uint64]*conn{}}
	if p.raw, err = p.file.SyscallConn(); err != nil {
		_ = p.file.Close()
		return nil
	}
	h.poller = p
	h.running.Go(p.run)
	h.running.Go(func() {
		<-h.ctx.Done()
		_ = p.file.Close()
	})
	return p
}

// add watches a connection and returns its number.
func (p *poller) add(c *conn) uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count++
	p.conns[p.count] = c
	event := syscall.EpollEvent{Events: syscall.EPOLLRDHUP | syscall.EPOLLONESHOT, Fd: int32(p.count), Pad: int32(p.count >> 32)}
	_ = p.raw.Control(func(fd uintptr) { // not if it is closed
		_ = syscall.EpollCtl(int(fd), syscall.EPOLL_CTL_ADD, c.socket.fd, &event)
	})
	return p.count
}

// remove forgets a connection. The kernel does when it is closed.
func (p *poller) remove(number uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, number)
}

func (p *poller) run() {
	events := make([]syscall.EpollEvent, 128)
	for {
		n := 0
		err := p.raw.Read(func(fd uintptr) bool {
			n, _ = syscall.EpollWait(int(fd), events, 0)
			return n > 0
		})
		if err != nil {
			return // closed
		}
		for _, e := range events[:n] {
			p.mu.Lock()
			c := p.conns[uint64(uint32(e.Fd))|uint64(uint32(e.Pad))<<32]
			p.mu.Unlock()
			if c != nil {
				c.gone()
			}
		}
	}
}
