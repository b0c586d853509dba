package logtest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/courant-dev/courant/eventlog"
)

// What the defects of readers and appends do.

func eachRecord(change func(r *eventlog.Record)) func(context.Context, readFunc, string, eventlog.Position) records {
	return func(ctx context.Context, from readFunc, topic string, after eventlog.Position) records {
		return func(yield func(eventlog.Record, error) bool) {
			for r, err := range from(ctx, topic, after) {
				if err == nil {
					change(&r)
				}
				if !yield(r, err) {
					return
				}
			}
		}
	}
}

func swapPairs(ctx context.Context, from readFunc, topic string, after eventlog.Position) records {
	return func(yield func(eventlog.Record, error) bool) {
		var held []eventlog.Record
		for r, err := range from(ctx, topic, after) {
			if held = append(held, r); err == nil && len(held) == 1 {
				continue
			}
			for _, h := range slices.Backward(held) {
				if !yield(h, err) {
					return
				}
			}
			held = nil
		}
		for _, h := range held {
			yield(h, nil)
		}
	}
}

func skipOne(ctx context.Context, from readFunc, topic string, after eventlog.Position) records {
	return func(yield func(eventlog.Record, error) bool) {
		skip := after.Offset > 0
		for r, err := range from(ctx, topic, after) {
			if skip && err == nil {
				skip = false
				continue
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func oneBefore(ctx context.Context, from readFunc, topic string, after eventlog.Position) records {
	after.Offset = max(after.Offset, 1) - 1
	return from(ctx, topic, after)
}

// replayThenLive follows from the end that the log has some time after the
// replay, or from one record before.
func replayThenLive(double bool) func(*defectLog) {
	return func(l *defectLog) {
		l.follow = func(ctx context.Context, topic string, after eventlog.Position) records {
			return func(yield func(eventlog.Record, error) bool) {
				at := after
				for r, err := range l.Log.Read(ctx, topic, after) {
					if at = r.Position; !yield(r, err) {
						return
					}
				}
				for range 10_000 {
					if b, err := l.Log.Bounds(ctx, topic); err == nil && b.Last > at.Offset {
						if !double {
							at = b.End()
						}
						break
					}
					runtime.Gosched()
				}
				if double {
					at.Offset = max(at.Offset, 1) - 1
				}
				l.Log.Follow(ctx, topic, at)(yield)
			}
		}
	}
}

func neverLive(l *defectLog) {
	l.follow = func(ctx context.Context, topic string, after eventlog.Position) records {
		return func(yield func(eventlog.Record, error) bool) {
			for r, err := range l.Log.Read(ctx, topic, after) {
				if !yield(r, err) {
					return
				}
			}
			<-ctx.Done()
			yield(eventlog.Record{}, ctx.Err())
		}
	}
}

func onlyWhatIsThere(l *defectLog) {
	l.follow = func(ctx context.Context, topic string, after eventlog.Position) records {
		if b, err := l.Log.Bounds(ctx, topic); err == nil && b.Oldest == 0 {
			return fail(errors.New("there is no such topic"))
		}
		return l.Log.Follow(ctx, topic, after)
	}
}

func leaks(l *defectLog) {
	l.each(func(ctx context.Context, from readFunc, topic string, after eventlog.Position) records {
		go func() { <-ctx.Done() }()
		return from(ctx, topic, after)
	})
}

func sharedBuffer(l *defectLog) {
	var buffer [1 << 10]byte
	l.each(eachRecord(func(r *eventlog.Record) {
		r.Event.Data = buffer[:copy(buffer[:], r.Event.Data)]
	}))
}

// ignoreTruncation reads from the oldest record where a position is truncated
// for the reason, or for any.
func ignoreTruncation(reason eventlog.Reason) func(context.Context, readFunc, string, eventlog.Position) records {
	return func(ctx context.Context, from readFunc, topic string, after eventlog.Position) records {
		return func(yield func(eventlog.Record, error) bool) {
			for r, err := range from(ctx, topic, after) {
				var e *eventlog.TruncatedError
				if errors.As(err, &e) && (reason == "" || e.Reason == reason) {
					from(ctx, topic, eventlog.Position{})(yield)
					return
				}
				if !yield(r, err) {
					return
				}
			}
		}
	}
}

func truncatedEarly(l *defectLog) func(context.Context, readFunc, string, eventlog.Position) records {
	return func(ctx context.Context, from readFunc, topic string, after eventlog.Position) records {
		if b, err := l.Log.Bounds(ctx, topic); err == nil && after.Offset > 0 && after.Offset <= b.Oldest {
			return fail(&eventlog.TruncatedError{Topic: topic, Asked: after, Oldest: eventlog.Position{Epoch: b.Epoch, Offset: b.Oldest}, Reason: eventlog.Trimmed})
		}
		return from(ctx, topic, after)
	}
}

// nothingBefore takes the oldest record that is left for the first one there was.
func nothingBefore(ctx context.Context, from readFunc, topic string, after eventlog.Position) records {
	return func(yield func(eventlog.Record, error) bool) {
		for r, err := range from(ctx, topic, after) {
			if after.Offset == 0 {
				r.Prev = 0
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func zeroIsUnknown(ctx context.Context, from readFunc, topic string, after eventlog.Position) records {
	if after.Epoch != 0 && after.Offset == 0 {
		return fail(&eventlog.TruncatedError{Topic: topic, Asked: after, Reason: eventlog.Unknown})
	}
	return from(ctx, topic, after)
}

// usesOffsetsAgain begins a topic anew when all of it was trimmed.
func usesOffsetsAgain(l *defectLog) {
	var mu sync.Mutex
	born := map[string]int{}
	l.inTopic(func(topic string) string {
		mu.Lock()
		defer mu.Unlock()
		return fmt.Sprint(topic, " ", born[topic])
	})
	trim := l.trim
	l.trim = func(ctx context.Context, topic string, through eventlog.Position) error {
		err := trim(ctx, topic, through)
		if b, failed := l.bounds(ctx, topic); failed == nil && b.Oldest == 0 {
			mu.Lock()
			defer mu.Unlock()
			born[topic]++
		}
		return err
	}
}

func trimsNext(l *defectLog) {
	l.trim = func(ctx context.Context, topic string, through eventlog.Position) error {
		through.Offset++
		return l.Log.Trim(ctx, topic, through)
	}
}

// reversed turns the positions of a call round, or the entries.
func reversed(l *defectLog, entries bool) appendFunc {
	return func(ctx context.Context, topic string, list ...eventlog.Entry) ([]eventlog.Position, error) {
		if entries {
			list = slices.Clone(list)
			slices.Reverse(list)
			return l.Log.Append(ctx, topic, list...)
		}
		positions, err := l.Log.Append(ctx, topic, list...)
		slices.Reverse(positions)
		return positions, err
	}
}

func keysOfAllTopics(l *defectLog) {
	var keys sync.Map
	l.append = func(ctx context.Context, topic string, entries ...eventlog.Entry) ([]eventlog.Position, error) {
		if at, there := keys.Load(entries[0].Key); there {
			return []eventlog.Position{at.(eventlog.Position)}, nil
		}
		positions, err := l.Log.Append(ctx, topic, entries...)
		if err == nil {
			keys.Store(entries[0].Key, positions[0])
		}
		return positions, err
	}
}

func looksThenAppends(l *defectLog) {
	var keys sync.Map
	l.append = func(ctx context.Context, topic string, entries ...eventlog.Entry) ([]eventlog.Position, error) {
		key := entries[0].Key
		if at, there := keys.Load(key); there {
			return []eventlog.Position{at.(eventlog.Position)}, nil
		}
		for range 10_000 {
			runtime.Gosched()
		}
		entries[0].Key = ""
		positions, err := l.Log.Append(ctx, topic, entries...)
		if err == nil {
			keys.Store(key, positions[0])
		}
		return positions, err
	}
}

func keepsEntries(l *defectLog) {
	var kept sync.Map
	l.append = func(ctx context.Context, topic string, entries ...eventlog.Entry) ([]eventlog.Position, error) {
		positions, err := l.Log.Append(ctx, topic, entries...)
		for i, pos := range positions {
			kept.Store(pos, entries[i].Event.Data)
		}
		return positions, err
	}
	l.read = func(ctx context.Context, topic string, after eventlog.Position) records {
		return eachRecord(func(r *eventlog.Record) {
			if data, there := kept.Load(r.Position); there {
				r.Event.Data = data.([]byte)
			}
		})(ctx, l.Log.Read, topic, after)
	}
}

// oneEpoch says that the epoch is 7.
func oneEpoch(l *defectLog) {
	inner := func(ctx context.Context, topic string, pos eventlog.Position) eventlog.Position {
		if b, err := l.Log.Bounds(ctx, topic); err == nil && pos.Epoch == 7 {
			pos.Epoch = b.Epoch
		}
		return pos
	}
	l.append = func(ctx context.Context, topic string, entries ...eventlog.Entry) ([]eventlog.Position, error) {
		positions, err := l.Log.Append(ctx, topic, entries...)
		for i := range positions {
			positions[i].Epoch = 7
		}
		return positions, err
	}
	l.each(func(ctx context.Context, from readFunc, topic string, after eventlog.Position) records {
		return eachRecord(func(r *eventlog.Record) { r.Position.Epoch = 7 })(ctx, from, topic, inner(ctx, topic, after))
	})
}

// reopened is the log as it is in the store now.
func (l *defectLog) reopened(ctx context.Context) eventlog.Log {
	l.store.mu.Lock()
	inner := l.store.inner
	l.store.mu.Unlock()
	if log, err := inner.Open(ctx, l.name, l.given); err == nil {
		return log
	}
	return l.Log
}

// noticesLoss is how a log gets over a loss.
func noticesLoss(l *defectLog) {
	l.append = func(ctx context.Context, topic string, entries ...eventlog.Entry) ([]eventlog.Position, error) {
		return l.reopened(ctx).Append(ctx, topic, entries...)
	}
	l.read = func(ctx context.Context, topic string, after eventlog.Position) records {
		return l.reopened(ctx).Read(ctx, topic, after)
	}
	l.bounds = func(ctx context.Context, topic string) (eventlog.Bounds, error) {
		return l.reopened(ctx).Bounds(ctx, topic)
	}
	l.follow = func(ctx context.Context, topic string, after eventlog.Position) records {
		return func(yield func(eventlog.Record, error) bool) {
			for r, err := range l.Log.Follow(ctx, topic, after) {
				if errors.Is(err, eventlog.ErrClosed) && l.reopened(ctx) != l.Log {
					err = &eventlog.TruncatedError{Topic: topic, Asked: after, Reason: eventlog.OtherEpoch}
				}
				if !yield(r, err) {
					return
				}
			}
		}
	}
}

func followsAfterLoss(l *defectLog) {
	noticesLoss(l)
	l.follow = func(ctx context.Context, topic string, after eventlog.Position) records {
		return func(yield func(eventlog.Record, error) bool) {
			for r, err := range l.Log.Follow(ctx, topic, after) {
				if errors.Is(err, eventlog.ErrClosed) {
					l.reopened(ctx).Follow(ctx, topic, eventlog.Position{})(yield)
					return
				}
				if !yield(r, err) {
					return
				}
			}
		}
	}
}
