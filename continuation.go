package courant

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// Continuation is what a stream goes on with once its method has returned nil,
// in place of ending: it writes frames until ctx is done, and what it returns
// decides the outcome as the method's return does. Package hub makes them.
type Continuation func(ctx context.Context, w *FrameWriter) error

// Continue makes the stream go on with next when the method returns nil; with an
// error, next is not called. The last call counts.
func (s *ServerStream[E]) Continue(next Continuation) { s.core.setNext(next) }

func (c *streamCore) setNext(next Continuation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next = next
}

// goOn calls what the method has left behind.
func (c *streamCore) goOn(ctx context.Context) error {
	c.mu.Lock()
	next := c.next
	c.mu.Unlock()
	if next == nil {
		return nil
	}
	return next(ctx, &FrameWriter{c})
}

// FrameWriter writes frames that are rendered already to one stream. It is for
// one goroutine at a time.
type FrameWriter struct{ core *streamCore }

// WriteFrames writes whole frames, of so many events, and returns when they are
// written and flushed. Its errors are those of [ServerStream.Send]. It neither
// keeps nor changes frames, which several streams may share.
func (w *FrameWriter) WriteFrames(frames []byte, events int) error {
	return w.core.sendFrames(frames, events)
}

// sendFrames writes without copying.
func (c *streamCore) sendFrames(frames []byte, events int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.pending) > 0 { // what was sent before
		_ = c.await(c.appended) // refusal has its error
	}
	for c.writing {
		c.changed.Wait()
	}
	if err := c.refusal(); err != nil {
		return err
	}
	c.want() // so that the headers leave with the first frames
	c.writing = true
	c.sent += int64(events)
	c.appended += int64(len(frames))
	c.writeOut(frames)
	c.writing = false
	c.changed.Broadcast()
	return c.dead
}

// refusal says why a continuation can write no more. That the method has closed
// its stream is no reason: what goes on has begun by then, and Close decides no
// outcome.
func (c *streamCore) refusal() error {
	switch {
	case c.finished:
		return ErrStreamClosed
	case c.dead != nil:
		return c.dead
	case c.draining:
		return ErrDraining
	case errors.Is(c.err, ErrStreamClosed):
		return nil
	}
	return c.err
}

// Taken is a connection that was taken over with [FrameWriter.TakeOver]: it is
// the taker's from then on, who writes frames to it, each write as a chunk of
// HTTP/1.1, sends heartbeats while nothing else is sent, ends it, and calls End.
type Taken struct {
	Conn          net.Conn
	Heartbeat     time.Duration // 0: none
	WriteDeadline time.Duration // 0: none

	// OnDrain is set by the taker before TakeOver. It is called, from any
	// goroutine and perhaps more than once, when the stream is to end with the
	// frame of DrainFrame; each told is called when that is written, or never will
	// be. It must not wait.
	OnDrain func(retry time.Duration, told func())

	seat   seat
	events *Events
	config *serverConfig
	remote string
	began  time.Time
	sent   int64
	bytes  int64
}

// TakesOver reports whether [FrameWriter.TakeOver] may succeed, so that nobody makes
// a [Taken] for nothing. It does not change.
func (w *FrameWriter) TakesOver() bool {
	_, ok := w.core.w.(http.Hijacker)
	r := w.core.request
	return ok && w.core.config.takeover && r.ProtoMajor == 1 && r.ProtoMinor >= 1 && r.TLS == nil
}

// TakeOver takes the connection over from net/http into t, whose OnDrain is set,
// and reports whether it did. The continuation then returns nil at once: the
// handler ends, its goroutine and buffers are freed, and the stream is t's.
//
// It does not where [WithTakeover] is not given, and where the connection is not
// one of HTTP/1.1 without TLS whose ResponseWriter is an [http.Hijacker], or
// encodes what is written. All that was written before, the headers above all, is
// on its way by then.
func (w *FrameWriter) TakeOver(t *Taken) bool {
	c := w.core
	if !w.TakesOver() {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.want()
	for {
		if c.await(c.appended) != nil || c.refusal() != nil {
			return false
		}
		if !c.writing {
			break
		}
		c.changed.Wait()
	}
	if c.w.Header().Get("Content-Encoding") != "" { // by a middleware that can hijack all the same
		return false
	}
	conn, _, err := c.rc().Hijack()
	if err != nil {
		return false
	}
	c.timer.Stop()
	c.heir = t
	c.finished, c.err = true, ErrStreamClosed
	_ = conn.SetDeadline(time.Time{})
	t.Conn, t.Heartbeat, t.WriteDeadline = conn, c.heartbeat(), c.config.writeDeadline
	t.events, t.config, t.remote, t.began = c.events, c.config, c.request.RemoteAddr, c.began
	t.sent, t.bytes = c.sent, c.written
	c.config.streams.replace(c, t)
	return true
}

// HeartbeatFrame is what is sent while nothing else is.
func (t *Taken) HeartbeatFrame() []byte { return beatFrame(*t.events) }

// DrainFrame is the last frame of a stream that is drained, with what OnDrain was
// called with, or 0 for a time of the registry's, see [Streams]. Where there is
// none, because the design has no control events, the connection must be cut:
// without the last chunk.
func (t *Taken) DrainFrame(retry time.Duration) []byte {
	if t.events.NoControlEvents {
		return nil
	}
	if retry == 0 {
		retry = t.config.streams.drainRetry()
	}
	return drainFrame(retry)
}

// ErrorFrame is the last frame of a stream that fails. Where there is none, as with
// DrainFrame, the connection must be cut.
func (t *Taken) ErrorFrame(err *Error) []byte {
	if t.events.NoControlEvents {
		return nil
	}
	return errorFrame(err)
}

// GapFrame tells the client of a gap; it is empty where the design has no control
// events.
func (t *Taken) GapFrame(gap GapError) []byte { return gapFrame(*t.events, gap) }

func (t *Taken) method() string { return t.config.method }

func (t *Taken) drain(retry time.Duration) <-chan struct{} {
	done := make(chan struct{})
	t.OnDrain(retry, sync.OnceFunc(func() { close(done) }))
	return done
}

// End reports how the stream ended, after so many events and bytes since it was
// taken over, and takes it out of the registry. It is called once, after the
// connection was closed or before.
func (t *Taken) End(o Outcome, err error, events, bytes int64) {
	t.config.streams.leave(&t.seat)
	t.config.report(StreamReport{Method: t.config.method, Remote: t.remote, Outcome: o, Err: err,
		Events: t.sent + events, Bytes: t.bytes + bytes, Open: time.Since(t.began)})
}
