package natslog

import (
	"errors"
	"testing"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/sse"
)

// fill appends entries of 1,000 bytes until there is an error.
func (l *Log) fill(t testing.TB) (appended int, err error) {
	t.Helper()
	const most = 10_000
	for ; appended < most; appended++ {
		positions, err := l.Append(t.Context(), "t", eventlog.Entry{Event: sse.Event{Data: make([]byte, 1000)}})
		if err != nil {
			if len(positions) != 0 {
				t.Errorf("%d positions with error %v", len(positions), err)
			}
			return appended, err
		}
	}
	t.Fatalf("%d entries are appended without an error", most)
	return 0, nil
}

func (l *Log) count(t testing.TB) int {
	t.Helper()
	n := 0
	for _, err := range l.Read(t.Context(), "t", eventlog.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

func TestFullStoreIsAnErrorUntilThereIsRoom(t *testing.T) {
	l := openLog(t, eventlog.Limits{}, WithMaxStore(100_000))
	n, err := l.fill(t)
	if !errors.Is(err, eventlog.ErrFull) {
		t.Fatalf("after %d entries: %v", n, err)
	}
	positions, err := l.Append(t.Context(), "t", eventlog.Entry{}, eventlog.Entry{})
	if !errors.Is(err, eventlog.ErrFull) || len(positions) != 0 {
		t.Errorf("two entries: %v, %v", positions, err)
	}
	if got := l.count(t); got != n {
		t.Errorf("%d of %d entries can be read", got, n)
	}
	b, err := l.Bounds(t.Context(), "t")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Trim(t.Context(), "t", eventlog.Position{Epoch: b.Epoch, Offset: b.Last - 10}); err != nil {
		t.Fatal(err)
	}
	l.add(t, "again")
	if got := l.count(t); got != 11 {
		t.Errorf("%d records are there, want 11", got)
	}
}
