package couranttest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/courant-dev/courant"
)

// Stream stands for the stream that a method of a service is given. E is an
// event as it is passed in Go: *T for an object, T for anything else. It
// satisfies every generated stream interface of E, and is safe for concurrent
// use.
//
// By default it takes every event at once and keeps it. [Stream.FailFrom] and
// [Stream.BlockFrom] make it behave as the stream of a client that leaves, or
// does not read.
type Stream[E any] struct {
	m         monitor
	sent      []E
	err       error // of every Send from now on
	closed    bool
	failFrom  int // 0: never
	failure   error
	blockFrom int // 0: never
	blocked   int
	cancels   []context.CancelCauseFunc
}

// NewStream returns a stream that takes every event.
func NewStream[E any]() *Stream[E] { return &Stream[E]{} }

// Send keeps the event. Of an object it keeps a copy of the struct, since a
// method may use its event again; what the struct points to is shared.
//
// As on a real stream, nil is a [courant.RefusedError] and the stream goes on;
// every other error stays: [courant.ErrStreamClosed] after Close, or what was
// asked for.
func (s *Stream[E]) Send(event E) error {
	kept, ok := keep(event)
	if !ok {
		return &courant.RefusedError{Method: "couranttest", Err: errors.New("the event is nil")}
	}
	s.m.Lock()
	defer s.m.Unlock()
	s.block()
	n := len(s.sent) + 1
	if s.err == nil && s.failFrom > 0 && n >= s.failFrom {
		s.fail(s.failure)
	}
	if s.err != nil {
		return s.err
	}
	s.sent = append(s.sent, kept)
	s.m.change()
	return nil
}

// block waits as long as the next event is one that Send blocks for.
func (s *Stream[E]) block() {
	blocks := func() bool { return s.err == nil && s.blockFrom > 0 && len(s.sent)+1 >= s.blockFrom }
	if !blocks() {
		return
	}
	s.blocked++
	s.m.change()
	_ = s.m.await(context.Background(), func() bool { return !blocks() }) // who blocks for ever is what is tested
	s.blocked--
}

// Close makes Send fail with [courant.ErrStreamClosed]. It may be called more
// than once, and returns nil.
func (s *Stream[E]) Close() error {
	s.m.Lock()
	defer s.m.Unlock()
	s.closed = true
	s.end()
	return nil
}

// end refuses further events.
func (s *Stream[E]) end() {
	if s.err == nil {
		s.err = courant.ErrStreamClosed
	}
	s.m.change()
}

// Closed reports whether Close was called.
func (s *Stream[E]) Closed() bool {
	s.m.Lock()
	defer s.m.Unlock()
	return s.closed
}

// Sent returns what was sent so far, in order. The slice is the caller's.
func (s *Stream[E]) Sent() []E {
	s.m.Lock()
	defer s.m.Unlock()
	return slices.Clone(s.sent)
}

// Wait waits until n events were sent, and returns the first n. If there will be
// no n, because the stream takes no more events, or if ctx is done, it returns
// those there are and an error that says why.
func (s *Stream[E]) Wait(ctx context.Context, n int) ([]E, error) {
	s.m.Lock()
	defer s.m.Unlock()
	err := s.m.await(ctx, func() bool { return len(s.sent) >= n || s.err != nil })
	if err == nil && len(s.sent) < n {
		err = s.err
	}
	have := slices.Clone(s.sent[:min(n, len(s.sent))])
	if err != nil {
		return have, fmt.Errorf("couranttest: %d of %d events were sent: %w", len(have), n, err)
	}
	return have, nil
}

// FailFrom makes the n-th event, counted from 1, and all after it fail with err,
// such as [courant.ErrPeerGone], [courant.ErrWriteDeadline] or
// [courant.ErrDraining]. At the first of them the contexts that
// [Stream.Context] and [Stream.Start] gave are done, as that of a real method
// would be. A method that loops for ever ends that way.
func (s *Stream[E]) FailFrom(n int, err error) {
	s.m.Lock()
	defer s.m.Unlock()
	s.failFrom, s.failure = max(n, 1), err
}

// Fail makes every Send from now on fail with err, those that are blocked
// included, and ends the contexts as [Stream.FailFrom] does. On a stream that
// has ended it does nothing.
func (s *Stream[E]) Fail(err error) {
	s.m.Lock()
	defer s.m.Unlock()
	if s.err == nil {
		s.fail(err)
	}
}

func (s *Stream[E]) fail(err error) {
	s.err = err
	s.cancel(err)
	s.m.change()
}

// cancel ends the contexts.
func (s *Stream[E]) cancel(cause error) {
	for _, cancel := range s.cancels {
		cancel(cause)
	}
	s.cancels = nil
}

// BlockFrom makes Send block at the n-th event, counted from 1, and at all after
// it, as for a client that does not read, until release is called or the stream
// fails or is closed.
func (s *Stream[E]) BlockFrom(n int) (release func()) {
	s.m.Lock()
	defer s.m.Unlock()
	s.blockFrom = max(n, 1)
	return func() {
		s.m.Lock()
		defer s.m.Unlock()
		s.blockFrom = 0
		s.m.change()
	}
}

// WaitBlocked waits until a Send is blocked, or ctx is done.
func (s *Stream[E]) WaitBlocked(ctx context.Context) error {
	s.m.Lock()
	defer s.m.Unlock()
	if err := s.m.await(ctx, func() bool { return s.blocked > 0 }); err != nil {
		return fmt.Errorf("couranttest: no Send was blocked: %w", err)
	}
	return nil
}

// Context returns a context for a method that is called with the stream: it is
// done when parent is, and when the stream fails, with that error as its cause.
func (s *Stream[E]) Context(parent context.Context) context.Context {
	ctx, cancel := context.WithCancelCause(parent)
	s.m.Lock()
	defer s.m.Unlock()
	if s.err != nil && !errors.Is(s.err, courant.ErrStreamClosed) {
		cancel(s.err)
		return ctx
	}
	s.cancels = append(s.cancels, cancel)
	return ctx
}

// Start calls a method in a goroutine of its own, with a context as
// [Stream.Context] gives it, and ends the stream when it returns: Send fails
// from then on, and [Stream.Wait] waits no longer. A stream is for one call.
//
//	call := stream.Start(t.Context(), func(ctx context.Context) error {
//		return service.Watch(ctx, payload, stream)
//	})
func (s *Stream[E]) Start(ctx context.Context, method func(context.Context) error) *Call {
	call := &Call{cut: func() { s.Fail(courant.ErrPeerGone) }, done: make(chan struct{})}
	ctx = s.Context(ctx)
	go func() {
		call.err = method(ctx)
		s.m.Lock()
		defer s.m.Unlock()
		s.end()
		s.cancel(courant.ErrStreamClosed)
		close(call.done)
	}()
	return call
}

// Call is a method that [Stream.Start] has called. It is safe for concurrent
// use.
type Call struct {
	cut  func()
	done chan struct{}
	err  error
}

// Cut ends the stream as a client that leaves does: Send fails with
// [courant.ErrPeerGone], and the method's context is done. It waits until the
// method has returned, and returns its error.
func (c *Call) Cut() error {
	c.cut()
	<-c.done
	return c.err
}

// Done returns a channel that is closed when the method has returned.
func (c *Call) Done() <-chan struct{} { return c.done }

// Err returns the error of the method, or nil if it has not returned.
func (c *Call) Err() error {
	select {
	case <-c.done:
		return c.err
	default:
		return nil
	}
}

// keep returns a copy of what an event points to, and false for nil. A nil slice
// or map is an event: [] or {}.
func keep[E any](event E) (E, bool) {
	v := reflect.ValueOf(any(event))
	switch {
	case !v.IsValid():
		return event, false
	case v.Kind() != reflect.Pointer:
		return event, true
	case v.IsNil():
		return event, false
	}
	kept := reflect.New(v.Type().Elem())
	kept.Elem().Set(v.Elem())
	return kept.Interface().(E), true
}
