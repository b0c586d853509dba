package courant

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/courant-dev/courant/sse"
)

// source is what an [eventReader] reads.
type source struct {
	name        string        // for logs and errors
	template    *http.Request // cloned for each connection; its context is the life of the stream
	idempotent  bool          // may be sent again
	resumes     bool          // may be sent again once there is a last event ID
	control     bool          // control events are obeyed, not handed out
	quietEnd    bool          // nothing but the end of the answer marks the end
	readTimeout time.Duration
	problem     func(status int, header http.Header, body []byte) *Error
}

// An eventReader reads the events of one stream over as many connections as it
// takes. next is for one goroutine at a time and reads only while it is called;
// the other methods may be called at any time.
type eventReader struct {
	source
	config *clientConfig
	client *http.Client
	cancel context.CancelCauseFunc // of the template's context
	states states
	wake   chan struct{} // has a token when Reconnect was called since the last dial: connect at once

	// Of the goroutine in next.
	backoff  backoff
	sent     bool // the first request
	received bool // an ID
	protocol int  // the major version of HTTP of the last answer; 0 before the first
	final    error
	complete bool // final is io.EOF

	mu          sync.Mutex
	conn        *connection // written by the goroutine in next only
	lastEventID string
}

// newEventReader connects; an error is final. Where the stream is at its end
// already (a 204) the reader is returned, and next says so.
func newEventReader(s source, config *clientConfig, client *http.Client) (*eventReader, error) {
	r := &eventReader{
		source: s, config: config, client: client,
		states:      states{tell: config.onState},
		wake:        make(chan struct{}, 1),
		lastEventID: s.template.Header.Get("Last-Event-ID"),
		backoff: backoff{
			base: config.base, limit: config.limit, reset: config.reset, exact: config.eventSource,
		},
	}
	ctx, cancel := context.WithCancelCause(s.template.Context())
	r.template, r.cancel = s.template.WithContext(ctx), cancel
	r.states.set(StateChange{State: Connecting})
	failed := r.dial()
	if failed == nil {
		return r, nil
	}
	err := r.over()
	switch {
	case err != nil:
		err = r.finish(err)
	case failed.again && (config.eventSource || config.firstAgain && r.mayReconnect()):
		err = r.reach(failed, neverOpen, false)
	default:
		err = r.finish(failed.err)
	}
	if err != nil && !r.complete {
		return nil, err
	}
	return r, nil
}

// next returns the next event. Its Data is valid until the following call. An
// error for which [Continues] is false is returned for ever.
func (r *eventReader) next() (sse.Event, error) {
	for {
		if err := r.over(); err != nil {
			return sse.Event{}, r.finish(err)
		}
		event, err := r.conn.decoder.Decode()
		r.commit(event)
		if err == nil || Continues(err) {
			return event, err
		}
		// By the standard the end of an answer is a cut: EventSource connects again.
		if r.quietEnd && r.conn.ended(err) && !r.mayReconnect() {
			return sse.Event{}, r.end()
		}
		if err := r.resume(r.conn.why(cutBy(err)), 0); err != nil {
			return sse.Event{}, err
		}
	}
}

var errEndOfAnswer = fmt.Errorf("courant: the answer ended without an outcome: %w", io.ErrUnexpectedEOF)

// cutBy makes of the error of a reader the reason of a cut, which is never
// io.EOF: to a caller that means a complete stream.
func cutBy(err error) error {
	switch {
	case err == io.EOF: // a reader returns it bare
		return errEndOfAnswer
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%s: %w", err.Error(), io.ErrUnexpectedEOF)
	}
	return err
}

// commit takes over what the connection has told so far: the last event ID as of
// the last complete event, and the reconnection time.
func (r *eventReader) commit(event sse.Event) {
	if retry, ok := r.conn.decoder.Retry(); ok {
		r.backoff.setBase(retry)
	}
	id := r.conn.decoder.LastEventID()
	if r.control && event.Type == eventEnd {
		return // to begin again after the last event that said something
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if id != r.lastEventID || event.HasID {
		r.received = true
	}
	r.lastEventID = id
}

// resume leaves the connection because of cause and makes another one, not
// before wish has passed, if that is allowed.
func (r *eventReader) resume(cause error, wish time.Duration) error {
	if err := r.over(); err != nil {
		return r.finish(err)
	}
	lived := time.Since(r.conn.opened)
	r.leave(cause)
	forced := r.asked() || errors.Is(cause, errForced)
	switch {
	case !bodyAgain(r.template), !forced && !r.mayReconnect():
		return r.finish(r.cutError(cause))
	}
	return r.reach(&failure{err: cause, after: wish}, lived, forced)
}

// asked reports whether Reconnect was called since the last time.
func (r *eventReader) asked() bool {
	select {
	case <-r.wake:
		return true
	default:
		return false
	}
}

// cutError is what next returns for a cut that cannot be mended. An error that
// the server has sent speaks for itself.
func (r *eventReader) cutError(cause error) error {
	if _, sent := errors.AsType[*Error](cause); sent {
		return cause
	}
	return &CutError{Method: r.name, LastEventID: r.LastEventID(), Err: cause}
}

// reach connects again, trying until it succeeds or fails for good; the first
// time at once if forced.
func (r *eventReader) reach(last *failure, lived time.Duration, forced bool) error {
	for attempt := 1; ; attempt++ {
		delay := time.Duration(0)
		if !forced {
			delay = max(r.backoff.next(lived), last.after)
		}
		why := last.err
		if errors.Is(why, errForced) {
			why = nil
		}
		r.states.set(StateChange{State: Connecting, Err: why, Attempt: attempt, Delay: delay})
		r.config.logger.LogAttrs(r.template.Context(), slog.LevelDebug, "courant: stream reconnects",
			slog.String("method", r.name), slog.Any("error", last.err),
			slog.Int("attempt", attempt), slog.Duration("delay", delay))
		r.wait(delay)
		if err := r.over(); err != nil {
			return r.finish(err)
		}
		if _, silent := errors.AsType[*silenceError](last.err); silent && r.protocol != 1 {
			// Another stream of the same HTTP/2 connection would be silent too.
			r.client.CloseIdleConnections()
		}
		failed := r.dial()
		if failed == nil {
			return nil
		}
		if err := r.over(); err != nil {
			return r.finish(err)
		}
		if !failed.again {
			return r.finish(failed.err)
		}
		last, lived, forced = failed, neverOpen, r.asked()
	}
}

// dial makes a connection.
func (r *eventReader) dial() *failure {
	conn, ctx := newConnection(r.template.Context(), r.readTimeout)
	r.mu.Lock()
	r.conn = conn
	r.asked() // for this connection, if so: it must not end a later one
	r.mu.Unlock()
	req, err := r.request(ctx)
	if err != nil {
		conn.release(err)
		return &failure{err: err}
	}
	if err := conn.send(r.client, req); err != nil {
		conn.release(err)
		return &failure{err: err, again: true}
	}
	r.protocol = conn.protocol
	if conn.status != http.StatusOK || !isEventStream(conn.header.Get("Content-Type")) || codingOf(conn.header) != "" {
		defer conn.release(nil)
		return r.refused(conn)
	}
	conn.decoder = r.newDecoder(conn)
	r.states.set(StateChange{State: Connected})
	return nil
}

// refused says what it means that the answer is not a stream of events.
func (r *eventReader) refused(conn *connection) *failure {
	switch conn.status {
	case http.StatusOK:
		return &failure{err: &ContentTypeError{conn.header.Get("Content-Type"), codingOf(conn.header)}}
	case http.StatusNoContent:
		return &failure{err: r.end()} // the standard's way to say: do not come again
	}
	sent := r.problem(conn.status, conn.header, conn.problem())
	return &failure{err: sent, again: !r.config.eventSource && triedAgain(conn.status),
		after: r.backoff.after(sent.RetryAfter)}
}

func (r *eventReader) newDecoder(conn *connection) *sse.Decoder {
	return sse.NewDecoder(conn, sse.WithLastEventID(r.LastEventID()),
		sse.WithMaxEventSize(r.config.maxEventSize), sse.WithCommentFunc(r.config.onComment))
}

func (r *eventReader) wait(delay time.Duration) {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.wake:
	case <-r.template.Context().Done():
	}
}

// mayReconnect applies the policy.
func (r *eventReader) mayReconnect() bool {
	switch {
	case !bodyAgain(r.template):
		return false
	case r.config.eventSource, r.config.policy == Always:
		return true
	case r.config.policy == Never:
		return false
	case r.idempotent, r.template.Method == "", r.template.Method == http.MethodGet:
		return true
	}
	return r.resumes && r.received && r.LastEventID() != ""
}

// over returns the final error if there is one by now.
func (r *eventReader) over() error {
	if r.final != nil {
		return r.final
	}
	ctx := r.template.Context()
	err := ctx.Err() // before its cause: Close may come in between
	if err != nil && errors.Is(context.Cause(ctx), ErrStreamClosed) {
		return ErrStreamClosed
	}
	return err
}

// end ends the stream as complete, and returns io.EOF.
func (r *eventReader) end() error {
	r.complete = r.final == nil
	return r.finish(io.EOF)
}

// finish ends the stream with err, unless it has ended already, and returns
// what it ended with.
func (r *eventReader) finish(err error) error {
	if r.final == nil {
		r.final = err
		r.shut(err)
	}
	return r.final
}

// shut lets go of everything, interrupting next.
func (r *eventReader) shut(cause error) {
	r.cancel(cause)
	r.leave(cause)
	r.states.set(StateChange{State: Closed, Err: cause})
}

func (r *eventReader) leave(cause error) {
	r.mu.Lock()
	conn := r.conn
	r.mu.Unlock()
	if conn != nil {
		conn.release(cause)
	}
}

// reconnect: see [ClientStream.Reconnect].
func (r *eventReader) reconnect() {
	r.mu.Lock()
	conn := r.conn
	select { // before the abort, so that who notices it finds the token
	case r.wake <- struct{}{}:
	default:
	}
	r.mu.Unlock()
	if conn != nil {
		conn.abort(errForced)
	}
}

// LastEventID: see [ClientStream.LastEventID].
func (r *eventReader) LastEventID() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lastEventID
}
