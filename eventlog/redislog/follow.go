package redislog

import (
	"context"
	"iter"
	"sync"

	"github.com/courant-dev/courant/eventlog"
)

// Follow yields the records of a topic after a position, and goes on with what
// is appended.
func (l *log) Follow(ctx context.Context, topic string, after eventlog.Position) iter.Seq2[eventlog.Record, error] {
	return func(yield func(eventlog.Record, error) bool) {
		if err := l.begin(ctx, topic); err != nil {
			yield(eventlog.Record{}, err)
			return
		}
		f := newFollower()
		// What is published from now on waits in f while the log is read; what
		// was published before is read. Once Redis has confirmed that it
		// publishes to us, and each time after a cut, f says that the log has to
		// be read again.
		leave := l.store.switchboard.join(l, topic, f)
		defer leave()
		r := newReader(l, topic, after)
		for {
			more, err := r.replay(ctx, yield)
			if err == nil && more {
				more, err = r.live(ctx, f, yield)
			}
			if err != nil {
				yield(eventlog.Record{}, l.store.settle(ctx, err))
				return
			}
			if !more {
				return
			}
		}
	}
}

// replay yields what is in the log after the place. It waits where Redis is
// away, and reports whether the receiver wants more.
func (r *reader) replay(ctx context.Context, yield func(eventlog.Record, error) bool) (bool, error) {
	s := r.log.store
	for attempt := 0; ; {
		page, _, err := r.next(ctx)
		if err != nil {
			if !isAway(err) && !isFull(err) || !s.pause(ctx, attempt) {
				return false, err
			}
			attempt++
			continue
		}
		if len(page) == 0 {
			return true, nil
		}
		attempt = 0
		for _, record := range page {
			if !yield(record, nil) {
				return false, nil
			}
			if err := s.err(ctx); err != nil {
				return false, err
			}
		}
	}
}

// live yields what is published, as long as it goes on right after the place.
func (r *reader) live(ctx context.Context, f *follower, yield func(eventlog.Record, error) bool) (bool, error) {
	s := r.log.store
	for {
		select {
		case <-f.wake:
		case <-ctx.Done():
			return false, ctx.Err()
		case <-s.ctx.Done():
			return false, eventlog.ErrClosed
		}
		records, state := f.take()
		for _, record := range records {
			if record.Position.Epoch == r.at.Epoch && record.Position.Offset <= r.at.Offset {
				continue // was read
			}
			if record.Position.Epoch != r.at.Epoch || record.Prev != r.at.Offset {
				return true, nil
			}
			r.at = record.Position
			if !yield(record, nil) {
				return false, nil
			}
			if err := s.err(ctx); err != nil {
				return false, err
			}
		}
		if state.unsure || state.gone && r.at.Offset != 0 || state.end != (eventlog.Position{}) && state.end != r.at {
			return true, nil
		}
	}
}

// follower holds what was published for one who follows, until he takes it. It
// is bounded: who is slow reads the log in place of it, and keeps nobody waiting.
type follower struct {
	wake chan struct{} // has one when there is something to take

	mu      sync.Mutex
	records []eventlog.Record
	bytes   int
	state   state
}

// state is what a follower is told beside records.
type state struct {
	unsure bool              // something may be missing: read the log
	end    eventlog.Position // of the topic, as Redis said some time ago; zero if it said nothing
	gone   bool              // Redis said that there is no such topic
}

// The most that waits for a follower.
const (
	waitingRecords = 256
	waitingBytes   = 1 << 20
)

func newFollower() *follower { return &follower{wake: make(chan struct{}, 1)} }

// push adds a record.
func (f *follower) push(r eventlog.Record) {
	f.mu.Lock()
	f.bytes += len(r.Event.Type) + len(r.Event.Data)
	if f.state.unsure || len(f.records) >= waitingRecords || f.bytes > waitingBytes {
		f.doubt()
	} else {
		f.records = append(f.records, r)
	}
	f.mu.Unlock()
	f.notify()
}

// tell says where the topic ends; the zero position if it is not there.
func (f *follower) tell(end eventlog.Position) {
	f.mu.Lock()
	f.state.end, f.state.gone = end, end == eventlog.Position{}
	f.mu.Unlock()
	f.notify()
}

// invalidate says that something may be missing.
func (f *follower) invalidate() {
	f.mu.Lock()
	f.doubt()
	f.mu.Unlock()
	f.notify()
}

func (f *follower) doubt() {
	f.state.unsure, f.records, f.bytes = true, nil, 0
}

func (f *follower) notify() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// take returns what there is and leaves nothing.
func (f *follower) take() ([]eventlog.Record, state) {
	f.mu.Lock()
	defer f.mu.Unlock()
	records, s := f.records, f.state
	f.records, f.bytes, f.state = nil, 0, state{}
	return records, s
}
