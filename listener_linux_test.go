package courant_test

import (
	"net"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/courant-dev/courant"
)

// TestAcceptedConnectionsInheritTheTimeouts reads the options of a socket that
// was accepted: the system copies some from the one that listens.
func TestAcceptedConnectionsInheritTheTimeouts(t *testing.T) {
	for _, network := range []string{"tcp", "tcp4", "tcp6"} {
		address := "127.0.0.1:0"
		if network == "tcp6" {
			address = "[::1]:0"
		}
		accepted := accept(t, network, address)
		raw, err := accepted.(*net.TCPConn).SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		for _, option := range []struct {
			name               string
			level, which, want int
		}{
			{"TCP_USER_TIMEOUT", syscall.IPPROTO_TCP, 18, 25_000},
			{"SO_KEEPALIVE", syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 1},
			{"TCP_KEEPIDLE", syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE, 15},
			{"TCP_KEEPINTVL", syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL, 5},
			{"TCP_KEEPCNT", syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT, 2},
		} {
			var got int
			var failed error
			err := raw.Control(func(fd uintptr) { got, failed = syscall.GetsockoptInt(int(fd), option.level, option.which) })
			if err != nil || failed != nil || got != option.want {
				t.Errorf("%s: %s is %d, want %d (%v, %v)", network, option.name, got, option.want, err, failed)
			}
		}
	}
}

func TestListenTakesOtherNetworks(t *testing.T) {
	if conn := accept(t, "unix", filepath.Join(t.TempDir(), "socket")); conn.LocalAddr().Network() != "unix" {
		t.Errorf("have a connection of %s", conn.LocalAddr().Network())
	}
}

// accept listens, connects, and returns what was accepted.
func accept(t *testing.T, network, address string) net.Conn {
	t.Helper()
	l, err := courant.Listen(t.Context(), network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	there, err := net.Dial(network, l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = there.Close() })
	here, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = here.Close() })
	return here
}
