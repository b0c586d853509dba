package hub

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/sse"
)

// A feed follows the log of one topic for as long as somebody watches it, and
// keeps the newest frames.
type feed struct {
	hub    *Hub
	key    feedKey
	log    eventlog.Log
	topic  string
	cancel context.CancelFunc

	mu       sync.Mutex
	window   window
	watched  int           // subscriptions
	filters  int           // of them
	left     int           // subscriptions that there were
	turn     int           // how often the window has begun; 0: not yet
	appended uint64        // records
	changed  chan struct{} // closed when anything here has changed
	err      error         // the log is closed
	unread   error         // why the window has not begun; nil while it is not known
	crews    []crew        // by shard
}

// sharedEvent is an event that filters look at, decoded once for all of them.
type sharedEvent struct {
	fields sse.Event
	once   sync.Once
	value  any
	err    error
}

func newFeed(h *Hub, key feedKey, log eventlog.Log) *feed {
	ctx, cancel := context.WithCancel(h.ctx)
	f := &feed{hub: h, key: key, log: log, topic: key.topic, cancel: cancel,
		changed: make(chan struct{}), crews: make([]crew, len(h.shards))}
	f.window.limit = h.config.window
	h.running.Go(func() { f.run(ctx) })
	return f
}

// run follows the log. Where the log has lost its place, the window begins anew:
// every subscription then finds itself out of it, and what the log says to that.
func (f *feed) run(ctx context.Context) {
	wait := retryLeast
	for anew := true; ; {
		before := f.appendedSoFar()
		err := f.follow(ctx, anew)
		if ctx.Err() != nil || errors.Is(err, eventlog.ErrClosed) {
			f.fail(err)
			return
		}
		var truncated *eventlog.TruncatedError
		f.hold(err)
		anew = anew && !f.hasBegun() || errors.As(err, &truncated) || errors.Is(err, errHole)
		f.hub.config.logger.Warn("courant: the log of a topic is read again", slog.String("topic", f.topic), slog.Any("error", err))
		if f.appendedSoFar() > before {
			wait = retryLeast
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
		wait = min(2*wait, retryMost)
	}
}

const (
	retryLeast = 10 * time.Millisecond
	retryMost  = time.Second
)

// errHole says that a log has left out a record, which its contract forbids.
var errHole = errors.New("hub: the log left out a record")

// follow keeps the window up to date. Anew, the window begins at the end of the
// log, else it goes on.
func (f *feed) follow(ctx context.Context, anew bool) error {
	if anew {
		bounds, err := f.log.Bounds(ctx, f.topic)
		if err != nil {
			return err
		}
		f.begin(bounds.End())
	}
	f.mu.Lock()
	after := f.window.end().position()
	f.mu.Unlock()
	var frame []byte
	for record, err := range f.log.Follow(ctx, f.topic, after) {
		if err != nil {
			return err
		}
		if frame, err = appendFrame(frame[:0], f.topic, record); err != nil {
			f.passOver(err)
			frame = frame[:0]
		}
		if !f.append(record, frame) {
			return errHole
		}
	}
	return ctx.Err()
}

// passOver tells of what the log has and is no event.
func (f *feed) passOver(err error) {
	f.hub.config.logger.Error("courant: an event of the log is passed over", slog.String("topic", f.topic), slog.Any("error", err))
}

func (f *feed) begin(at eventlog.Position) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.turn++
	f.window.reset(at)
	f.tell()
}

// hold tells who waits for the window to begin why it does not: their clients come
// again, in place of having a stream that gets nothing.
func (f *feed) hold(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.turn == 0 {
		f.unread = err
		f.tell()
	}
}

func (f *feed) appendedSoFar() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.appended
}

func (f *feed) hasBegun() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.turn > 0
}

// append adds a record, and reports whether it is the next one.
func (f *feed) append(record eventlog.Record, frame []byte) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	newest := f.window.newest()
	if record.Position.Offset <= newest || record.Prev > newest {
		return false
	}
	var event *sharedEvent
	if f.filters > 0 {
		event = &sharedEvent{fields: fieldsOf(f.topic, record)}
	}
	f.appended++
	f.window.append(record.Position.Offset, frame, event)
	f.tell()
	return true
}

// tell wakes who waits for news. The lock is held.
func (f *feed) tell() {
	close(f.changed)
	f.changed = make(chan struct{})
	for i := range f.crews {
		if len(f.crews[i].conns) > 0 && !f.crews[i].called {
			f.crews[i].called = true
			f.hub.shards[i].call(f)
		}
	}
}

func (f *feed) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
	f.turn++
	f.window.reset(eventlog.Position{})
	f.tell()
}

// appendFrame renders a record:
//
//	event: note
//	id: AQAAAAfSYv8rKg
//	data: {"text":"Hello"}
func appendFrame(dst []byte, topic string, r eventlog.Record) ([]byte, error) {
	return sse.AppendEvent(dst, fieldsOf(topic, r))
}

// fieldsOf is the event of a record, with the ID that clients get.
func fieldsOf(topic string, r eventlog.Record) sse.Event {
	var room [32]byte
	e := r.Event
	e.ID, e.HasID = string(eventlog.AppendID(room[:0], topic, r.Position)), true
	return e
}

// changes returns what is closed when anything changes from now on.
func (f *feed) changes() (<-chan struct{}, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed, f.err
}

// place returns the cursor of a start, if the window has it. It waits for the
// window to begin, if the log can be read, and to have what the log is known to
// have, as long as the window does not begin anew.
func (f *feed) place(ctx context.Context, from start, filtered bool) (cursor, bool, error) {
	for {
		f.mu.Lock()
		changed, err := f.changed, f.err
		var c cursor
		ok, wait := false, f.turn == 0
		if wait && err == nil {
			err = f.unread
		}
		switch {
		case wait || err != nil:
		case from.live:
			c, ok = f.window.end(), true
		default:
			c, ok = f.window.find(from.at)
			ok = ok && (!filtered || c.canBeFiltered())
			wait = !ok && from.checked == f.turn && (from.at.Epoch != f.window.last.epoch || from.at.Offset > f.window.newest())
		}
		f.mu.Unlock()
		if err != nil || !wait {
			return c, ok, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return cursor{}, false, ctx.Err()
		}
	}
}

// canBeFiltered reports whether each record that is there behind the cursor has
// its event with it.
func (c cursor) canBeFiltered() bool {
	for ; c.seg != nil; c = (cursor{seg: c.seg.next.Load()}) {
		for _, p := range c.seg.places[c.records:] {
			if p.event == nil {
				return false
			}
		}
	}
	return true
}

// covers reports whether the window has the records after the position.
func (f *feed) covers(p eventlog.Position) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.turn > 0 && p.Epoch == f.window.first.epoch && p.Offset >= f.window.start()
}

// windowEnd returns where the window ends, and the turn in which it does.
func (f *feed) windowEnd() (eventlog.Position, int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.window.end().position(), f.turn
}

func (f *feed) positionOf(c cursor) eventlog.Position {
	f.mu.Lock()
	defer f.mu.Unlock()
	return c.position()
}

// windowRecord is a record of the window.
type windowRecord struct {
	frame    []byte
	event    *sharedEvent
	position eventlog.Position
}

// records returns the records ahead of the cursor, which it moves behind them.
func (f *feed) records(c *cursor) []windowRecord {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []windowRecord
	for !c.lost() {
		for _, p := range c.seg.places[c.records:] {
			out = append(out, windowRecord{c.seg.buf[c.bytes:p.end:p.end], p.event, eventlog.Position{Epoch: c.seg.epoch, Offset: p.offset}})
			c.bytes, c.records = p.end, c.records+1
		}
		next := c.seg.next.Load()
		if next == nil {
			break
		}
		*c = cursor{seg: next}
	}
	return out
}
