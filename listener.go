package courant

import (
	"context"
	"net"
	"strings"
	"syscall"
	"time"
)

// How [Listen] finds out that a peer has vanished. Its documentation and the
// README state the same.
const (
	// A peer that has acknowledged nothing for so long is given up. The last
	// moment to send to a peer that vanished is just before its silence is
	// noticed: so twice this and one probe is the worst case, 55 s.
	vanishedAfter = 25 * time.Second

	// While nothing is under way, the peer is asked for a sign of life.
	probeIdle     = 15 * time.Second
	probeInterval = 5 * time.Second
	probeCount    = int((vanishedAfter - probeIdle) / probeInterval)
)

// Listen listens like [net.Listen], for a server whose connections are open for
// long, and notices peers that vanish without a word: a machine that lost its
// power, a network that was left, a firewall that forgot the connection. Pass
// what it returns to [net/http.Server.Serve].
//
// An ordinary listener leaves that to the system, which for up to a quarter of an
// hour takes heartbeats for sent that nobody receives: they fit its buffers,
// so that [WithWriteDeadline] has nothing to say.
//
// On Linux a connection ends when what was sent is not acknowledged for 25 s
// (TCP_USER_TIMEOUT), or, while nothing is sent, when 25 s have passed without
// anything from the peer, which is asked for a sign of life after 15 s and every
// 5 s from then on (SO_KEEPALIVE). So with heartbeats each 15 s the server
// knows 41 s after the peer vanished, at the latest; whatever it sends, and when,
// within a minute. The context of the method is done then, and Send fails with
// [ErrPeerGone]. The same 25 s end the connection of a peer that is there but
// takes nothing of what waits for it.
//
// On other systems only the probes are ours. A peer that vanishes while nothing
// is under way is noticed within 30 s; otherwise, and with heartbeats that is
// mostly so, when the system gives up sending again, which may take minutes.
//
// ctx ends the search for the address alone. The listener of a network other
// than TCP is what net.Listen returns. Multipath TCP, which net.Listen offers to
// peers, is switched off: there a connection outlives the paths that time out.
func Listen(ctx context.Context, network, address string) (net.Listener, error) {
	var config net.ListenConfig
	if strings.HasPrefix(network, "tcp") {
		config.Control = func(_, _ string, socket syscall.RawConn) error { return giveUpAfter(socket, vanishedAfter) }
		config.KeepAliveConfig = net.KeepAliveConfig{Enable: true, Idle: probeIdle, Interval: probeInterval, Count: probeCount}
		config.SetMultipathTCP(false)
	}
	return config.Listen(ctx, network, address)
}
