package couranttest

import (
	"net"
	"net/http"
)

// A ServerOption sets up a [Server]: [WithServer], [WithHTTP2], [WithBuffer].
type ServerOption func(*serverConfig)

type serverConfig struct {
	configure []func(*http.Server)
	protocols *http.Protocols // nil: HTTP/1.1
	buffer    int
}

const defaultBuffer = 64 << 10

func newServerConfig(opts []ServerOption) serverConfig {
	c := serverConfig{buffer: defaultBuffer}
	for _, opt := range opts {
		opt(&c)
	}
	return c
}

// WithServer calls configure with the [http.Server] before it serves, and with
// those of later restarts: to set timeouts or a log. Its Handler must be left
// alone. By default it has no timeout but a minute for the header of a request,
// and logs nothing.
func WithServer(configure func(*http.Server)) ServerOption {
	return func(c *serverConfig) { c.configure = append(c.configure, configure) }
}

// WithHTTP2 makes the server and its client speak HTTP/2, without TLS. The
// default is HTTP/1.1.
func WithHTTP2() ServerOption {
	return func(c *serverConfig) {
		c.protocols = new(http.Protocols)
		c.protocols.SetUnencryptedHTTP2(true)
	}
}

// WithBuffer sets how many bytes are on their way in each direction of a
// connection in memory before a write waits for its reader. With 0, every write
// waits: so a client that does not read is noticed at the first byte. The default
// is 64 KiB. Over TCP it has no effect.
func WithBuffer(bytes int) ServerOption {
	return func(c *serverConfig) { c.buffer = max(bytes, 0) }
}

// pipe returns the two ends of a connection.
func (c *serverConfig) pipe() (here, there net.Conn) {
	if c.buffer == 0 {
		return net.Pipe()
	}
	return newPipe(c.buffer)
}
