package hub_test

import (
	"context"
	"errors"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/memlog"
)

// A faulty store has a log that can be away, lose everything, come back with
// older data, and break its contract.
type faulty struct {
	eventlog.Store // that is open now

	mu      sync.Mutex
	log     eventlog.Log
	limits  eventlog.Limits
	name    string
	away    bool
	skip    bool          // the next record of Follow is left out
	changed chan struct{} // closed at every change
}

var errAway = errors.New("the log is away")

func newFaulty() *faulty { return &faulty{Store: memlog.New(), changed: make(chan struct{})} }

func (s *faulty) Open(ctx context.Context, name string, limits eventlog.Limits) (eventlog.Log, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	s.name, s.limits = name, limits
	s.log, err = s.Store.Open(ctx, name, limits)
	return faultyLog{s}, err
}

// set changes the store, and interrupts who follows.
func (s *faulty) set(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
	close(s.changed)
	s.changed = make(chan struct{})
}

// flush loses everything, as FLUSHALL does.
func (s *faulty) flush(t *testing.T) {
	t.Helper()
	s.set(func() {
		s.Store = memlog.New()
		log, err := s.Store.Open(t.Context(), s.name, s.limits)
		if err != nil {
			t.Fatal(err)
		}
		s.log = log
	})
}

func (s *faulty) now() (eventlog.Log, <-chan struct{}, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return nil, nil, errAway
	}
	return s.log, s.changed, nil
}

type faultyLog struct{ s *faulty }

func (l faultyLog) Append(ctx context.Context, topic string, e ...eventlog.Entry) ([]eventlog.Position, error) {
	log, _, err := l.s.now()
	if err != nil {
		return nil, err
	}
	return log.Append(ctx, topic, e...)
}

func (l faultyLog) Read(ctx context.Context, topic string, after eventlog.Position) iter.Seq2[eventlog.Record, error] {
	log, _, err := l.s.now()
	if err != nil {
		return failing(err)
	}
	return log.Read(ctx, topic, after)
}

func (l faultyLog) Bounds(ctx context.Context, topic string) (eventlog.Bounds, error) {
	log, _, err := l.s.now()
	if err != nil {
		return eventlog.Bounds{}, err
	}
	return log.Bounds(ctx, topic)
}

func (l faultyLog) Trim(ctx context.Context, topic string, through eventlog.Position) error {
	log, _, err := l.s.now()
	if err != nil {
		return err
	}
	return log.Trim(ctx, topic, through)
}

func (l faultyLog) Follow(ctx context.Context, topic string, after eventlog.Position) iter.Seq2[eventlog.Record, error] {
	log, changed, err := l.s.now()
	if err != nil {
		return failing(err)
	}
	return func(yield func(eventlog.Record, error) bool) {
		ctx, cancel := untilClosed(ctx, changed)
		defer cancel()
		for r, err := range log.Follow(ctx, topic, after) {
			if err != nil {
				yield(eventlog.Record{}, err)
				return
			}
			if !l.s.skips() && !yield(r, nil) {
				return
			}
		}
	}
}

// untilClosed returns a context that is done when c is closed, too.
func untilClosed(ctx context.Context, c <-chan struct{}) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-c:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

func (s *faulty) skips() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	skips := s.skip
	s.skip = false
	return skips
}

func failing(err error) iter.Seq2[eventlog.Record, error] {
	return func(yield func(eventlog.Record, error) bool) { yield(eventlog.Record{}, err) }
}

// following opens a topic with a client that has received five events.
func following(t *testing.T, w way, s setup) (*fixture, *reader) {
	t.Helper()
	f := open(t, w, s)
	r := f.get(t, "")
	r.wantPlace()
	f.publish(t, 1, 5)
	r.want(1, 5)
	return f, r
}

func TestSubscriberIsToldWhenTheLogLosesEverything(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		store := newFaulty()
		f, r := following(t, w, setup{store: store})
		asked := r.id
		store.flush(t)
		r.wantControl("stream-gap", `"asked":"`+asked+`"`, `"reason":"epoch"`)
		if id := r.wantPlace(); id == asked {
			t.Error("the client is still in the old log")
		}
		f.publish(t, 6, 8)
		r.want(6, 8)
		again := f.get(t, r.id)
		f.publish(t, 9, 9)
		r.want(9, 9)
		again.want(9, 9)
	})
}

func TestSubscriberGoesOnWhenTheLogWasAway(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		store := newFaulty()
		f, r := following(t, w, setup{store: store})
		id := r.id
		store.set(func() { store.away = true })
		f.get(t, f.ids0(id)).wantControl("stream-error", `"status":503`)
		store.set(func() { store.away = false })
		f.publish(t, 6, 10)
		r.want(6, 10)
		f.get(t, id).want(6, 10)
	})
}

func TestClientThatComesWhileTheLogIsAwayComesAgain(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		store := newFaulty()
		f := open(t, w, setup{store: store})
		store.set(func() { store.away = true })
		r := f.get(t, "")
		r.wantControl("stream-error", `"status":503`, `"temporary":true`)
		r.wantEnd(true)
		store.set(func() { store.away = false })
		for deadline := time.Now().Add(30 * time.Second); ; { // the log is tried again within a second
			got, err := f.get(t, "").next()
			if err == nil && got.id != "" {
				break
			}
			if err != nil || got.event != "stream-error" || time.Now().After(deadline) {
				t.Fatalf("want a place, have %+v, %v", got, err)
			}
		}
	})
}

// ids0 is an ID that only the log knows.
func (f *fixture) ids0(id string) string {
	at, err := eventlog.ParseID(room, id)
	if err != nil {
		return id
	}
	at.Offset = 0
	return string(eventlog.AppendID(nil, "rooms/7", eventlog.Position{Epoch: at.Epoch + 1, Offset: 9}))
}

// The log forgets its newest records, and keeps its epoch.
func TestSubscriberIsToldWhenTheLogComesBackOlder(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		store := &older{Store: memlog.New()}
		f, r := following(t, w, setup{store: store})
		store.fall(2)
		r.wantControl("stream-gap", `"reason":"unknown"`)
		r.wantPlace()
		f.publish(t, 6, 8)
		r.want(6, 8)
	})
}

func TestRecordThatTheLogLeavesOutIsReadAgain(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		store := newFaulty()
		f := open(t, w, setup{store: store})
		r := f.get(t, "")
		r.wantPlace()
		f.publish(t, 1, 2)
		r.want(1, 2)
		store.mu.Lock()
		store.skip = true
		store.mu.Unlock()
		f.publish(t, 3, 9)
		r.want(3, 9)
	})
}

func TestStoreThatIsClosedEndsStreams(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		store := memlog.New()
		f := open(t, w, setup{store: store})
		r := f.get(t, "")
		r.wantPlace()
		_ = store.Close()
		r.wantEnd(false)
	})
}

// A gap in place is what one at the beginning is: under GapFail it ends the stream.
func TestGapInPlaceFailsUnderGapFail(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		store := newFaulty()
		f, r := following(t, w, setup{store: store, change: func(m *courant.StreamMethod[*watchPayload, *note]) { m.Topic.OnGap = courant.GapFail }})
		store.flush(t)
		r.wantControl("stream-error", `"status":410`)
		r.wantEnd(true)
		if got := f.report(t, 1); got.Outcome != courant.OutcomeError || got.Events != 5 {
			t.Errorf("the report is %+v", got)
		}
	})
}
