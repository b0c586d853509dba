package courant_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant"
)

// A feed publishes the same events to every stream.
type feed struct {
	at   []time.Time     // when the event was published
	more []chan struct{} // closed then
}

func newFeed(events int) *feed {
	f := &feed{make([]time.Time, events), make([]chan struct{}, events)}
	for i := range f.more {
		f.more[i] = make(chan struct{})
	}
	return f
}

// publish publishes all, and calls each in between.
func (f *feed) publish(every time.Duration, each func(n int)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for n := range f.more {
		<-ticker.C
		f.at[n] = time.Now()
		close(f.more[n])
		each(n)
	}
}

// send sends each event when it is published, its number first, until Send fails.
func (f *feed) send(s serverStream, padding string) error {
	for n, published := range f.more {
		<-published
		if err := s.Send(&event{Message: strconv.Itoa(n) + padding}); err != nil {
			return err
		}
	}
	return nil
}

// TestStalledClientsHarmNobody has clients that stop reading beside others that
// get the same events, over TCP: the first end at the deadline of a write, the
// others get everything without delay, and what waits for the first is bounded.
func TestStalledClientsHarmNobody(t *testing.T) {
	const (
		stalled, reading = 16, 4
		events, size     = 100, 8 << 10 // for each stream four times what may wait
		deadline         = 2 * time.Second
		waiting          = 2 * (64<<10 + size) // the Send buffer and the one that is being written
		mostWaiting      = 2 * waiting         // as slices grow
	)
	f, padding := newFeed(events), strings.Repeat(" ", size)
	failed := make(chan error, stalled)
	streams := &courant.Streams{}
	server := startTCP(t, watching(watch(), func(ctx context.Context, p *watchPayload, s serverStream) error {
		if p.Room != "stalled" {
			_ = courant.Open(s)
			return f.send(s, padding)
		}
		_ = ctx.Value(connKey{}).(*net.TCPConn).SetWriteBuffer(16 << 10) // full soon
		err := f.send(s, padding)
		failed <- err
		return err
	}, courant.WithStreams(streams), courant.WithWriteDeadline(deadline)))
	for range stalled {
		stall(t, server.Listener.Addr().String(), "/rooms/stalled/events")
	}
	slowest := make(chan time.Duration, reading)
	c := courant.NewClient(server.URL, courant.WithReconnect(courant.Never))
	for range reading {
		stream, err := courant.CallStream(t.Context(), c, watch(), &watchPayload{Room: "reading"})
		if err != nil {
			t.Fatal(err)
		}
		defer stream.Close()
		go func() { slowest <- f.receive(t, stream) }()
	}
	eventually(t, func() bool { return streams.Len() == stalled+reading })

	before, most := heap(), uint64(0)
	f.publish(40*time.Millisecond, func(n int) {
		if n%10 == 0 {
			most = max(most, heap())
		}
	})
	for range stalled {
		if err := <-failed; !errors.Is(err, courant.ErrWriteDeadline) {
			t.Errorf("Send to a client that does not read: %v", err)
		}
	}
	var latency time.Duration
	for range reading {
		latency = max(latency, <-slowest)
	}
	if latency >= deadline {
		t.Errorf("a client that reads got an event after %v", latency)
	}
	if grown := int64(most) - int64(before); grown > stalled*mostWaiting {
		t.Errorf("the heap has grown by %d KiB per client that does not read", grown/stalled>>10)
	}
	eventually(t, func() bool { return streams.Len() == 0 })
	t.Logf("latency up to %v; %d KiB per stalled client", latency, (int64(most)-int64(before))/stalled>>10)
}

// receive receives all events in order, and returns the longest that one of them
// took.
func (f *feed) receive(t *testing.T, stream *courant.ClientStream[*event]) (slowest time.Duration) {
	next := 0
	for e, err := range stream.Events() {
		if err != nil {
			t.Errorf("after %d events: %v", next, err)
			break
		}
		if number := strings.TrimRight(e.Message, " "); number != strconv.Itoa(next) {
			t.Errorf("have event %s, want %d", number, next)
			break
		}
		slowest = max(slowest, time.Since(f.at[next]))
		next++
	}
	if next != len(f.at) {
		t.Errorf("have %d events", next)
	}
	return slowest
}

type connKey struct{}

// startTCP serves over TCP. The context of a request has the connection.
func startTCP(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	l, err := courant.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(h)
	_ = server.Listener.Close()
	server.Listener = l
	server.Config.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		return context.WithValue(ctx, connKey{}, conn)
	}
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server
}

// stall requests a stream and reads nothing of it.
func stall(t *testing.T, addr, path string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.(*net.TCPConn).SetReadBuffer(4 << 10)
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, addr); err != nil {
		t.Fatal(err)
	}
}

// heap is what is in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// eventually waits until ok.
func eventually(t *testing.T, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); {
		if time.Now().After(deadline) {
			t.Fatal("it does not come to be")
		}
		<-time.After(time.Millisecond)
	}
}
