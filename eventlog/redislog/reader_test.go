package redislog_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/sse"
)

func appendData(t testing.TB, l eventlog.Log, topic string, data ...string) []eventlog.Position {
	t.Helper()
	entries := make([]eventlog.Entry, len(data))
	for i, d := range data {
		entries[i].Event = sse.Event{Data: []byte(d)}
	}
	positions, err := l.Append(t.Context(), topic, entries...)
	if err != nil {
		t.Fatal(err)
	}
	return positions
}

func read(t testing.TB, l eventlog.Log, topic string, after eventlog.Position) (records []eventlog.Record, err error) {
	t.Helper()
	for r, err := range l.Read(t.Context(), topic, after) {
		if err != nil {
			return records, err
		}
		records = append(records, r)
	}
	return records, nil
}

func want(t testing.TB, records []eventlog.Record, data ...string) {
	t.Helper()
	got := []string{}
	for _, r := range records {
		got = append(got, string(r.Event.Data))
	}
	if !slices.Equal(got, data) {
		t.Fatalf("got %.200q, want %.200q", got, data)
	}
}

func wantTruncated(t testing.TB, err error, asked eventlog.Position) {
	t.Helper()
	var e *eventlog.TruncatedError
	if !errors.As(err, &e) || e.Asked != asked {
		t.Fatalf("got error %v, want a *eventlog.TruncatedError after %+v", err, asked)
	}
}

func wantReason(t testing.TB, err error, asked eventlog.Position, reason eventlog.Reason) {
	t.Helper()
	wantTruncated(t, err, asked)
	if e := (*eventlog.TruncatedError)(nil); errors.As(err, &e) && e.Reason != reason {
		t.Fatalf("the reason is %q, want %q", e.Reason, reason)
	}
}

// tail is a Follow in a goroutine, which ends with the test.
type tail struct {
	stop context.CancelFunc
	done chan struct{}

	mu      sync.Mutex
	records []eventlog.Record
	err     error
}

func follow(t testing.TB, l eventlog.Log, topic string, after eventlog.Position) *tail {
	ctx, stop := context.WithCancel(context.Background())
	f := &tail{stop: stop, done: make(chan struct{})}
	t.Cleanup(stop)
	go func() {
		defer close(f.done)
		for r, err := range l.Follow(ctx, topic, after) {
			f.mu.Lock()
			if err != nil {
				f.err = err
			} else {
				f.records = append(f.records, r)
			}
			f.mu.Unlock()
		}
	}()
	return f
}

func (f *tail) seen() []eventlog.Record {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clip(f.records)
}

// wait waits for as many records as data, and compares them.
func (f *tail) wait(t testing.TB, data ...string) {
	t.Helper()
	await(t, fmt.Sprintf("%d records", len(data)), func() bool {
		select {
		case <-f.done:
			t.Fatalf("Follow ended with error %v after %d records", f.err, len(f.records))
		default:
		}
		return len(f.seen()) >= len(data)
	})
	want(t, f.seen(), data...)
}

// outcome returns the error that Follow ends with.
func (f *tail) outcome(t testing.TB) error {
	t.Helper()
	select {
	case <-f.done:
		return f.err
	case <-time.After(20 * time.Second):
		t.Fatal("Follow does not end")
		return nil
	}
}
