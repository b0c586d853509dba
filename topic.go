package courant

import (
	"bytes"
	"time"

	"github.com/courant-dev/courant/sse"
)

// Topic says under which names the events of a method are published, and what is
// kept of them. Package hub does both; the zero Topic is none.
type Topic struct {
	// Pattern is the topic's name, with attributes of the payload in braces:
	// "rooms/{room}".
	Pattern string

	MaxEvents int           // a client may be so many events behind; 0: 10,000
	MaxAge    time.Duration // how long events are kept; 0: without end
	OnGap     GapPolicy
}

// GapPolicy says what a client gets that asks to resume where the log cannot
// go on without a gap.
type GapPolicy int

const (
	// GapContinue tells the client of the gap and goes on: with the oldest event
	// there is, or, where the log has never had the event that the client names,
	// with the next one.
	GapContinue GapPolicy = iota
	// GapFail ends the stream with an [Error]: 410 and the name "gap".
	GapFail
	// GapRestart tells the client of the gap, and goes on with the oldest event
	// there is.
	GapRestart
)

// EventCodec encodes the events of a method as fields of Server-Sent Events, and
// back, for packages that keep them. It is safe for concurrent use.
type EventCodec[E any] struct {
	plan   *eventPlan[E]
	method string
}

// NewEventCodec returns the codec of a method's events. It fails where the
// descriptor does not fit E.
func NewEventCodec[P, E any](m *StreamMethod[P, E]) (*EventCodec[E], error) {
	plan, err := newEventPlan[E](m.HTTP.Events)
	if err != nil {
		return nil, err
	}
	return &EventCodec[E]{plan, m.Name}, nil
}

// Encode returns the fields of an event, but for the ID, which who keeps events
// gives them. What cannot travel is a
// [*RefusedError], as in [ServerStream.Send]. The result shares no memory with
// event or with the codec.
func (c *EventCodec[E]) Encode(event E) (sse.Event, error) {
	if c.plan.isNil(event) {
		return sse.Event{}, &RefusedError{c.method, errNilEvent}
	}
	b := c.plan.scratch.Get().(*buffers)
	defer c.plan.release(b)
	fields, err := c.plan.fields(event, b)
	fields.ID, fields.HasID = "", false
	if err == nil {
		err = c.plan.check(fields)
	}
	if err == nil { // what cannot be a frame
		b.frame, err = sse.AppendEvent(b.frame[:0], fields)
	}
	if err != nil {
		return sse.Event{}, &RefusedError{c.method, err}
	}
	fields.Data = bytes.Clone(fields.Data)
	return fields, nil
}

// Decode returns the event that the fields carry, as a client receives it.
func (c *EventCodec[E]) Decode(fields sse.Event) (E, error) {
	if fields.Type == "" {
		fields.Type = "message"
	}
	return c.plan.decode(fields, false)
}

// LastEventID returns the last event ID that the client has sent: in the header
// Last-Event-ID, or in the query parameter last_event_id. It is empty if there is
// none, or if the client has seen nothing yet.
func (s *ServerStream[E]) LastEventID() string {
	id, _ := lastEventIDOf(s.core.request)
	return id
}

// WriteGap tells the client of a gap, where the design has control events:
//
//	event: stream-gap
//	data: {"asked":"AQ…","oldest":"AQ…","reason":"trimmed"}
func (w *FrameWriter) WriteGap(gap GapError) error {
	return w.WriteFrames(gapFrame(*w.core.events, gap), 0)
}
