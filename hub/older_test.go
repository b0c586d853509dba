package hub_test

import (
	"context"
	"iter"
	"sync"

	"github.com/courant-dev/courant/eventlog"
)

// older is a store whose log comes back with older data, under offsets and the
// epoch that it had before: the records behind the first ones are gone.
type older struct {
	eventlog.Store

	mu     sync.Mutex
	shift  uint64 // that is taken off the offsets of what came later
	broken chan struct{}
}

type olderLog struct {
	eventlog.Log

	s *older
}

func (s *older) Open(ctx context.Context, name string, limits eventlog.Limits) (eventlog.Log, error) {
	s.broken = make(chan struct{})
	log, err := s.Store.Open(ctx, name, limits)
	return olderLog{log, s}, err
}

// fall forgets the newest records.
func (s *older) fall(n uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shift = n
	close(s.broken)
	s.broken = make(chan struct{})
}

func (l olderLog) now() (uint64, <-chan struct{}) {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	return l.s.shift, l.s.broken
}

func (l olderLog) Bounds(ctx context.Context, topic string) (eventlog.Bounds, error) {
	shift, _ := l.now()
	b, err := l.Log.Bounds(ctx, topic)
	b.Last -= shift
	return b, err
}

func (l olderLog) Append(ctx context.Context, topic string, e ...eventlog.Entry) ([]eventlog.Position, error) {
	shift, _ := l.now()
	at, err := l.Log.Append(ctx, topic, e...)
	for i := range at {
		at[i].Offset -= shift
	}
	return at, err
}

func (l olderLog) Read(ctx context.Context, topic string, after eventlog.Position) iter.Seq2[eventlog.Record, error] {
	return l.shifted(ctx, topic, after, l.Log.Read)
}

func (l olderLog) Follow(ctx context.Context, topic string, after eventlog.Position) iter.Seq2[eventlog.Record, error] {
	return l.shifted(ctx, topic, after, func(ctx context.Context, topic string, after eventlog.Position) iter.Seq2[eventlog.Record, error] {
		_, broken := l.now()
		return func(yield func(eventlog.Record, error) bool) {
			ctx, cancel := untilClosed(ctx, broken)
			defer cancel()
			for r, err := range l.Log.Follow(ctx, topic, after) {
				if !yield(r, err) {
					return
				}
			}
		}
	})
}

// shifted yields what is there by its new offsets. What was forgotten is what the
// log has behind the asked position, before the fall, but not after it.
func (l olderLog) shifted(ctx context.Context, topic string, after eventlog.Position,
	read func(context.Context, string, eventlog.Position) iter.Seq2[eventlog.Record, error]) iter.Seq2[eventlog.Record, error] {
	shift, _ := l.now()
	return func(yield func(eventlog.Record, error) bool) {
		if after.Epoch != 0 {
			b, err := l.Bounds(ctx, topic)
			if err != nil {
				yield(eventlog.Record{}, err)
				return
			}
			if after.Offset > b.Last {
				yield(eventlog.Record{}, &eventlog.TruncatedError{Topic: topic, Asked: after, Oldest: eventlog.Position{Epoch: b.Epoch, Offset: b.Oldest}, Reason: eventlog.Unknown})
				return
			}
			after.Offset += shift
		}
		for r, err := range read(ctx, topic, after) {
			if err == nil {
				r.Position.Offset -= shift
				if r.Prev > 0 {
					r.Prev -= shift
				}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}
