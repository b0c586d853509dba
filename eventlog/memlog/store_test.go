package memlog_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/memlog"
	"github.com/courant-dev/courant/sse"
)

func openLog(t testing.TB, s *memlog.Store, limits eventlog.Limits) eventlog.Log {
	l, err := s.Open(t.Context(), "rooms/{room}", limits)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func add(t testing.TB, l eventlog.Log, topic string, entries ...eventlog.Entry) []eventlog.Position {
	positions, err := l.Append(t.Context(), topic, entries...)
	if err != nil {
		t.Fatal(err)
	}
	return positions
}

func event(data string) eventlog.Entry { return eventlog.Entry{Event: sse.Event{Data: []byte(data)}} }

// outcome reads a topic after a position and says what came.
func outcome(t testing.TB, l eventlog.Log, topic string, after eventlog.Position) string {
	var out strings.Builder
	for r, err := range l.Read(t.Context(), topic, after) {
		var e *eventlog.TruncatedError
		switch {
		case errors.As(err, &e):
			fmt.Fprintf(&out, "%s, oldest %d", e.Reason, e.Oldest.Offset)
		case err != nil:
			t.Fatal(err)
		default:
			fmt.Fprintf(&out, "%s ", r.Event.Data)
		}
	}
	return strings.TrimSpace(out.String())
}

func TestRecordsAgeExactly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memlog.New()
		defer s.Close()
		l := openLog(t, s, eventlog.Limits{MaxAge: time.Hour})
		first := add(t, l, "t", event("1"))[0]
		<-time.After(time.Minute)
		second := add(t, l, "t", event("2"))[0]
		for _, step := range []struct {
			after            time.Duration
			zero, one, other string
		}{
			{59*time.Minute - 1, "1 2", "2", ""},
			{1, "2", "2", ""},
			{time.Minute - 1, "2", "2", ""},
			{1, "", "trimmed, oldest 0", ""},
		} {
			<-time.After(step.after)
			zero, one, other := outcome(t, l, "t", eventlog.Position{}), outcome(t, l, "t", first), outcome(t, l, "t", second)
			if zero != step.zero || one != step.one || other != step.other {
				t.Errorf("after %v more: got %q, %q and %q, want %+v", step.after, zero, one, other, step)
			}
		}
	})
}

// TestForgottenTopicsLeaveNoFalsePlace has a topic forgotten, and an ID from
// before never taken for a place in what comes later.
func TestForgottenTopicsLeaveNoFalsePlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memlog.New()
		defer s.Close()
		l := openLog(t, s, eventlog.Limits{MaxAge: time.Minute})
		old := add(t, l, "a", event("1"), event("2"), event("3"))
		add(t, l, "b", event("1"))
		<-time.After(time.Hour)
		if got := outcome(t, l, "a", old[2]); got != "" {
			t.Errorf("who has all of a forgotten topic is told %q", got)
		}
		if got := outcome(t, l, "a", old[0]); got != "trimmed, oldest 0" {
			t.Errorf("who misses some of a forgotten topic is told %q", got)
		}
		next := add(t, l, "a", event("4"))[0]
		if next.Offset <= old[2].Offset {
			t.Errorf("offset %d comes after %d", next.Offset, old[2].Offset)
		}
		for i, want := range []string{fmt.Sprintf("trimmed, oldest %d", next.Offset), fmt.Sprintf("trimmed, oldest %d", next.Offset), "4"} {
			if got := outcome(t, l, "a", old[i]); got != want {
				t.Errorf("after record %d, which is forgotten: got %q, want %q", i+1, got, want)
			}
		}
	})
}

func TestKeysAreRememberedAfterTheirRecordsAndThenForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memlog.New()
		defer s.Close()
		l := openLog(t, s, eventlog.Limits{MaxAge: time.Second})
		keyed := event("1")
		keyed.Key = "k"
		first := add(t, l, "t", keyed)[0]
		<-time.After(2*time.Minute - 1)
		if again := add(t, l, "t", keyed)[0]; again != first {
			t.Errorf("within two minutes the key is appended again, at %+v", again)
		}
		<-time.After(1)
		if again := add(t, l, "t", keyed)[0]; again.Offset <= first.Offset {
			t.Errorf("after two minutes the key is remembered, at %+v", again)
		}
	})
}

func TestEntriesBeyondTheLimitAreRefused(t *testing.T) {
	l := openLog(t, memlog.New(memlog.WithMaxEntry(10)), eventlog.Limits{})
	large := event("1234567")
	large.Event.Type = "type"
	_, err := l.Append(t.Context(), "t", event("1234567890"), large)
	var e *eventlog.TooLargeError
	if !errors.As(err, &e) || e.Size != 11 || e.Limit != 10 {
		t.Errorf("got %v", err)
	}
	if got := outcome(t, l, "t", eventlog.Position{}); got != "" {
		t.Errorf("%q was appended", got)
	}
}

// heap is how many bytes are in use.
func heap() int64 {
	runtime.GC()
	runtime.GC() // what has a finalizer goes with the second one
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestIdleTopicsAreCheapAndFreed has 100,000 topics with one record of 160 bytes
// take at most 600 bytes each, and nothing once they have aged.
func TestIdleTopicsAreCheapAndFreed(t *testing.T) {
	const topics = 100_000
	synctest.Test(t, func(t *testing.T) {
		s := memlog.New()
		defer s.Close()
		l := openLog(t, s, eventlog.Limits{MaxEvents: 1000, MaxAge: time.Hour})
		e := event(strings.Repeat("x", 160))
		e.Event.Type = "message"
		before := heap()
		for i := range topics {
			add(t, l, fmt.Sprintf("rooms/%d", i), e)
		}
		full := heap() - before
		<-time.After(3 * time.Hour)
		left := heap() - before
		t.Logf("%d bytes for each topic, of which 160 are data; %d when it is forgotten", full/topics, left/topics)
		if full/topics > 600 {
			t.Errorf("an idle topic takes %d bytes", full/topics)
		}
		// Maps keep their tables when they are emptied.
		if left/topics > 100 {
			t.Errorf("a forgotten topic takes %d bytes", left/topics)
		}
		runtime.KeepAlive(l)
	})
}

// TestRecordsOfANewMaxAgeAreFreed has records that were without a limit be gone in
// memory too, though nobody calls the log any more.
func TestRecordsOfANewMaxAgeAreFreed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memlog.New()
		defer s.Close()
		l := openLog(t, s, eventlog.Limits{})
		before := heap()
		for i := range 100 {
			add(t, l, fmt.Sprint(i), event(strings.Repeat("x", 100_000)))
		}
		openLog(t, s, eventlog.Limits{MaxAge: time.Hour})
		<-time.After(3 * time.Hour)
		if left := heap() - before; left > 1_000_000 {
			t.Errorf("records that aged take %d bytes", left)
		}
		runtime.KeepAlive(l)
	})
}

// TestFullWindowsAreBounded has a window that is always full take no more than
// three times its records.
func TestFullWindowsAreBounded(t *testing.T) {
	s := memlog.New()
	l := openLog(t, s, eventlog.Limits{MaxEvents: 1000})
	before := heap()
	for range 50 {
		for range 1000 {
			add(t, l, "t", event("0123456789abcdef"))
		}
		if used := heap() - before; used > 3*1000*(64+16) {
			t.Fatalf("1000 records of 16 bytes take %d bytes", used)
		}
	}
	runtime.KeepAlive(l)
}
