package redislog_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/redislog"
	"github.com/courant-dev/courant/sse"
)

// deafConn carries what is sent, and loses the answers to appends as long as
// there are some to lose.
type deafConn struct {
	net.Conn

	lose *atomic.Int64
	cut  bool // the answer that comes is to be lost
}

func (c *deafConn) Write(b []byte) (int, error) {
	c.cut = bytes.Contains(b, []byte("payload"))
	return c.Conn.Write(b)
}

func (c *deafConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err == nil && c.cut && c.lose.Add(-1) >= 0 {
		c.Close()
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}

// deaf returns a store whose connections lose so many answers.
func deaf(t *testing.T, s *server, lose *atomic.Int64) *redislog.Store {
	client := redis.NewClient(&redis.Options{
		Addr: s.socket(),
		Dialer: func(ctx context.Context, _, addr string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, "unix", addr)
			return &deafConn{Conn: conn, lose: lose}, err
		},
	})
	store := redislog.New(client)
	t.Cleanup(func() {
		_ = store.Close() // never fails
		client.Close()
	})
	return store
}

func TestAppendWhoseAnswerIsLostIsNotAppendedTwice(t *testing.T) {
	s := start(t)
	var lose atomic.Int64
	l := open(t, deaf(t, s, &lose), eventlog.Limits{})
	appendData(t, l, "t", "1")
	lose.Store(3)
	entries := []eventlog.Entry{
		{Event: sse.Event{Data: []byte("payload 2")}},
		{Event: sse.Event{Data: []byte("payload 3")}, Key: "k"},
		{Event: sse.Event{Data: []byte("payload 3, again")}, Key: "k"},
		{Event: sse.Event{Data: []byte("payload 4")}},
	}
	positions, err := l.Append(t.Context(), "t", entries...)
	if err != nil || lose.Load() >= 0 {
		t.Fatalf("error %v, %d answers not lost", err, lose.Load())
	}
	records, err := read(t, l, "t", eventlog.Position{})
	if err != nil {
		t.Fatal(err)
	}
	want(t, records, "1", "payload 2", "payload 3", "payload 4")
	for i, record := range []int{1, 2, 2, 3} {
		if positions[i] != records[record].Position {
			t.Errorf("entry %d is at %+v, Append says %+v", i, records[record].Position, positions[i])
		}
	}
}

func TestEntryAboveTheLimitIsRefused(t *testing.T) {
	s := start(t)
	l := open(t, s.store(t, redislog.WithMaxEntry(10)), eventlog.Limits{})
	_, err := l.Append(t.Context(), "t", eventlog.Entry{}, eventlog.Entry{Event: sse.Event{Type: "type", Data: []byte("1234567")}})
	var e *eventlog.TooLargeError
	if !errors.As(err, &e) || e.Size != 11 || e.Limit != 10 {
		t.Fatalf("got error %v", err)
	}
	if records, err := read(t, l, "t", eventlog.Position{}); len(records) > 0 || err != nil {
		t.Fatalf("%d records are there; error %v", len(records), err)
	}
}

func TestFullServerIsAnErrorAtOnce(t *testing.T) {
	s := start(t, "--maxmemory", "8mb", "--maxmemory-policy", "noeviction", "--appendfsync", "no")
	l := open(t, s.store(t, redislog.WithRetry(time.Hour)), eventlog.Limits{})
	f := follow(t, l, "t", eventlog.Position{})
	var all []string
	var err error
	for err == nil && len(all) < 1000 {
		data := fmt.Sprint(len(all), strings.Repeat("x", 40_000))
		if _, err = l.Append(t.Context(), "t", eventlog.Entry{Event: sse.Event{Data: []byte(data)}}); err == nil {
			all = append(all, data)
		}
	}
	if !errors.Is(err, eventlog.ErrFull) || !redis.HasErrorPrefix(err, "OOM") {
		t.Fatalf("after %d entries: got error %v, want one of memory", len(all), err)
	}
	f.wait(t, all...)
	records, err := read(t, l, "t", eventlog.Position{})
	if err != nil {
		t.Fatal(err)
	}
	want(t, records, all...)
	if err := l.Trim(t.Context(), "t", records[len(records)/2].Position); err != nil {
		t.Fatal(err)
	}
	appendData(t, l, "t", "again")
	f.wait(t, append(all, "again")...)
}

func TestFullDiskIsAnErrorAtOnce(t *testing.T) {
	s := in(t.TempDir(), "--appendfsync", "everysec")
	s.room = "100" // of which Redis makes "no space left on device"
	t.Cleanup(func() { s.kill(t) })
	s.run(t)
	l := open(t, s.store(t, redislog.WithRetry(time.Hour)), eventlog.Limits{})
	f := follow(t, l, "t", eventlog.Position{})
	var all []string
	var err error
	for err == nil && len(all) < 1000 {
		data := fmt.Sprint(len(all), strings.Repeat("x", 10_000))
		if _, err = l.Append(t.Context(), "t", eventlog.Entry{Event: sse.Event{Data: []byte(data)}}); err == nil {
			all = append(all, data)
		}
	}
	if !errors.Is(err, eventlog.ErrFull) || !redis.HasErrorPrefix(err, "MISCONF") {
		t.Fatalf("after %d entries: got error %v, want one of the disk", len(all), err)
	}
	f.wait(t, all...)
	records, err := read(t, l, "t", eventlog.Position{})
	if err != nil {
		t.Fatal(err)
	}
	want(t, records, all...)
}

func TestIdleTopicVanishes(t *testing.T) {
	s := start(t)
	store := s.store(t)
	l := open(t, store, eventlog.Limits{MaxAge: time.Minute})
	appendData(t, l, "t", "1")
	left := func(key string) time.Duration { return s.client(t).PTTL(context.Background(), key).Val() }
	if d := left("courant:{log:t}"); d < 59*time.Second || d > 62*time.Second {
		t.Errorf("the records vanish in %v", d)
	}
	if d := left("courant:{log:t}:meta"); d < 2*time.Minute || d > 3*time.Minute {
		t.Errorf("what is known of them vanishes in %v", d)
	}
	// A limit that is taken away holds for what is there.
	open(t, store, eventlog.Limits{})
	if _, err := l.Bounds(t.Context(), "t"); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"courant:{log:t}", "courant:{log:t}:meta"} {
		if d := left(key); d != -1 {
			t.Errorf("%s vanishes in %v", key, d)
		}
	}
}

// TestClusterKeepsTopicsTogether has two servers with half of the keys each.
func TestClusterKeepsTopicsTogether(t *testing.T) {
	var addrs []string
	var servers []*server
	for i := range 2 {
		port, bus := freePort(t), freePort(t)
		servers = append(servers, start(t, "--cluster-enabled", "yes", "--bind", "127.0.0.1", "--port", port, "--cluster-port", bus))
		addrs = append(addrs, "127.0.0.1:"+port)
		if i > 0 {
			servers[0].do(t, "CLUSTER", "MEET", "127.0.0.1", port, bus)
		}
	}
	servers[0].do(t, "CLUSTER", "ADDSLOTSRANGE", 0, 8191)
	servers[1].do(t, "CLUSTER", "ADDSLOTSRANGE", 8192, 16383)
	for _, s := range servers {
		await(t, "the cluster is ready", func() bool {
			info, _ := s.do(t, "CLUSTER", "INFO").(string)
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:2")
		})
	}
	client := redis.NewClusterClient(&redis.ClusterOptions{Addrs: addrs})
	t.Cleanup(func() { client.Close() })
	store := redislog.New(client)
	t.Cleanup(func() { _ = store.Close() }) // never fails
	l := open(t, store, eventlog.Limits{MaxEvents: 3, MaxAge: time.Hour, MaxBytes: 1000})
	epochs := map[eventlog.Epoch]bool{}
	for i := range 20 {
		topic := fmt.Sprintf("rooms/%d{}", i)
		f := follow(t, l, topic, eventlog.Position{})
		entry := eventlog.Entry{Key: "k", Event: sse.Event{Data: []byte("1")}}
		positions, err := l.Append(t.Context(), topic, entry, entry)
		if err != nil || positions[0] != positions[1] {
			t.Fatalf("got %v, error %v", positions, err)
		}
		epochs[positions[0].Epoch] = true
		f.wait(t, "1")
		appendData(t, l, topic, "2", "3", "4")
		f.wait(t, "1", "2", "3", "4")
		records, err := read(t, l, topic, positions[0])
		if err != nil {
			t.Fatal(err)
		}
		want(t, records, "2", "3", "4")
	}
	if len(epochs) != 1 {
		t.Errorf("the log has the epochs %v", epochs)
	}
}
