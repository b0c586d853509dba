package peers_test

import (
	"bytes"
	"net"
	"sync"
	"testing"
)

// A cutter passes connections on to backend and cuts those that are answered:
// the first as cuts[0] says, the next as cuts[1] does, those beyond never.
type cutter struct {
	backend string
	cuts    []cut

	mu       sync.Mutex
	answered int
	conns    []net.Conn
}

// A cut ends a connection right behind the nth mark that the server sends.
type cut struct {
	mark  string
	nth   int
	reset bool // RST, not FIN
}

// fiveCuts are a cut of each kind, for a stream of at least 30 small events.
var fiveCuts = []cut{
	{mark: "\n\n", nth: 4, reset: true}, // between events
	{mark: `data: {"mess`, nth: 5},      // in an event
	{mark: "\n\n", nth: 4},              // between events
	{mark: "\nd", nth: 5, reset: true},  // behind an event's ID
	{mark: "}\n", nth: 5},               // where only the blank line is missing
}

// startCutter returns a cutter that takes connections on addr until the end of
// the test.
func startCutter(t *testing.T, backend string, cuts []cut) (c *cutter, addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c = &cutter{backend: backend, cuts: cuts}
	var passing sync.WaitGroup
	passing.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return // closed below
			}
			passing.Go(func() { c.pass(conn.(*net.TCPConn)) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		c.closeAll()
		passing.Wait()
	})
	return c, l.Addr().String()
}

// pass serves one connection.
func (c *cutter) pass(client *net.TCPConn) {
	defer client.Close()
	server, err := net.Dial("tcp", c.backend)
	if err != nil {
		return
	}
	defer server.Close()
	if !c.keep(client, server) {
		return
	}
	go func() {
		_, _ = client.WriteTo(server) // ends when either is closed
		server.Close()
	}()
	var todo *cut
	var sent []byte
	buf := make([]byte, 32<<10)
	for first := true; ; first = false {
		n, err := server.Read(buf)
		if first && n > 0 {
			todo = c.next()
		}
		out, isCut := buf[:n], false
		if todo != nil {
			before := len(sent)
			sent = append(sent, out...)
			if end, ok := todo.place(sent); ok {
				out, isCut = sent[before:end], true
			}
		}
		if _, err := client.Write(out); err != nil || isCut {
			if isCut && todo.reset {
				_ = client.SetLinger(0) // Close sends RST
			}
			return
		}
		if err != nil {
			return
		}
	}
}

// place returns where sent is to be cut, if all marks are there.
func (c *cut) place(sent []byte) (end int, ok bool) {
	for range c.nth {
		i := bytes.Index(sent[end:], []byte(c.mark))
		if i < 0 {
			return 0, false
		}
		end += i + len(c.mark)
	}
	return end, true
}

// next counts a connection that is answered and returns how it is cut.
func (c *cutter) next() *cut {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answered++
	if c.answered > len(c.cuts) {
		return nil
	}
	return &c.cuts[c.answered-1]
}

// connections returns how many connections were answered.
func (c *cutter) connections() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.answered
}

func (c *cutter) keep(conns ...net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.backend == "" {
		return false
	}
	c.conns = append(c.conns, conns...)
	return true
}

func (c *cutter) closeAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.backend = ""
	for _, conn := range c.conns {
		conn.Close()
	}
}
