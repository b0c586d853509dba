package natslog

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"github.com/courant-dev/courant/eventlog"
)

// The records that wait for one who follows. More than these are read from the
// stream when he is ready for them.
const (
	queueRecords = 1024
	queueBytes   = 1 << 20
)

// follower is one call of Follow.
type follower struct {
	tail *tail
	wake chan struct{} // something changed; has room for one

	mu    sync.Mutex
	queue []stored
	bytes int
	lost  bool // a record did not fit
}

// offer gives the follower a record that was just stored. It never waits.
func (f *follower) offer(s stored) {
	f.mu.Lock()
	switch {
	case f.lost:
	case len(f.queue) >= queueRecords || f.bytes+len(s.data) > queueBytes && len(f.queue) > 0:
		f.lost, f.queue, f.bytes = true, nil, 0
	default:
		f.queue = append(f.queue, s)
		f.bytes += len(s.data)
	}
	f.mu.Unlock()
	f.poke()
}

func (f *follower) poke() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// take returns the records that wait. False says that some are missing, and that
// the stream has to be read; from now on they wait again.
func (f *follower) take() ([]stored, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	queue, whole := f.queue, !f.lost
	f.queue, f.bytes, f.lost = nil, 0, false
	return queue, whole
}

// Follow implements [eventlog.Log]. It learns of new records from a copy that
// the server publishes as soon as it has stored them, and reads the stream where
// such a copy does not follow the record before it.
func (l *Log) Follow(ctx context.Context, topic string, after eventlog.Position) iter.Seq2[eventlog.Record, error] {
	return func(yield func(eventlog.Record, error) bool) {
		ctx, cancel := l.store.until(ctx)
		defer cancel()
		r := l.reader(topic, after, yield)
		r.end(ctx, r.follow(ctx))
	}
}

// follow waits where the back end is away, and otherwise goes on for ever.
func (r *reader) follow(ctx context.Context) error {
	if err := eventlog.CheckTopic(r.topic); err != nil {
		return err
	}
	for wait := retryPause; ; wait = min(2*wait, time.Second) {
		before := r.last
		err := r.begin(ctx)
		if err == nil {
			err = r.attached(ctx)
		}
		var truncated *eventlog.TruncatedError
		if errors.As(err, &truncated) || errors.Is(err, errStopped) {
			return err
		}
		if err := r.store.alive(ctx); err != nil {
			return err
		}
		if r.last != before {
			wait = retryPause
		}
		if err := r.store.pause(ctx, wait); err != nil {
			return err
		}
		if r.any { // goes on behind what was yielded
			r.after = eventlog.Position{Epoch: r.inc.epoch, Offset: r.last}
		}
	}
}

// attached follows on the live subject until an error.
func (r *reader) attached(ctx context.Context) error {
	f, err := r.follows.attach(ctx, r.inc, r.token)
	if err != nil {
		return err
	}
	defer r.follows.detach(f)
	if err := r.catchUp(ctx, f, false); err != nil {
		return err
	}
	for {
		select {
		case <-f.wake:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		state := r.follows.state(f.tail)
		if state.gone {
			if err := r.again(ctx); err != nil {
				return err
			}
			return errGone // to attach again
		}
		queue, whole := f.take()
		for i := range queue {
			if whole, err = r.live(ctx, &queue[i], state); err != nil {
				return err
			}
			if !whole {
				break
			}
		}
		if !whole || state.known > r.last || r.missed(state) {
			if err := r.catchUp(ctx, f, true); err != nil {
				return err
			}
		}
	}
}

var errGone = errors.New("natslog: the stream was made anew")

// live yields a record that was just stored. False says that something before it
// has to be read first.
func (r *reader) live(ctx context.Context, s *stored, state tailState) (bool, error) {
	switch {
	case s.seq <= r.last:
		return true, nil
	case s.prev == r.last:
	case s.prev == 0 && state.known <= r.last:
		// All before it was trimmed. Had all of that arrived? Within a process everything
		// does.
		if r.store.server == nil {
			if whole, err := r.whole(ctx, state); err != nil || !whole {
				return false, err
			}
		}
	default:
		return false, nil
	}
	return true, r.give(s)
}

// missed reports whether a Trim has removed what did not arrive. Within a process
// that is on its way.
func (r *reader) missed(state tailState) bool {
	return r.store.server == nil && r.last > 0 && state.trimmed > r.last
}

// whole reports whether nothing can have been trimmed that was stored behind the last
// record: since all had arrived or was known, nothing is old enough to be trimmed by age, and
// there is no mark of a Trim.
func (r *reader) whole(ctx context.Context, state tailState) (bool, error) {
	since := time.Since(state.checked)
	if state.trimmed > r.last || since >= markTime/2 || r.inc.maxAge > 0 && since >= r.inc.maxAge {
		return false, nil
	}
	if r.store.server != nil {
		return true, nil
	}
	unseen, err := r.unseen(ctx)
	return !unseen, err
}

// joins reports whether a page without the last record, which was trimmed by age, has
// all that came behind it.
func (r *reader) joins(ctx context.Context, p page, state tailState) (bool, error) {
	if r.inc.maxAge == 0 || max(state.known, state.live) > r.last || p.pending > 0 ||
		r.inc.maxEvents > 0 && len(p.records) > r.inc.maxEvents || r.inc.maxBytes > 0 && len(p.records) > 0 {
		return false, nil
	}
	return r.whole(ctx, state)
}

// catchUp reads the stream to its end.
func (r *reader) catchUp(ctx context.Context, f *follower, joined bool) error {
	for behind := 0; ; {
		state := r.follows.state(f.tail)
		begun := time.Now()
		sure := func(p page) (bool, error) {
			if !joined {
				return false, nil
			}
			return r.joins(ctx, p, state)
		}
		before := r.last
		more, err := r.page(ctx, sure)
		if r.lost(err) {
			err = r.again(ctx)
			if err == nil {
				err = errGone
			}
		}
		if err != nil {
			return err
		}
		if more {
			continue
		}
		if !joined && !r.inc.replicated {
			r.follows.checked(f.tail, begun)
		}
		if state = r.follows.state(f.tail); r.last >= state.known {
			return nil
		}
		if r.last > before {
			behind = 0
		}
		// The replica does not have it yet, or it was trimmed.
		if behind++; behind%20 == 0 {
			last, err := r.get(ctx, getRequest{LastFor: r.subject()})
			if err == nil && last == nil {
				return nil
			}
		}
		if err := r.store.pause(ctx, time.Duration(min(behind, 50))*time.Millisecond); err != nil {
			return err
		}
	}
}
