package hub

import (
	"errors"
	"net"
	"strconv"
	"syscall"
	"unsafe"
)

// A socket writes to a connection without waiting.
type socket struct{ fd int }

// errNotTaken says that a connection is not one of the operating system's.
var errNotTaken = errors.New("hub: the connection has no file descriptor")

// socketOf returns the socket of a connection, of which the caller sees to it
// that it is not closed while the socket is used.
func socketOf(conn net.Conn) (socket, error) {
	raw, ok := conn.(syscall.Conn)
	if !ok {
		return socket{}, errNotTaken
	}
	control, err := raw.SyscallConn()
	if err != nil {
		return socket{}, err
	}
	s := socket{}
	err = control.Control(func(fd uintptr) { s.fd = int(fd) })
	return s, err
}

// writeChunk writes frames as one chunk of HTTP/1.1 (RFC 9112, § 7.1) with one
// system call, and returns what the socket did not take.
func (s socket) writeChunk(frames []byte) (rest []byte, err error) {
	var room [20]byte
	head := append(strconv.AppendInt(room[:0], int64(len(frames)), 16), "\r\n"...)
	tail := [2]byte{'\r', '\n'}
	vector := [3]syscall.Iovec{
		{Base: unsafe.SliceData(head), Len: uint64(len(head))},
		{Base: unsafe.SliceData(frames), Len: uint64(len(frames))},
		{Base: &tail[0], Len: 2},
	}
	for {
		n, _, code := syscall.Syscall(syscall.SYS_WRITEV, uintptr(s.fd), uintptr(unsafe.Pointer(&vector[0])), uintptr(len(vector)))
		switch code {
		case 0:
			return restOf(int(n), head, frames, tail[:]), nil
		case syscall.EAGAIN:
			return restOf(0, head, frames, tail[:]), nil
		case syscall.EINTR:
		default:
			return nil, code
		}
	}
}

// restOf returns the parts without their first n bytes, copied only if there are
// any.
func restOf(n int, parts ...[]byte) []byte {
	var rest []byte
	for _, p := range parts {
		skip := min(n, len(p))
		n -= skip
		if skip < len(p) {
			rest = append(rest, p[skip:]...)
		}
	}
	return rest
}
