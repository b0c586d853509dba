package hub

import (
	"context"
	"fmt"
	"net/http"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/sse"
)

// ServeOption sets up one call of [Topic.Serve]: [FromOldest], [Where],
// [WithSnapshot].
type ServeOption[E any] func(*serveConfig[E])

type serveConfig[E any] struct {
	oldest   bool
	filter   func(E) bool
	snapshot func(context.Context) (state []E, at string, err error)
}

// FromOldest has a client that has seen nothing begin with the oldest event
// there is. By default it begins with the next one.
func FromOldest[E any]() ServeOption[E] { return func(c *serveConfig[E]) { c.oldest = true } }

// Where sends only the events for which keep is true. The others move the
// client's last event ID on within seconds, and are no gap. keep is called from
// several goroutines, with events that it must not change. What is in the log and
// cannot be decoded is left out, and logged. A stream with a filter is not taken
// over.
func Where[E any](keep func(E) bool) ServeOption[E] {
	return func(c *serveConfig[E]) { c.filter = keep }
}

// WithSnapshot has a client that has seen nothing, or has a gap, begin with the
// state that f returns, as events: those that make the state, and the ID of the
// last event of the topic that is in it, from which the stream goes on, so that
// nothing is missing in between. The ID is one of [Published], or empty where the
// state is that before the oldest event. Three states in a row whose ID the log no
// longer has end the stream with a temporary error.
//
// f is called when the method has returned, and its error is as the method's. Under
// GapFail a gap is an error, and no reason for a state. A
// client whose gap comes later gets the state in the same stream, or, where its
// connection was taken over, when it has connected again.
func WithSnapshot[E any](f func(context.Context) (state []E, at string, err error)) ServeOption[E] {
	return func(c *serveConfig[E]) { c.snapshot = f }
}

// goOner is what streams of the run time have, and test doubles do not.
type goOner interface {
	Continue(next courant.Continuation)
	LastEventID() string
}

// Sender is the sending side of a stream, as generated interfaces have it.
type Sender[E any] interface {
	// Send sends one event.
	Send(event E) error
}

// Serve sends the events of a topic to a stream, from behind the last event ID
// that its client has sent, or else the events to come. A service's method
// authorises, and ends with it:
//
//	return s.topic.Serve(ctx, topic, stream)
//
// It returns nil at once, having told the stream what to go on with when the
// method has returned nil; of several calls the last one counts. The stream ends
// when its client goes, or is drained. Where events are lost, the design's OnGap
// says what the client gets, also while it is connected. A log that cannot be read
// is a temporary error for a client that comes, and a cut for one that is there.
//
// On a stream that is not the run time's, such as a test double, Serve sends
// itself, until ctx is done, from the beginning of the topic with FromOldest,
// and else what comes.
func (t *Topic[E]) Serve(ctx context.Context, topic string, stream Sender[E], opts ...ServeOption[E]) error {
	var c serveConfig[E]
	for _, opt := range opts {
		opt(&c)
	}
	if err := eventlog.CheckTopic(topic); err != nil {
		return courant.NewError(http.StatusBadRequest, "topic", err.Error())
	}
	ours, ok := stream.(goOner)
	if !ok {
		return t.serveDouble(ctx, topic, stream, &c)
	}
	s := &subscription{asked: ours.LastEventID(), policy: t.spec.OnGap, oldest: c.oldest}
	s.filter = t.filterOf(&c)
	s.snapshot = t.snapshotOf(&c)
	o := &t.origin
	ours.Continue(func(ctx context.Context, w *courant.FrameWriter) error {
		return o.serve(ctx, w, topic, s)
	})
	return nil
}

func (t *Topic[E]) filterOf(c *serveConfig[E]) func(*sharedEvent) (bool, error) {
	if c.filter == nil {
		return nil
	}
	return func(e *sharedEvent) (bool, error) {
		e.once.Do(func() { e.value, e.err = t.codec.Decode(e.fields) })
		if e.err != nil {
			return false, fmt.Errorf("hub: an event of the log: %w", e.err)
		}
		return c.filter(e.value.(E)), nil
	}
}

// snapshotOf returns the snapshot as frames, without IDs.
func (t *Topic[E]) snapshotOf(c *serveConfig[E]) func(context.Context) ([]byte, int, string, error) {
	if c.snapshot == nil {
		return nil
	}
	return func(ctx context.Context) (frames []byte, events int, at string, err error) {
		state, at, err := c.snapshot(ctx)
		for _, event := range state {
			if err != nil {
				break
			}
			var fields sse.Event
			if fields, err = t.codec.Encode(event); err == nil {
				frames, err = sse.AppendEvent(frames, fields)
			}
		}
		return frames, len(state), at, err
	}
}

// serveDouble sends with Send.
func (t *Topic[E]) serveDouble(ctx context.Context, topic string, stream Sender[E], c *serveConfig[E]) error {
	after := ""
	switch {
	case c.snapshot != nil:
		state, at, err := c.snapshot(ctx)
		if err != nil {
			return err
		}
		for _, event := range state {
			if err := stream.Send(event); err != nil {
				return err
			}
		}
		after = at
	case !c.oldest:
		bounds, err := t.log.Bounds(ctx, topic)
		if err != nil {
			return err
		}
		after = string(eventlog.AppendID(nil, topic, bounds.End()))
	}
	for p, err := range t.Events(ctx, topic, after) {
		if err != nil && ctx.Err() != nil {
			return nil // the context is the stream's: its end is no failure
		}
		if err != nil {
			return err
		}
		if c.filter != nil && !c.filter(p.Event) {
			continue
		}
		if err := stream.Send(p.Event); err != nil {
			return err
		}
	}
	return nil
}
