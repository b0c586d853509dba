package courant

import (
	"os"
	"syscall"
	"time"
)

// tcpUserTimeout is TCP_USER_TIMEOUT of linux/tcp.h, which package syscall lacks.
const tcpUserTimeout = 18

// giveUpAfter ends connections whose peer does not acknowledge for that long
// what was sent to it. The connections that a listening socket accepts inherit
// it (tcp(7)).
func giveUpAfter(socket syscall.RawConn, d time.Duration) error {
	var failed error
	err := socket.Control(func(fd uintptr) {
		failed = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(d.Milliseconds()))
	})
	if err != nil {
		return err
	}
	return os.NewSyscallError("setsockopt", failed)
}
