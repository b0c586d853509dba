package natslog

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/courant-dev/courant/eventlog"
)

// remote returns two logs, of two processes as it were, in one stream of a server.
func remote(t *testing.T, limits eventlog.Limits, options ...Option) (one, other *Log) {
	t.Helper()
	ns, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	ns.Start()
	t.Cleanup(func() {
		ns.Shutdown()
		ns.WaitForShutdown()
	})
	if !ns.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server does not start")
	}
	var logs [2]*Log
	for i := range logs {
		s, err := Open(t.Context(), append(options, WithURL(ns.ClientURL()))...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		l, err := s.Open(t.Context(), "test", limits)
		if err != nil {
			t.Fatal(err)
		}
		logs[i] = l.(*Log)
	}
	return logs[0], logs[1]
}

// trimmed has a follower of one log get "1" but not the live copy of "2", both of which
// are trimmed by the other.
func trimmed(t *testing.T, one, other *Log) (ch <-chan got, hear func()) {
	t.Helper()
	ch = tailOf(t, one, eventlog.Position{})
	other.add(t, "1")
	expect(t, ch, "1")
	hear = one.deaf(t)
	at := other.add(t, "2")
	if err := other.Trim(t.Context(), "t", at[0]); err != nil {
		t.Fatal(err)
	}
	return ch, hear
}

// deaf has live copies of the one topic that is followed get lost until the
// function it returns is called.
func (l *Log) deaf(t *testing.T) (hear func()) {
	t.Helper()
	sub := l.followed(t).sub
	if err := sub.Unsubscribe(); err != nil {
		t.Fatal(err)
	}
	if err := l.store.conn.Flush(); err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if _, err := l.store.conn.ChanSubscribe(sub.Subject, l.follows.arrived); err != nil {
			t.Fatal(err)
		}
		if err := l.store.conn.Flush(); err != nil {
			t.Fatal(err)
		}
	}
}

func expectTruncated(t *testing.T, ch <-chan got) {
	t.Helper()
	select {
	case g := <-ch:
		var e *eventlog.TruncatedError
		if !errors.As(g.err, &e) || e.Reason != eventlog.Trimmed {
			t.Fatalf("got %q, %v, want a TruncatedError", g.data, g.err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("nothing arrives")
	}
}

func TestFollowerIsToldOfATrimmedRecordWhoseLiveCopyWasLost(t *testing.T) {
	t.Parallel()
	for name, limits := range map[string]eventlog.Limits{"no limits": {}, "old ones are trimmed": {MaxAge: time.Hour}} {
		t.Run(name, func(t *testing.T) {
			one, other := remote(t, limits, WithAuditInterval(time.Hour))
			ch, hear := trimmed(t, one, other)
			hear()
			other.add(t, "3")
			expectTruncated(t, ch)
		})
		t.Run(name+", read again", func(t *testing.T) {
			one, other := remote(t, limits, WithAuditInterval(time.Hour))
			ch, _ := trimmed(t, one, other)
			one.follows.lose()
			expectTruncated(t, ch)
		})
		t.Run(name+", audited", func(t *testing.T) {
			one, other := remote(t, limits)
			ch, _ := trimmed(t, one, other)
			expectTruncated(t, ch)
		})
	}
}

// TestFollowerOfAnEmbeddedServerIsToldOfATrimmedRecord has a follower lose what was
// stored, as one does whose process cannot keep up.
func TestFollowerOfAnEmbeddedServerIsToldOfATrimmedRecord(t *testing.T) {
	l := openLog(t, eventlog.Limits{MaxAge: time.Hour})
	ch, _ := trimmed(t, l, l)
	l.follows.lose()
	expectTruncated(t, ch)
}

func TestMarksOfTrimsVanish(t *testing.T) {
	_, l := remote(t, eventlog.Limits{})
	inc := l.current.Load()
	for _, data := range []string{"1", "2"} {
		at := l.add(t, data)
		if err := l.Trim(t.Context(), "t", at[0]); err != nil {
			t.Fatal(err)
		}
	}
	seq, topic, through, err := l.nextMark(t.Context(), inc, ">", 1)
	if err != nil || topic != "t" || through != 1 {
		t.Fatalf("the first mark is at %d: %q, %d, %v", seq, topic, through, err)
	}
	mark, err := l.get(t.Context(), getRequest{Seq: seq})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.forget(t.Context(), inc, mark.time.Add(markTime)); err != nil {
		t.Fatal(err)
	}
	if seq, _, through, err = l.nextMark(t.Context(), inc, ">", 1); err != nil || through != 3 {
		t.Errorf("the first mark is at %d: %d, %v", seq, through, err)
	}
}

func TestFollowerWhoHadAllNoticesNoTrim(t *testing.T) {
	one, other := remote(t, eventlog.Limits{MaxAge: time.Hour}, WithAuditInterval(20*time.Millisecond))
	ch := tailOf(t, one, eventlog.Position{})
	for _, data := range []string{"1", "2", "3"} {
		at := other.add(t, data)
		expect(t, ch, data)
		if err := other.Trim(t.Context(), "t", at[0]); err != nil {
			t.Fatal(err)
		}
		if data == "2" {
			until(t, "an audit has found it", func() bool { return one.follows.state(one.followed(t)).trimmed == at[0].Offset })
		}
	}
}

func TestEventOfNoBytesCountsNothing(t *testing.T) {
	l := openLog(t, eventlog.Limits{MaxBytes: 1000})
	l.add(t, "", "")
	l.add(t, "1")
	expect(t, tailOf(t, l, eventlog.Position{}), "", "", "1")
}

func TestLowerMaxBytesHoldsFromTheNextAppendOn(t *testing.T) {
	l := openLog(t, eventlog.Limits{MaxBytes: 1 << 20})
	l.add(t, strings.Repeat("a", 5000), strings.Repeat("b", 5000))
	if _, err := l.store.Open(t.Context(), "test", eventlog.Limits{MaxBytes: 1000}); err != nil {
		t.Fatal(err)
	}
	l.add(t, "new")
	expect(t, tailOf(t, l, eventlog.Position{}), "new")
}
