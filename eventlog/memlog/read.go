package memlog

import (
	"context"
	"iter"
	"time"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/sse"
)

// batch is how many records a reader takes at once, under the topic's lock.
const batch = 64

// reader is one Read or Follow.
type reader struct {
	log   *log
	name  string
	asked eventlog.Position
	topic *topic
	after uint64 // the last offset that was yielded
	buf   []record
}

// Read is as [eventlog.Log] says. It ends behind the record that was the newest when it
// began.
func (l *log) Read(ctx context.Context, name string, after eventlog.Position) iter.Seq2[eventlog.Record, error] {
	return func(yield func(eventlog.Record, error) bool) {
		if err := l.check(ctx, name); err != nil {
			yield(eventlog.Record{}, err)
			return
		}
		r := &reader{log: l, name: name, asked: after}
		t, floor := l.find(name)
		r.topic = t
		if t == nil {
			t = &topic{base: floor, origin: floor}
			t.mu.Lock()
		}
		end := t.last()
		err := r.start(t)
		t.mu.Unlock()
		for err == nil && r.after < end {
			if err = l.store.check(ctx); err != nil {
				break
			}
			if err = r.take(end); err == nil && !r.yield(yield) {
				return
			}
		}
		if err != nil {
			yield(eventlog.Record{}, err)
		}
	}
}

// Follow is as [eventlog.Log] says. It needs no goroutine but the caller's.
func (l *log) Follow(ctx context.Context, name string, after eventlog.Position) iter.Seq2[eventlog.Record, error] {
	return func(yield func(eventlog.Record, error) bool) {
		if err := l.check(ctx, name); err != nil {
			yield(eventlog.Record{}, err)
			return
		}
		t := l.obtain(name)
		if t == nil {
			yield(eventlog.Record{}, eventlog.ErrClosed)
			return
		}
		r := &reader{log: l, name: name, asked: after, topic: t}
		err := r.start(t)
		t.readers++
		t.mu.Unlock()
		defer l.leave(name, t)
		for err == nil {
			if err = l.store.check(ctx); err != nil {
				break
			}
			var wake chan struct{}
			if wake, err = r.next(); err != nil {
				break
			}
			if wake != nil {
				select {
				case <-wake:
				case <-ctx.Done():
				case <-l.store.closed:
				}
			} else if !r.yield(yield) {
				return
			}
		}
		yield(eventlog.Record{}, err)
	}
}

// start decides whether the topic, which is locked, has all after the position.
func (r *reader) start(t *topic) error {
	t.trim(r.log.limits.Load(), time.Now().UnixNano())
	switch {
	case r.asked == eventlog.Position{} || r.asked == eventlog.Position{Epoch: r.log.epoch}:
		r.after = t.base
		return nil
	case r.asked.Epoch != r.log.epoch:
		return r.truncated(t, eventlog.OtherEpoch)
	case r.asked.Offset > t.last():
		return r.truncated(t, eventlog.Unknown)
	case r.asked.Offset < t.base:
		return r.truncated(t, eventlog.Trimmed)
	}
	r.after = r.asked.Offset
	return nil
}

func (r *reader) truncated(t *topic, reason eventlog.Reason) error {
	oldest := eventlog.Position{Epoch: r.log.epoch, Offset: t.oldest()}
	return &eventlog.TruncatedError{Topic: r.name, Asked: r.asked, Oldest: oldest, Reason: reason}
}

// next is take, but returns a channel to wait for where there is nothing.
func (r *reader) next() (wake chan struct{}, err error) {
	t := r.topic
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := r.takeLocked(t.last()); err != nil || len(r.buf) > 0 {
		return nil, err
	}
	if cap(r.buf) > 4 {
		r.buf = nil // who waits holds little
	}
	if t.wake == nil {
		t.wake = make(chan struct{})
	}
	return t.wake, nil
}

// take fills the buffer with what comes next, up to an offset.
func (r *reader) take(end uint64) error {
	r.topic.mu.Lock()
	defer r.topic.mu.Unlock()
	return r.takeLocked(end)
}

func (r *reader) takeLocked(end uint64) error {
	t := r.topic
	t.trim(r.log.limits.Load(), time.Now().UnixNano())
	if r.after < t.base {
		r.asked = eventlog.Position{Epoch: r.log.epoch, Offset: r.after}
		return r.truncated(t, eventlog.Trimmed)
	}
	from := t.window[t.head+int(r.after-t.base):]
	n := min(batch, len(from), int(end-r.after))
	r.buf = append(r.buf[:0], from[:n]...)
	return nil
}

// yield hands over the buffer, and reports whether more is wanted.
func (r *reader) yield(yield func(eventlog.Record, error) bool) bool {
	for i := range r.buf {
		b := &r.buf[i]
		r.after++
		rec := eventlog.Record{
			Position: eventlog.Position{Epoch: r.log.epoch, Offset: r.after},
			Time:     time.Unix(0, b.at),
			Event:    sse.Event{Type: b.kind, Data: b.data, Retry: b.retry, HasRetry: b.hasRetry},
		}
		if r.after > r.topic.origin+1 {
			rec.Prev = r.after - 1
		}
		*b = record{} // the buffer may live longer than the window
		if !yield(rec, nil) {
			return false
		}
	}
	return true
}

// leave ends a Follow. A topic that was made for it goes with it.
func (l *log) leave(name string, t *topic) {
	s := l.shard(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.readers--
	switch {
	case t.readers > 0 || t.length() > 0:
	case t.last() == t.origin && s.topics[name] == t:
		delete(s.topics, name)
	default:
		l.sweeper.arm(l)
	}
}
