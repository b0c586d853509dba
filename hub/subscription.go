package hub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/sse"
)

// output is where a subscription writes: a stream, or a connection that was
// taken over.
type output interface {
	WriteFrames(frames []byte, events int) error
	WriteGap(gap courant.GapError) error
}

// A subscription is one stream's place in a topic, and what it wants of it.
type subscription struct {
	feed     *feed
	asked    string // the last event ID that the client has sent
	policy   courant.GapPolicy
	oldest   bool // without a last event ID: from the oldest record on
	snapshot func(context.Context) (frames []byte, events int, at string, err error)
	filter   func(*sharedEvent) (bool, error)
	skipped  eventlog.Position // the last record that the filter left out, if the client was not told
	shown    int               // snapshots, since it had a place in the window
	placed   bool              // it had one
	taken    bool              // a conn goes on with it
	departed bool              // the method's snapshot is no longer to be had: the client must come again
}

// A start is where a subscription goes on.
type start struct {
	at      eventlog.Position
	live    bool              // at the end, wherever that is
	gap     *courant.GapError // to be told of once there is a place
	untold  bool              // the client has no event ID for it
	checked int               // the turn of the window in which the log had it; 0: it may not
}

// snapshotError is an error of the method's snapshot.
type snapshotError struct{ err error }

func (e *snapshotError) Error() string { return "hub: the snapshot: " + e.err.Error() }

func (e *snapshotError) Unwrap() error { return e.err }

// mostShown is how many snapshots in a row may be older than what the log has.
const mostShown = 3

var (
	errOldSnapshot = errors.New("hub: the log no longer has the position of the snapshot")
	errDeparted    = errors.New("hub: the client must come again for a snapshot")
)

// run writes what comes, until ctx is done, or until it has a place in the window
// and the connection is taken over.
func (s *subscription) run(ctx context.Context, w *courant.FrameWriter) error {
	from, err := s.begin(ctx, w)
	for err == nil {
		var c cursor
		if c, err = s.reach(ctx, w, from); err != nil {
			break
		}
		if s.taken = s.filter == nil && s.feed.hub.take(w, s, c); s.taken {
			return nil
		}
		if c, err = s.live(ctx, w, c); err == nil {
			from = start{at: s.feed.positionOf(c)}
		}
	}
	if ctx.Err() != nil {
		return nil //nolint:nilerr // the outcome says why
	}
	return err
}

// leave lets go of the feed, unless a conn has it.
func (s *subscription) leave() {
	if !s.taken {
		s.feed.hub.leave(s.feed, s.filter != nil)
	}
}

// begin says where to start.
func (s *subscription) begin(ctx context.Context, out output) (start, error) {
	if s.asked != "" {
		at, err := eventlog.ParseID(s.feed.topic, s.asked)
		if err != nil {
			return s.foreign(ctx, out)
		}
		return start{at: at}, nil
	}
	return s.first(ctx, out)
}

// foreign says where a client starts whose last event ID is none of the topic's.
func (s *subscription) foreign(ctx context.Context, out output) (start, error) {
	bounds, err := s.feed.log.Bounds(ctx, s.feed.topic)
	if err != nil {
		return start{}, err
	}
	return s.gap(ctx, out, s.asked, eventlog.Unknown, eventlog.Position{Epoch: bounds.Epoch, Offset: bounds.Oldest})
}

// first is where a client begins that has seen nothing.
func (s *subscription) first(ctx context.Context, out output) (start, error) {
	switch {
	case s.snapshot != nil:
		return s.show(ctx, out)
	case s.oldest:
		return start{untold: true}, nil
	}
	return start{live: true, untold: true}, nil
}

// show sends the state that the service has, which the client remembers by the
// ID of the last event in it.
func (s *subscription) show(ctx context.Context, out output) (start, error) {
	if s.shown++; s.shown > mostShown {
		return start{}, errOldSnapshot
	}
	frames, events, id, err := s.snapshot(ctx)
	if err != nil {
		return start{}, &snapshotError{err}
	}
	from := start{untold: true}
	if id != "" {
		from.untold = false
		if from.at, err = eventlog.ParseID(s.feed.topic, id); err != nil {
			return start{}, fmt.Errorf("hub: the position of a snapshot: %w", err)
		}
		if frames, err = sse.AppendID(frames, id); err != nil {
			return start{}, err
		}
	}
	return from, out.WriteFrames(frames, events)
}

// gap does what the policy says where events after the asked ones are lost.
func (s *subscription) gap(ctx context.Context, out output, asked string, reason eventlog.Reason, oldest eventlog.Position) (start, error) {
	if s.policy == courant.GapFail {
		return start{}, courant.NewError(http.StatusGone, "gap", "the events after the last event ID are no longer there ("+string(reason)+")")
	}
	gap := courant.GapError{Asked: asked, Reason: string(reason)}
	if oldest.Offset > 0 {
		gap.Oldest = s.idOf(oldest)
	}
	if s.departed {
		return start{}, errDeparted
	}
	if s.snapshot == nil && s.policy == courant.GapContinue && reason == eventlog.Unknown {
		// Who hears of the gap may fetch a state, which what is published from then on
		// comes after.
		return start{live: true, untold: true, gap: &gap}, nil
	}
	if err := out.WriteGap(gap); err != nil {
		return start{}, err
	}
	if s.snapshot != nil {
		return s.show(ctx, out)
	}
	return start{untold: true}, nil
}

// reach replays from the log until the subscription has a place in the window.
func (s *subscription) reach(ctx context.Context, out output, from start) (cursor, error) {
	for {
		c, ok, err := s.feed.place(ctx, from, s.filter != nil)
		if err != nil {
			return c, err
		}
		if ok {
			s.placed, s.shown = true, 0
			return c, s.greet(out, from, c)
		}
		if s.placed && s.feed.hub.config.slow == SlowDrain {
			return c, courant.ErrDraining
		}
		if from, err = s.replay(ctx, out, from); err != nil {
			return cursor{}, err
		}
	}
}

// greet sends the headers, and tells a client of the gap before its place, and one
// that has no ID of the place where it goes on: it may be cut before the next event.
func (s *subscription) greet(out output, from start, c cursor) error {
	if from.gap != nil {
		if err := out.WriteGap(*from.gap); err != nil {
			return err
		}
	}
	if !from.untold {
		return out.WriteFrames(nil, 0)
	}
	frame, err := sse.AppendID(nil, s.idOf(s.feed.positionOf(c)))
	if err != nil {
		return err
	}
	return out.WriteFrames(frame, 0)
}

// batch is how many bytes of frames a replay writes at once.
const batch = 32 << 10

// replay writes the records after from, until the window has the next one.
func (s *subscription) replay(ctx context.Context, out output, from start) (start, error) {
	end, turn := s.feed.windowEnd() // first: what is left of what is before it is read
	asked := from.at
	var frames []byte
	events := 0
	flush := func() error { // not without frames: the headers decide how an error is told
		if len(frames) == 0 {
			return nil
		}
		err := out.WriteFrames(frames, events)
		frames, events = frames[:0], 0
		return err
	}
	for record, err := range s.feed.log.Read(ctx, s.feed.topic, from.at) {
		lost := lostBefore(s.feed.topic, from.at, record, err)
		switch {
		case lost != nil:
			if err := flush(); err != nil {
				return from, err
			}
			return s.gap(ctx, out, s.idOf(from.at), lost.Reason, lost.Oldest)
		case err != nil:
			return from, errors.Join(err, flush())
		}
		from = start{at: record.Position, untold: from.untold, checked: turn}
		if s.filter == nil || s.wants(&sharedEvent{fields: fieldsOf(s.feed.topic, record)}, record.Position) {
			if frames, err = appendFrame(frames, s.feed.topic, record); err != nil {
				s.feed.passOver(err)
				continue
			}
			from.untold = false
			events++
		}
		if len(frames) < batch {
			continue
		}
		if err := flush(); err != nil || s.feed.covers(from.at) {
			return from, err
		}
	}
	if from.at == asked && (asked.Epoch == 0 || asked.Epoch == end.Epoch && asked.Offset < end.Offset) {
		// Nothing is left in between.
		if asked.Epoch != 0 && asked.Offset == 0 {
			return s.gap(ctx, out, s.idOf(asked), eventlog.Trimmed, eventlog.Position{})
		}
		from.at = end
	}
	from.checked = turn
	return from, flush()
}

func (s *subscription) idOf(p eventlog.Position) string {
	return string(eventlog.AppendID(nil, s.feed.topic, p))
}

// lostBefore says what is lost between a position and a record, or where there is an
// error. That a log says nothing of: who was there before the first record ever names
// no record that can be missing.
func lostBefore(topic string, after eventlog.Position, r eventlog.Record, err error) *eventlog.TruncatedError {
	var lost *eventlog.TruncatedError
	if !errors.As(err, &lost) && err == nil && after.Epoch != 0 && after.Offset == 0 && r.Prev > 0 {
		lost = &eventlog.TruncatedError{Topic: topic, Asked: after, Oldest: r.Position, Reason: eventlog.Trimmed}
	}
	return lost
}

// live writes what is ahead of the cursor, and waits for more, until ctx is done
// or the cursor is lost.
func (s *subscription) live(ctx context.Context, out output, c cursor) (cursor, error) {
	if s.filter != nil {
		return s.liveFiltered(ctx, out, c)
	}
	for {
		changed, err := s.feed.changes()
		if err != nil {
			return c, err
		}
		for {
			frames, events, behind := c.ahead()
			if len(frames) == 0 {
				break
			}
			if err := out.WriteFrames(frames, events); err != nil {
				return c, err
			}
			c = behind
		}
		if c.lost() {
			return c, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return c, ctx.Err()
		}
	}
}

// tellSkipped is how long a client waits for the ID of an event that the filter
// has left out.
const tellSkipped = time.Second

// liveFiltered is live for a subscription with a filter. Events that are left out
// move the client's last event ID on, now and then, so that they are no gap.
func (s *subscription) liveFiltered(ctx context.Context, out output, c cursor) (cursor, error) {
	tell := time.NewTimer(tellSkipped)
	defer tell.Stop()
	var frames []byte
	for {
		changed, err := s.feed.changes()
		if err != nil {
			return c, err
		}
		for _, r := range s.feed.records(&c) {
			if !s.wants(r.event, r.position) {
				continue
			}
			if err := out.WriteFrames(r.frame, 1); err != nil {
				return c, err
			}
		}
		if c.lost() {
			return c, nil
		}
		select {
		case <-changed:
		case <-tell.C:
			if s.skipped.Offset > 0 {
				if frames, err = sse.AppendID(frames[:0], s.idOf(s.skipped)); err == nil {
					err = out.WriteFrames(frames, 0)
				}
				if err != nil {
					return c, err
				}
				s.skipped = eventlog.Position{}
			}
			tell.Reset(tellSkipped)
		case <-ctx.Done():
			return c, ctx.Err()
		}
	}
}

// wants asks the filter.
func (s *subscription) wants(e *sharedEvent, at eventlog.Position) bool {
	if s.filter == nil {
		return true
	}
	s.skipped = eventlog.Position{}
	keep, err := s.filter(e)
	if err != nil {
		s.feed.passOver(err)
	}
	if !keep {
		s.skipped = at
	}
	return keep
}
