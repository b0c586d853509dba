package memlog

import (
	"bytes"
	"context"
	"hash/maphash"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/courant-dev/courant/eventlog"
)

// log is an [eventlog.Log]. Locks are taken in this order: a shard's, then a
// topic's.
type log struct {
	store  *Store
	epoch  eventlog.Epoch
	limits atomic.Pointer[eventlog.Limits]

	// floor is the highest offset in a topic that was forgotten. A topic begins
	// behind it, so that no offset is used twice.
	floor atomic.Uint64

	seed    maphash.Seed
	shards  [64]shard
	sweeper sweeper
}

// shard holds some of a log's topics, so that appends to different ones seldom meet
// at a lock.
type shard struct {
	mu     sync.RWMutex
	topics map[string]*topic
}

func (l *log) shard(name string) *shard {
	return &l.shards[maphash.String(l.seed, name)%uint64(len(l.shards))]
}

// find returns the topic, locked, or nil if there is none; then floor is where one
// would begin.
func (l *log) find(name string) (t *topic, floor uint64) {
	s := l.shard(name)
	s.mu.RLock()
	defer s.mu.RUnlock()
	t = s.topics[name]
	if t == nil {
		return nil, l.floor.Load()
	}
	t.mu.Lock()
	return t, 0
}

// obtain returns the topic, locked, and makes it when there is none. It returns nil if the
// store is closed.
func (l *log) obtain(name string) *topic {
	if t, _ := l.find(name); t != nil {
		return t
	}
	s := l.shard(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.topics[name]
	if t == nil {
		// Close closes the channel before it empties the shards.
		select {
		case <-l.store.closed:
			return nil
		default:
		}
		if s.topics == nil {
			s.topics = map[string]*topic{}
		}
		floor := l.floor.Load()
		t = &topic{base: floor, origin: floor}
		s.topics[strings.Clone(name)] = t
	}
	t.mu.Lock()
	return t
}

// Append is as [eventlog.Log] says. The whole call is appended or nothing, and
// nothing stands in between.
func (l *log) Append(ctx context.Context, name string, entries ...eventlog.Entry) ([]eventlog.Position, error) {
	if err := l.check(ctx, name); err != nil {
		return nil, err
	}
	keyed := false
	for i := range entries {
		e := &entries[i]
		if err := eventlog.CheckKey(e.Key); err != nil {
			return nil, err
		}
		keyed = keyed || e.Key != ""
		size := int64(len(e.Event.Type)) + int64(len(e.Event.Data))
		if most := l.store.maxEntry; most > 0 && size > most {
			return nil, &eventlog.TooLargeError{Size: size, Limit: most}
		}
	}
	if len(entries) == 0 {
		return nil, nil
	}
	now := time.Now().UnixNano()
	limits := l.limits.Load()
	positions := make([]eventlog.Position, len(entries))
	copies := make([][]byte, len(entries)) // made before the lock is taken
	for i := range entries {
		copies[i] = bytes.Clone(entries[i].Event.Data)
	}

	t := l.obtain(name)
	if t == nil {
		return nil, eventlog.ErrClosed
	}
	for i := range entries {
		positions[i] = eventlog.Position{Epoch: l.epoch, Offset: t.append(&entries[i], copies[i], now, l.store.keyMemory)}
	}
	t.trim(limits, now)
	wake := t.wake
	t.wake = nil
	t.mu.Unlock()
	if wake != nil {
		close(wake)
	}
	if keyed || limits.MaxAge > 0 {
		l.sweeper.arm(l)
	}
	return positions, nil
}

// Bounds is as [eventlog.Log] says.
func (l *log) Bounds(ctx context.Context, name string) (eventlog.Bounds, error) {
	if err := l.check(ctx, name); err != nil {
		return eventlog.Bounds{}, err
	}
	b := eventlog.Bounds{Epoch: l.epoch}
	t, _ := l.find(name)
	if t == nil {
		return b, nil
	}
	defer t.mu.Unlock()
	t.trim(l.limits.Load(), time.Now().UnixNano())
	b.Oldest = t.oldest()
	if last := t.last(); last > t.origin {
		b.Last = last
	}
	return b, nil
}

// Trim is as [eventlog.Log] says.
func (l *log) Trim(ctx context.Context, name string, through eventlog.Position) error {
	if err := l.check(ctx, name); err != nil {
		return err
	}
	t, _ := l.find(name)
	if t != nil {
		defer t.mu.Unlock()
	}
	if through == (eventlog.Position{}) {
		return nil
	}
	if through.Epoch != l.epoch {
		e := &eventlog.TruncatedError{Topic: name, Asked: through, Oldest: eventlog.Position{Epoch: l.epoch}, Reason: eventlog.OtherEpoch}
		if t != nil {
			e.Oldest.Offset = t.oldest()
		}
		return e
	}
	if t == nil {
		return nil
	}
	t.drop(through.Offset)
	if len(t.window) == 0 {
		l.sweeper.arm(l)
	}
	return nil
}

// check returns why nothing can be done with the topic now.
func (l *log) check(ctx context.Context, name string) error {
	if err := l.store.check(ctx); err != nil {
		return err
	}
	return eventlog.CheckTopic(name)
}

// close frees the topics. Readers wait for the channel of the store.
func (l *log) close() {
	l.sweeper.stop()
	for i := range l.shards {
		s := &l.shards[i]
		s.mu.Lock()
		s.topics = nil
		s.mu.Unlock()
	}
}
