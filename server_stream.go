package courant

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"sync"
)

// ServerStream is the sending side of a stream. E is an event as it is passed
// in Go: *T for an object, T for anything else. It is safe for concurrent use,
// and of no use once the method has returned.
type ServerStream[E any] struct {
	core *streamCore
	plan *eventPlan[E]
}

// Send sends one event. It is safe for concurrent use; the events of one
// goroutine leave in their order, at once if nothing else is being written.
//
//	event: notification
//	id: 123
//	data: {"message":"Hello"}
//
// An event that cannot travel is a [*RefusedError], and the stream goes on. Any
// other error stays: [ErrPeerGone], [ErrWriteDeadline], [ErrStreamClosed],
// [ErrDraining], or the cause for which the context is done. By default Send
// does not wait until its event is written, unless 64 KiB are waiting; see
// [WithCoalescing]. It keeps nothing of the event.
func (s *ServerStream[E]) Send(event E) error {
	if s.plan.isNil(event) {
		return &RefusedError{s.core.config.method, errNilEvent}
	}
	b := s.plan.scratch.Get().(*buffers)
	defer s.plan.release(b)
	if err := s.plan.encode(b, event); err != nil {
		return &RefusedError{s.core.config.method, err}
	}
	return s.core.send(b.frame)
}

// Close writes what waits to be written and makes Send fail with
// [ErrStreamClosed]. It decides no outcome: that is the method's return. It
// returns the error of a dead connection, and may be called more than once.
func (s *ServerStream[E]) Close() error { return s.core.close() }

var errNilEvent = errors.New("the event is nil")

func (s *ServerStream[E]) open() error { return s.core.open() }

// isNil reports whether an event is a nil pointer or a nil interface. A nil
// slice or map is an event: [] or {}.
func (plan *eventPlan[E]) isNil(event E) bool {
	return plan.nilable && (any(event) == nil || reflect.ValueOf(event).Kind() == reflect.Pointer && reflect.ValueOf(event).IsNil())
}

// Open sends the headers of a stream now, so that the client knows it is
// accepted, in place of after [WithHeaderDelay]. From then on an error of the
// method is the event stream-error. stream is what the method was given; Open
// does nothing on others, such as test doubles.
func Open(stream any) error {
	if s, ok := stream.(interface{ open() error }); ok {
		return s.open()
	}
	return nil
}

// A streamCall calls a method.
type streamCall func(context.Context, *streamCore) error

type streamHandler struct {
	config  *serverConfig
	events  Events
	prepare func(*http.Request) (streamCall, error)
	warn    sync.Once
}

// ServeHTTP has little on its stack, as has all that a stream waits in: the stack
// of a goroutine that waits is kept, and halved only if little of it is used.
func (h *streamHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	core, ctx, call := h.begin(w, r)
	if core == nil {
		return
	}
	defer core.leave()
	h.config.report(core.report())
	h.liftDeadlines(core)
	if !core.run(ctx, call) {
		core.breakOff()             // for where a middleware recovers from the panic
		panic(http.ErrAbortHandler) // no last chunk: it must not look complete
	}
}

// begin takes a stream in. Where there is none it has answered, and returns nil.
func (h *streamHandler) begin(w http.ResponseWriter, r *http.Request) (*streamCore, context.Context, streamCall) {
	switch err := checkWriter(w); {
	case err != nil:
		answerError(w, r, h.config, err)
		return nil, nil, nil
	case h.isOver(r):
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusNoContent)
		return nil, nil, nil
	}
	var call streamCall
	err := protect(func() (err error) {
		if call, err = h.prepare(r); err == nil {
			err = h.finishBody(r)
		}
		return err
	})
	if err != nil {
		answerError(withoutBody(w, r), r, h.config, err)
		return nil, nil, nil
	}
	if r.Method == http.MethodHead {
		streamHeaders(w.Header(), r)
		w.WriteHeader(http.StatusOK)
		return nil, nil, nil
	}
	core, ctx := newStreamCore(w, r, &h.events, h.config)
	if err := h.config.streams.add(core, r); err != nil {
		core.cancel(err)
		answerError(w, r, h.config, err)
		return nil, nil, nil
	}
	return core, ctx, call
}

// liftDeadlines warns, once, where it cannot, because then there is none for a
// write either.
func (h *streamHandler) liftDeadlines(core *streamCore) {
	if !core.clearDeadlines() && core.isServed() && h.config.writeDeadline > 0 {
		h.warn.Do(func() {
			h.config.logger.Warn("courant: streams have no write deadline: the ResponseWriter of a middleware has no Unwrap",
				"method", h.config.method, "writer", fmt.Sprintf("%T", core.w))
		})
	}
}

// isServed reports whether an [http.Server] has made the request, which a test may
// do too.
func (c *streamCore) isServed() bool { return c.request.Context().Value(http.ServerContextKey) != nil }

// leave lets go of a stream that has ended, or was taken over.
func (c *streamCore) leave() {
	if c.heir == nil {
		c.config.streams.leave(&c.seat)
		c.config.report(c.report())
	}
	c.cancel(ErrStreamClosed)
}

// finishBody reads what no attribute travels in, while the server's ReadTimeout
// is in force: before the first write net/http would wait for it, without end,
// and only behind it net/http sees that a client is gone.
func (h *streamHandler) finishBody(r *http.Request) error {
	if r.ContentLength == 0 {
		return nil
	}
	_, err := readBody(r, h.config.maxBody)
	return err
}

// isOver reports whether the client has seen the end of the stream.
func (h *streamHandler) isOver(r *http.Request) bool {
	if !endsByID(h.events) {
		return false
	}
	id, _ := lastEventIDOf(r)
	return id == endID
}

// run calls the method and tells the outcome. It reports whether the answer may
// look complete.
func (c *streamCore) run(ctx context.Context, call streamCall) bool {
	c.start()
	err := protect(func() error {
		if ctx.Err() == nil { // or it drains already
			if err := call(ctx, c); err != nil {
				return err
			}
		}
		return c.goOn(ctx)
	})
	if c.heir != nil {
		return true
	}
	cut := c.finish(err)
	return !isAbort(err) && !(cut && c.isServed())
}

// checkWriter says why a stream cannot be written to w: some middleware's
// writer, which is named, neither flushes nor unwraps.
func checkWriter(w http.ResponseWriter) error {
	for {
		switch t := w.(type) {
		case interface{ FlushError() error }, http.Flusher:
			return nil
		case interface{ Unwrap() http.ResponseWriter }:
			w = t.Unwrap()
		default:
			return fmt.Errorf("a stream cannot be flushed: the ResponseWriter %T of a middleware "+
				"has neither Flush nor Unwrap() http.ResponseWriter", w)
		}
	}
}
