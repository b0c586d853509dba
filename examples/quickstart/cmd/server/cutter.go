package main

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// cutter cuts the connections of open streams, as a bad network does, so that
// resuming can be seen. A real service has no use for it.
type cutter struct {
	mu    sync.Mutex
	conns map[net.Conn]bool // those that carry a stream
}

func newCutter() *cutter { return &cutter{conns: map[net.Conn]bool{}} }

type connKey struct{}

// remember is the server's ConnContext.
func (c *cutter) remember(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, conn)
}

// watch keeps the connections of streams while next serves them.
func (c *cutter) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, ok := r.Context().Value(connKey{}).(net.Conn)
		if ok && r.URL.Path == "/notes/stream" {
			c.set(conn, true)
			defer c.set(conn, false)
		}
		next.ServeHTTP(w, r)
	})
}

func (c *cutter) set(conn net.Conn, open bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if open {
		c.conns[conn] = true
	} else {
		delete(c.conns, conn)
	}
}

// cut closes every connection that carries a stream.
func (c *cutter) cut(w http.ResponseWriter, _ *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for conn := range c.conns {
		conn.Close() // its handler sees the error and forgets it
	}
	w.WriteHeader(http.StatusNoContent)
}
