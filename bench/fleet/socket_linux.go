package main

import (
	"errors"
	"net/netip"
	"os"
	"syscall"
	"time"
)

// A poller waits for many sockets at once. It is for one goroutine.
type poller struct {
	fd     int
	events []syscall.EpollEvent
}

func newPoller() (*poller, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	return &poller{fd, make([]syscall.EpollEvent, 512)}, nil
}

// edge is EPOLLET, which package syscall has as a negative number.
const edge = 1 << 31

// add watches a socket, under an index. There is news when it is connected, has
// bytes to read, or is at its end; each is told once.
func (p *poller) add(fd, index int) error {
	event := syscall.EpollEvent{Events: syscall.EPOLLIN | syscall.EPOLLOUT | syscall.EPOLLRDHUP | edge, Fd: int32(index)}
	return os.NewSyscallError("epoll_ctl", syscall.EpollCtl(p.fd, syscall.EPOLL_CTL_ADD, fd, &event))
}

// wait calls news for each socket that has any; ended means that the peer has
// ended the connection, so that it is to be read to its end.
func (p *poller) wait(timeout time.Duration, news func(index int, ended bool)) error {
	n, err := syscall.EpollWait(p.fd, p.events, int((timeout+time.Millisecond-1)/time.Millisecond))
	if err != nil && !errors.Is(err, syscall.EINTR) {
		return os.NewSyscallError("epoll_wait", err)
	}
	for _, e := range p.events[:max(n, 0)] {
		news(int(e.Fd), e.Events&(syscall.EPOLLRDHUP|syscall.EPOLLHUP|syscall.EPOLLERR) != 0)
	}
	return nil
}

// bindAddressNoPort is IP_BIND_ADDRESS_NO_PORT of linux/in.h: the port is chosen
// when the socket is connected, so that it need only be free for that peer.
const bindAddressNoPort = 24

// dial begins to connect from a source address, and does not wait.
func dial(from netip.Addr, to netip.AddrPort) (fd int, err error) {
	fd, err = syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, os.NewSyscallError("socket", err)
	}
	err = errors.Join(
		os.NewSyscallError("setsockopt", syscall.SetsockoptInt(fd, syscall.IPPROTO_IP, bindAddressNoPort, 1)),
		os.NewSyscallError("bind", syscall.Bind(fd, &syscall.SockaddrInet4{Addr: from.As4()})))
	if err == nil {
		err = syscall.Connect(fd, &syscall.SockaddrInet4{Addr: to.Addr().As4(), Port: int(to.Port())})
		if errors.Is(err, syscall.EINPROGRESS) {
			err = nil
		}
		err = os.NewSyscallError("connect", err)
	}
	if err != nil {
		_ = syscall.Close(fd)
		return -1, err
	}
	return fd, nil
}

// connected returns nil when a socket that has news is connected, or why it is
// not.
func connected(fd int) error {
	code, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_ERROR)
	if err == nil && code != 0 {
		err = syscall.Errno(code)
	}
	return os.NewSyscallError("connect", err)
}

// errWait says that there is nothing to read yet.
var errWait = errors.New("nothing to read")

func read(fd int, buf []byte) (int, error) {
	for {
		n, err := syscall.Read(fd, buf)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EAGAIN):
			return 0, errWait
		default:
			return max(n, 0), os.NewSyscallError("read", err)
		}
	}
}

// write writes little to a socket that has room.
func write(fd int, b []byte) error {
	n, err := syscall.Write(fd, b)
	if err == nil && n < len(b) {
		err = syscall.EAGAIN
	}
	return os.NewSyscallError("write", err)
}

// reset ends a connection with a RST, so that nothing is left of it on either
// side.
func reset(fd int) {
	_ = syscall.SetsockoptLinger(fd, syscall.SOL_SOCKET, syscall.SO_LINGER, &syscall.Linger{Onoff: 1})
	_ = syscall.Close(fd)
}

// fileLimit is how many files a process may have open.
func fileLimit() (int, error) {
	var limit syscall.Rlimit
	err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit)
	return int(min(limit.Max, 1<<30)), os.NewSyscallError("getrlimit", err)
}
