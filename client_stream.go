package courant

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/courant-dev/courant/sse"
)

// A ClientStream is the receiving side of a stream: of a method of a design
// ([CallStream]), or of any URL ([OpenEvents]).
//
// It connects again after a cut, resumes after the last event it received, and
// tells apart how a stream ends:
//
//	complete	io.EOF
//	failed		*Error, as the server sent it
//	cut		*CutError: it may not connect again by itself; else it just does
//	stale		*GapError: events are lost; the stream goes on
//
// It reads only inside Recv; nothing runs in between. Recv and Events are for
// one goroutine at a time, the other methods for any at any time.
type ClientStream[E any] struct {
	reader  *eventReader
	receive func(sse.Event) (E, error)
	obey    func(sse.Event) (bool, error) // nil: control events are ordinary ones
}

// CallStream calls a method that streams. Generated clients are made of it.
//
// It returns when the server has answered. ctx is the life of the stream, not of
// the call alone: when it is done, Recv returns its error and the connection
// ends. The caller should Close the stream unless Recv has returned a final
// error or ctx is done.
//
// An answer other than a stream of events is an [*Error], or a
// [*ContentTypeError]; that and any network error on the first connection is
// final, unless [WithFirstConnectionRetry] says otherwise. A 204 is a stream that
// is complete. After a cut, Recv connects again as [ReconnectPolicy] says: network
// errors, 429 and 5xx are then tried again until ctx is done, not before
// Retry-After; other answers are final.
func CallStream[P, E any](ctx context.Context, c *Client, m *StreamMethod[P, E], p P) (*ClientStream[E], error) {
	if c.err != nil {
		return nil, c.err
	}
	plans, err := streamPlansOf(c, m)
	if err != nil {
		return nil, err
	}
	req, err := plans.request.encode(ctx, c.base, m.HTTP.Routes[0], p)
	if err != nil {
		return nil, err
	}
	c.warn.Do(func() { warnOfTimeout(c.config) })
	events := m.HTTP.Events
	reader, err := newEventReader(source{
		name:        m.Name,
		template:    req,
		idempotent:  m.Idempotent,
		resumes:     m.HTTP.Request.LastEventID != "" || m.Topic.Pattern != "",
		control:     !events.NoControlEvents,
		quietEnd:    events.NoControlEvents && events.Done == "",
		readTimeout: c.config.readTimeoutOf(events.Heartbeat),
		problem: func(status int, header http.Header, body []byte) *Error {
			return decodeProblem(status, header, body, m.Errors)
		},
	}, c.config, c.streaming)
	if err != nil {
		return nil, err
	}
	stream := &ClientStream[E]{reader: reader}
	stream.receive = func(event sse.Event) (E, error) {
		value, err := plans.events.decode(event, c.config.strict)
		if err != nil {
			var none E
			return none, &DecodeError{Event: event.Clone(), Err: err}
		}
		return value, nil
	}
	stream.obey = func(event sse.Event) (bool, error) { return reader.obey(event, events, m.Errors) }
	return stream, nil
}

// defaultReadTimeout is three heartbeats of a server of ours.
const defaultReadTimeout = 45 * time.Second

// readTimeoutOf is the read timeout for a method with that heartbeat.
func (c *clientConfig) readTimeoutOf(heartbeat time.Duration) time.Duration {
	switch {
	case c.readTimeoutSet:
		return c.readTimeout
	case heartbeat < 0:
		return 0
	}
	return max(defaultReadTimeout, 3*heartbeat)
}

// Recv waits for the next event and returns it. What it returns is the caller's
// to keep, but for the Data of an [sse.Event], which is valid until the next
// Recv.
//
// An error for which [Continues] is true concerns one event, or a gap; the next
// Recv goes on. Any other error is final, and every later Recv returns it:
// io.EOF when the stream is complete, [*Error], [*CutError], the context's
// error, [ErrStreamClosed].
func (s *ClientStream[E]) Recv() (E, error) {
	var none E
	for {
		event, err := s.reader.next()
		if err != nil {
			return none, err
		}
		if s.obey != nil {
			control, err := s.obey(event)
			if err != nil {
				return none, err
			}
			if control {
				continue
			}
		}
		return s.receive(event)
	}
}

// Events is Recv as a sequence: it yields each event with a nil error, and
// errors with the zero event. It ends at io.EOF, which it does not yield, and
// after any other final error. To break off does not close the stream; a later
// sequence goes on where the earlier one stopped.
func (s *ClientStream[E]) Events() iter.Seq2[E, error] {
	return func(yield func(E, error) bool) {
		for {
			event, err := s.Recv()
			if s.reader.complete {
				return
			}
			if !yield(event, err) || err != nil && !Continues(err) {
				return
			}
		}
	}
}

// LastEventID returns the last event ID in force, from which a later call can
// resume: that of the last event Recv has come to, or of an earlier one if that
// has none. It is empty if there is none. The control event stream-end does not
// count.
func (s *ClientStream[E]) LastEventID() string { return s.reader.LastEventID() }

// State returns what the stream is doing. It is Closed as soon as the context is
// done.
func (s *ClientStream[E]) State() State {
	if s.reader.template.Context().Err() != nil {
		return Closed
	}
	return s.reader.states.get()
}

// Reconnect ends the connection and lets Recv make another at once, whatever the
// [ReconnectPolicy]; it interrupts a wait too. Events that have arrived may still
// be received before. It does nothing on a closed stream.
func (s *ClientStream[E]) Reconnect() { s.reader.reconnect() }

// Close ends the stream and lets go of its connection. It interrupts a blocked
// Recv, which returns [ErrStreamClosed]. It does not wait, and always returns nil; it
// may be called more than once.
func (s *ClientStream[E]) Close() error {
	s.reader.shut(ErrStreamClosed)
	return nil
}
