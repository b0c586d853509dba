package hub

import (
	"errors"
	"net"
	"strconv"
	"syscall"
	"unsafe"
)

// takesOver says that connections can be taken over.
const takesOver = true

// A socket writes to a connection without waiting.
type socket struct{ fd int }

// errWrapped says that a connection is not one of the operating system's, but
// somebody's who may do what he likes with what is written.
var errWrapped = errors.New("hub: the connection is not one of package net")

// socketOf returns the socket of a connection, of which the caller sees to it
// that it is not closed while the socket is used.
func socketOf(conn net.Conn) (socket, error) {
	var control syscall.RawConn
	err := errWrapped
	switch c := conn.(type) {
	case *net.TCPConn:
		control, err = c.SyscallConn()
	case *net.UnixConn:
		control, err = c.SyscallConn()
	}
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
	var vector [3]syscall.Iovec
	for i, part := range [...][]byte{head, frames, tail[:]} {
		vector[i].Base = unsafe.SliceData(part) //nolint:gosec // what writev takes
		vector[i].SetLen(len(part))             // whose type is not the same everywhere
	}
	for {
		n, _, code := syscall.Syscall(syscall.SYS_WRITEV, uintptr(s.fd), uintptr(unsafe.Pointer(&vector[0])), uintptr(len(vector))) //nolint:gosec // likewise
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
