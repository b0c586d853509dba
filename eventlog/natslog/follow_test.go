package natslog

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/sse"
)

func openLog(t testing.TB, limits eventlog.Limits, options ...Option) *Log {
	t.Helper()
	s, err := Open(t.Context(), append(options, WithDir(t.TempDir()))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	l, err := s.Open(t.Context(), "test", limits)
	if err != nil {
		t.Fatal(err)
	}
	return l.(*Log)
}

func (l *Log) add(t testing.TB, data ...string) []eventlog.Position {
	t.Helper()
	var entries []eventlog.Entry
	for _, d := range data {
		entries = append(entries, eventlog.Entry{Event: sse.Event{Data: []byte(d)}})
	}
	positions, err := l.Append(t.Context(), "t", entries...)
	if err != nil {
		t.Fatal(err)
	}
	return positions
}

// record is what a follower got.
type got struct {
	data string
	err  error
}

// tailOf follows the topic and sends what it gets, to a channel without room: who
// does not receive is slow.
func tailOf(t testing.TB, l *Log, after eventlog.Position) <-chan got {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ch, done := make(chan got), make(chan struct{})
	go func() {
		defer close(done)
		for r, err := range l.Follow(ctx, "t", after) {
			select {
			case ch <- got{string(r.Event.Data), err}:
			case <-ctx.Done():
			}
		}
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
	return ch
}

func expect(t testing.TB, ch <-chan got, data ...string) {
	t.Helper()
	limit := time.NewTimer(30 * time.Second)
	defer limit.Stop()
	for _, want := range data {
		select {
		case g := <-ch:
			if g.data != want || g.err != nil {
				t.Fatalf("got %q, %v, want %q", g.data, g.err, want)
			}
		case <-limit.C:
			t.Fatalf("%q does not arrive", want)
		}
	}
}

func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("not within 30 s: %s", what)
		}
	}
}

// followed returns the one tail there is.
func (l *Log) followed(t testing.TB) *tail {
	t.Helper()
	var found *tail
	until(t, "the topic is followed", func() bool {
		l.follows.mu.Lock()
		defer l.follows.mu.Unlock()
		if len(l.follows.order) == 1 {
			found = l.follows.order[0]
		}
		return found != nil
	})
	return found
}

func TestAuditFindsLastRecordWhoseLiveCopyWasLost(t *testing.T) {
	l := openLog(t, eventlog.Limits{})
	ch := tailOf(t, l, eventlog.Position{})
	l.add(t, "1")
	expect(t, ch, "1")
	if err := l.followed(t).sub.Unsubscribe(); err != nil { // from now on, all are
		t.Fatal(err)
	}
	l.add(t, "2", "3")
	expect(t, ch, "2", "3")
}

func TestLostLiveCopyInBetweenIsRead(t *testing.T) {
	l := openLog(t, eventlog.Limits{}, WithAuditInterval(time.Hour))
	ch := tailOf(t, l, eventlog.Position{})
	l.add(t, "1")
	expect(t, ch, "1")
	tail := l.followed(t)
	subject := tail.sub.Subject
	if err := tail.sub.Unsubscribe(); err != nil {
		t.Fatal(err)
	}
	l.add(t, "2", "3")
	sub, err := l.store.conn.ChanSubscribe(subject, l.follows.arrived)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sub.Unsubscribe() }()
	l.add(t, "4")
	expect(t, ch, "2", "3", "4")
}

func TestSlowFollowerGetsAllAndHoldsUpNobody(t *testing.T) {
	l := openLog(t, eventlog.Limits{})
	slow, quick := tailOf(t, l, eventlog.Position{}), tailOf(t, l, eventlog.Position{})
	l.add(t, "0")
	expect(t, slow, "0")
	expect(t, quick, "0")
	var all []string
	for i := range 3 * queueRecords {
		all = append(all, strconv.Itoa(i+1))
	}
	l.add(t, all...)
	expect(t, quick, all...)
	tail := l.followed(t)
	l.follows.mu.Lock()
	for _, f := range tail.followers {
		f.mu.Lock()
		if len(f.queue) > queueRecords {
			t.Errorf("%d records wait", len(f.queue))
		}
		f.mu.Unlock()
	}
	l.follows.mu.Unlock()
	expect(t, slow, all...)
}

func TestFollowerOfIdleTopicOutlivesItsRecords(t *testing.T) {
	l := openLog(t, eventlog.Limits{MaxAge: 200 * time.Millisecond})
	ch := tailOf(t, l, eventlog.Position{})
	for _, data := range []string{"1", "2", "3"} {
		l.add(t, data)
		expect(t, ch, data)
		until(t, "it is trimmed", func() bool {
			b, err := l.Bounds(t.Context(), "t")
			return err == nil && b.Oldest == 0
		})
	}
}

// TestAuditReachesAllOfManyTopics has more topics than one audit asks for.
func TestAuditReachesAllOfManyTopics(t *testing.T) {
	l := openLog(t, eventlog.Limits{}, WithAuditInterval(time.Hour))
	const n = 2*auditTopics + 10
	var followers []*follower
	for i := range n {
		f, err := l.follows.attach(t.Context(), l.current.Load(), token("topic "+strconv.Itoa(i)))
		if err != nil {
			t.Fatal(err)
		}
		if err := f.tail.sub.Unsubscribe(); err != nil {
			t.Fatal(err)
		}
		followers = append(followers, f)
	}
	for i := range n {
		if _, err := l.Append(t.Context(), "topic "+strconv.Itoa(i), eventlog.Entry{}); err != nil {
			t.Fatal(err)
		}
	}
	l.suspect()
	until(t, "all are found", func() bool {
		for _, f := range followers {
			if l.follows.state(f.tail).known == 0 {
				return false
			}
		}
		return true
	})
}

// Who was there before the first record of a stream that was deleted has an epoch,
// though no record.
func TestBeginningOfAStreamThatWasMadeAnewIsOfAnotherEpoch(t *testing.T) {
	one, other := remote(t, eventlog.Limits{})
	bounds, err := one.Bounds(t.Context(), "t")
	if err != nil {
		t.Fatal(err)
	}
	if err := one.store.js.DeleteStream(t.Context(), one.stream); err != nil {
		t.Fatal(err)
	}
	other.add(t, "of the new stream")
	told := false
	for r, err := range one.Read(t.Context(), "t", bounds.End()) {
		var e *eventlog.TruncatedError
		if told = errors.As(err, &e); !told || e.Reason != eventlog.OtherEpoch || e.Asked != bounds.End() {
			t.Errorf("got %q, %v, want the error that it is another log", r.Event.Data, err)
		}
	}
	if !told {
		t.Error("the records end, and nothing is told")
	}
}
