package natslog_test

import (
	"bytes"
	"net"
	"strconv"
	"sync"
	"testing"

	"github.com/nats-io/nats.go"
)

// wires are connections to a NATS server on which some messages get lost.
type wires struct {
	mu   sync.Mutex
	lose func(message []byte) bool // a message with its first line, in either direction
}

// losing has messages get lost from now on.
func (w *wires) losing(lose func(message []byte) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lose = lose
}

func (w *wires) lost(message []byte) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lose != nil && w.lose(message)
}

// Dial implements the interface of [nats.SetCustomDialer].
func (w *wires) Dial(network, address string) (net.Conn, error) {
	conn, err := net.Dial(network, address)
	return &wire{Conn: conn, wires: w}, err
}

var _ nats.CustomDialer = (*wires)(nil)

type wire struct {
	net.Conn

	wires    *wires
	out, in  []byte // the beginnings of messages
	received []byte // whole ones
}

func (w *wire) Write(b []byte) (int, error) {
	w.out = append(w.out, b...)
	if _, err := w.Conn.Write(w.pass(&w.out)); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (w *wire) Read(b []byte) (int, error) {
	for len(w.received) == 0 {
		n, err := w.Conn.Read(b)
		if err != nil {
			return 0, err
		}
		w.in = append(w.in, b[:n]...)
		w.received = w.pass(&w.in)
	}
	n := copy(b, w.received)
	w.received = w.received[n:]
	return n, nil
}

// pass takes all whole messages, and returns those that do not get lost.
func (w *wire) pass(from *[]byte) []byte {
	var passed []byte
	for {
		line, _, whole := bytes.Cut(*from, []byte("\r\n"))
		if !whole {
			return passed
		}
		size := len(line) + 2
		message := false
		switch fields := bytes.Fields(line); {
		case len(fields) == 0:
		case bytes.HasSuffix(fields[0], []byte("PUB")), bytes.HasSuffix(fields[0], []byte("MSG")):
			n, _ := strconv.Atoi(string(fields[len(fields)-1])) // the size of what follows
			size += n + 2
			message = true
		}
		if len(*from) < size {
			return passed
		}
		if !message || !w.wires.lost((*from)[:size]) {
			passed = append(passed, (*from)[:size]...)
		}
		*from = (*from)[size:]
	}
}

// nth returns what loses the n-th message, from 0 on, that has a text in it.
func nth(t testing.TB, text string, n int) func([]byte) bool {
	t.Helper()
	seen := 0
	t.Cleanup(func() {
		if seen <= n {
			t.Errorf("%d messages have %q in them, so none was lost", seen, text)
		}
	})
	return func(message []byte) bool {
		if !bytes.Contains(message, []byte(text)) {
			return false
		}
		seen++
		return seen == n+1
	}
}
