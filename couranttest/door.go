package couranttest

import (
	"context"
	"net"
	"sync"
)

// door is the net.Listener of one http.Server: connections are handed in.
type door struct {
	conns chan net.Conn
	shut  chan struct{}
	once  sync.Once
	addr  net.Addr
}

func newDoor(addr net.Addr) *door {
	return &door{conns: make(chan net.Conn), shut: make(chan struct{}), addr: addr}
}

// enter hands in a connection. It fails if the server accepts no more.
func (d *door) enter(ctx context.Context, c net.Conn) error {
	select {
	case d.conns <- c:
		return nil
	case <-d.shut:
		return net.ErrClosed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (d *door) Accept() (net.Conn, error) {
	select {
	case c := <-d.conns:
		return c, nil
	case <-d.shut:
		return nil, net.ErrClosed
	}
}

func (d *door) Close() error {
	d.once.Do(func() { close(d.shut) })
	return nil
}

func (d *door) Addr() net.Addr { return d.addr }

// serverConn is a connection at the server's side, which the server can cut.
type serverConn struct {
	net.Conn

	forget func(*serverConn)
}

func (c *serverConn) Close() error {
	c.forget(c)
	return c.Conn.Close()
}

// SetLinger is for handlers that have hijacked the connection: with 0, Close is a
// reset.
func (c *serverConn) SetLinger(seconds int) error {
	if l, ok := c.Conn.(interface{ SetLinger(seconds int) error }); ok {
		return l.SetLinger(seconds)
	}
	return nil
}

// cut resets the connection.
func (c *serverConn) cut() {
	_ = c.SetLinger(0)
	_ = c.Close()
}
