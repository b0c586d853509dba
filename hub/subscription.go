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
}

// A start is where a subscription goes on.
type start struct {
	at    eventlog.Position
	live  bool // at the end, wherever that is
	known bool // the log has it
}

// run writes what comes, until ctx is done. At its first place in the window it
// asks take, if that is not nil, whether somebody else goes on from there.
func (s *subscription) run(ctx context.Context, out output, take func(cursor) bool) error {
	from, err := s.begin(ctx, out)
	for err == nil {
		var c cursor
		if c, err = s.reach(ctx, out, from); err != nil {
			break
		}
		if take != nil && s.filter == nil && take(c) {
			return nil
		}
		take = nil
		if c, err = s.live(ctx, out, c); err == nil {
			from = start{at: s.feed.positionOf(c), known: true}
		}
	}
	if ctx.Err() != nil {
		return nil // the outcome says why
	}
	return err
}

// begin says where to start.
func (s *subscription) begin(ctx context.Context, out output) (start, error) {
	if s.asked != "" {
		at, err := eventlog.ParseID(s.feed.topic, s.asked)
		if err != nil {
			return s.gap(ctx, out, s.asked, eventlog.Unknown, eventlog.Position{})
		}
		return start{at: at}, nil
	}
	return s.first(ctx, out)
}

// first is where a client begins that has seen nothing.
func (s *subscription) first(ctx context.Context, out output) (start, error) {
	switch {
	case s.snapshot != nil:
		return s.show(ctx, out)
	case s.oldest:
		return start{}, nil
	}
	return start{live: true}, nil
}

// show sends the state that the service has, which the client remembers by the
// ID of the last event in it.
func (s *subscription) show(ctx context.Context, out output) (start, error) {
	frames, events, id, err := s.snapshot(ctx)
	if err != nil {
		return start{}, err
	}
	from := start{}
	if id != "" {
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
		gap.Oldest = string(eventlog.AppendID(nil, s.feed.topic, oldest))
	}
	if err := out.WriteGap(gap); err != nil {
		return start{}, err
	}
	switch {
	case s.snapshot != nil:
		return s.show(ctx, out)
	case s.policy == courant.GapContinue && reason == eventlog.Unknown:
		return start{live: true}, nil
	}
	return start{}, nil
}

// reach replays from the log until the subscription has a place in the window.
func (s *subscription) reach(ctx context.Context, out output, from start) (cursor, error) {
	for first := true; ; first = false {
		c, ok, err := s.feed.place(ctx, from, s.filter != nil)
		if ok || err != nil {
			if err == nil && first {
				err = s.greet(out, from, c)
			}
			return c, err
		}
		if from, err = s.replay(ctx, out, from); err != nil {
			return cursor{}, err
		}
	}
}

// greet sends the headers, and tells a client that begins here where that is: it
// may be cut before its first event.
func (s *subscription) greet(out output, from start, c cursor) error {
	if from.at.Epoch != 0 {
		return out.WriteFrames(nil, 0)
	}
	id := eventlog.AppendID(nil, s.feed.topic, s.feed.positionOf(c))
	frame, err := sse.AppendID(nil, string(id))
	if err != nil {
		return err
	}
	return out.WriteFrames(frame, 0)
}

// batch is how many bytes of frames a replay writes at once.
const batch = 32 << 10

// replay writes the records after from, until the window has the next one.
func (s *subscription) replay(ctx context.Context, out output, from start) (start, error) {
	windowStart := s.feed.windowStart()
	var frames []byte
	events := 0
	for record, err := range s.feed.log.Read(ctx, s.feed.topic, from.at) {
		var lost *eventlog.TruncatedError
		if errors.As(err, &lost) {
			if err := out.WriteFrames(frames, events); err != nil {
				return from, err
			}
			return s.gap(ctx, out, s.idOf(from), lost.Reason, lost.Oldest)
		}
		if err != nil {
			return from, errors.Join(err, out.WriteFrames(frames, events))
		}
		keep, err := s.wants(&sharedEvent{fields: record.Event}, record.Position)
		if err != nil {
			return from, err
		}
		if keep {
			if frames, err = appendFrame(frames, s.feed.topic, record); err != nil {
				return from, err
			}
			events++
		}
		from = start{at: record.Position, known: true}
		if len(frames) < batch {
			continue
		}
		if err := out.WriteFrames(frames, events); err != nil {
			return from, err
		}
		frames, events = frames[:0], 0
		if s.feed.covers(from.at) {
			return from, nil
		}
	}
	if from.at.Epoch != windowStart.Epoch || from.at.Offset < windowStart.Offset {
		from.at = windowStart // nothing is left in between
	}
	from.known = true
	return from, out.WriteFrames(frames, events)
}

func (s *subscription) idOf(from start) string {
	if !from.known && s.asked != "" {
		return s.asked
	}
	return string(eventlog.AppendID(nil, s.feed.topic, from.at))
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
			keep, err := s.wants(r.event, r.position)
			if err != nil {
				return c, err
			}
			if !keep {
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
				id := eventlog.AppendID(nil, s.feed.topic, s.skipped)
				if frames, err = sse.AppendID(frames[:0], string(id)); err == nil {
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
func (s *subscription) wants(e *sharedEvent, at eventlog.Position) (bool, error) {
	if s.filter == nil {
		return true, nil
	}
	keep, err := s.filter(e)
	s.skipped = eventlog.Position{}
	if !keep {
		s.skipped = at
	}
	return keep, err
}
