package redislog_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/redislog"
)

func numbers(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprint(i + 1)
	}
	return out
}

// subscribers is how many connections listen to what is published.
func (s *server) subscribers(t testing.TB) int {
	t.Helper()
	list, _ := s.do(t, "CLIENT", "LIST", "TYPE", "pubsub").(string)
	return strings.Count(list, "id=")
}

func TestAllTopicsShareOneConnection(t *testing.T) {
	s := start(t)
	l := open(t, s.store(t), eventlog.Limits{})
	var tails []*tail
	for i := range 50 {
		tails = append(tails, follow(t, l, fmt.Sprint(i), eventlog.Position{}))
	}
	for i := range tails {
		appendData(t, l, fmt.Sprint(i), "1", "2")
	}
	for _, f := range tails {
		f.wait(t, "1", "2")
	}
	if n := s.subscribers(t); n != 1 {
		t.Fatalf("%d connections listen", n)
	}
}

func TestTopicThatNobodyFollowsIsLeft(t *testing.T) {
	s := start(t)
	l := open(t, s.store(t), eventlog.Limits{})
	f := follow(t, l, "t", eventlog.Position{})
	appendData(t, l, "t", "1")
	f.wait(t, "1")
	channels := func() int {
		list, err := s.client(t).PubSubChannels(t.Context(), "*").Result()
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	await(t, "it is listened to", func() bool { return channels() == 1 })
	f.stop()
	await(t, "it is left", func() bool { return channels() == 0 })
}

func TestCutOfTheConnectionThatListensLosesNothing(t *testing.T) {
	s := start(t, "--appendfsync", "no")
	// Without checks, so that only the new connection can mend it.
	l := open(t, s.store(t, redislog.WithCheck(time.Hour)), eventlog.Limits{})
	f := follow(t, l, "t", eventlog.Position{})
	const n = 600
	for i, number := range numbers(n) {
		appendData(t, l, "t", number)
		if i%60 == 30 {
			s.do(t, "CLIENT", "KILL", "TYPE", "pubsub")
		}
	}
	f.wait(t, numbers(n)...)
}

// TestConnectionThatListensIsKeptWhereChecksAreRare has one ask on that connection
// whether the server is there, without which it is taken for dead and made anew.
func TestConnectionThatListensIsKeptWhereChecksAreRare(t *testing.T) {
	s := start(t, "--appendfsync", "no")
	client := s.client(t)
	f := follow(t, open(t, s.store(t, redislog.WithCheck(time.Hour)), eventlog.Limits{}), "t", eventlog.Position{})
	defer f.stop()
	await(t, "the connection is asked", func() bool {
		list, _ := client.Do(t.Context(), "CLIENT", "LIST", "TYPE", "pubsub").Text()
		return strings.Contains(list, " cmd=ping ")
	})
}

func TestCheckWithoutAPauseIsOneWithTheLeast(t *testing.T) {
	s := start(t, "--appendfsync", "no")
	l := open(t, s.store(t, redislog.WithCheck(0)), eventlog.Limits{})
	f := follow(t, l, "t", eventlog.Position{})
	appendData(t, l, "t", "1")
	f.wait(t, "1")
}

// TestWhatIsNotPublishedIsFound appends behind the back of who listens: the
// channel of this store's topics may not be read by its user.
func TestWhatIsNotPublishedIsFound(t *testing.T) {
	s := start(t)
	s.do(t, "ACL", "SETUSER", "deaf", "on", "nopass", "+@all", "~*", "resetchannels")
	deaf := redis.NewClient(&redis.Options{Network: "unix", Addr: s.socket(), Username: "deaf", Password: "any"})
	t.Cleanup(func() { deaf.Close() })
	store := redislog.New(deaf, redislog.WithCheck(20*time.Millisecond))
	t.Cleanup(func() { _ = store.Close() }) // never fails
	f := follow(t, open(t, store, eventlog.Limits{}), "t", eventlog.Position{})
	l := open(t, s.store(t), eventlog.Limits{})
	for i := range 5 {
		appendData(t, l, "t", fmt.Sprint(i+1))
		f.wait(t, numbers(i+1)...)
	}
}

func TestSlowFollowerKeepsNobodyWaiting(t *testing.T) {
	s := start(t, "--appendfsync", "no")
	l := open(t, s.store(t), eventlog.Limits{})
	slow, release := make(chan eventlog.Record), make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		defer close(slow)
		first := true
		for r, err := range l.Follow(ctx, "t", eventlog.Position{}) {
			if err != nil {
				return
			}
			if first {
				first = false
				slow <- r
				<-release
			}
			select {
			case slow <- r:
			case <-ctx.Done():
				return
			}
		}
	}()
	f := follow(t, l, "t", eventlog.Position{})
	appendData(t, l, "t", "1")
	<-slow
	const n = 2000 // more than waits for a follower
	for i := 2; i <= n; i += 4 {
		appendData(t, l, "t", fmt.Sprint(i), fmt.Sprint(i+1), fmt.Sprint(i+2), fmt.Sprint(i+3))
	}
	f.wait(t, numbers(n+1)...)
	close(release)
	var records []eventlog.Record
	for r := range slow {
		if records = append(records, r); len(records) == n+1 {
			break
		}
	}
	want(t, records, numbers(n+1)...)
}

func TestLargeRecordsAreFollowed(t *testing.T) {
	s := start(t, "--appendfsync", "no")
	l := open(t, s.store(t), eventlog.Limits{})
	f := follow(t, l, "t", eventlog.Position{})
	var data []string
	for i := range 12 {
		data = append(data, strings.Repeat(string(rune('a'+i)), 1<<(10+i)))
		appendData(t, l, "t", data[i])
		f.wait(t, data...)
	}
	records, err := read(t, l, "t", eventlog.Position{})
	if err != nil {
		t.Fatal(err)
	}
	want(t, records, data...)
}

func TestFollowWaitsForAServerThatIsAway(t *testing.T) {
	s := start(t)
	l := open(t, s.store(t, redislog.WithRetry(20*time.Second)), eventlog.Limits{})
	f := follow(t, l, "t", eventlog.Position{})
	appendData(t, l, "t", "1")
	f.wait(t, "1")
	s.kill(t)
	appended := make(chan error, 1)
	go func() {
		_, err := l.Append(context.Background(), "t", eventlog.Entry{})
		appended <- err
	}()
	select {
	case err := <-appended:
		t.Fatalf("Append ends with error %v while the server is away", err)
	case <-time.After(300 * time.Millisecond):
	}
	s.run(t)
	if err := <-appended; err != nil {
		t.Fatal(err)
	}
	f.wait(t, "1", "")
}

func TestStoreThatIsClosedHasNoGoroutines(t *testing.T) {
	s := start(t)
	// What the test itself has runs before it is counted.
	client := s.client(t)
	before := runtime.NumGoroutine()
	store := redislog.New(client)
	l := open(t, store, eventlog.Limits{})
	var tails []*tail
	for i := range 10 {
		tails = append(tails, follow(t, l, fmt.Sprint(i), eventlog.Position{}))
		appendData(t, l, fmt.Sprint(i), "1")
		tails[i].wait(t, "1")
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, f := range tails {
		<-f.done
	}
	await(t, "the goroutines are gone", func() bool { return runtime.NumGoroutine() <= before })
	await(t, "the connection is gone", func() bool { return s.subscribers(t) == 0 })
}

func TestServerThatStopsAnsweringIsWaitedFor(t *testing.T) {
	s := start(t)
	l := open(t, s.store(t), eventlog.Limits{})
	f := follow(t, l, "t", eventlog.Position{})
	appendData(t, l, "t", "1")
	f.wait(t, "1")
	s.signal(syscall.SIGSTOP)
	ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond) // longer than a check
	defer cancel()
	if _, err := l.Bounds(ctx, "t"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("Bounds of a server that does not answer: got error %v", err)
	}
	s.signal(syscall.SIGCONT)
	appendData(t, l, "t", "2")
	f.wait(t, "1", "2")
}
