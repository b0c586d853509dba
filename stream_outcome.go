package courant

import (
	"errors"
	"net/http"
	"time"
)

// outcome returns the first that matches. It is fixed when the method returns:
//
//	OutcomeGone   nothing can be told
//	OutcomeDrain  stream-drain
//	OutcomeCut    nothing is told: the client must see a cut
//	OutcomeError  stream-error, or the real status if no header went out
//	OutcomeEnd    stream-end, or the sentinel
func (c *streamCore) outcome(err error) Outcome {
	done := c.request.Context().Err() != nil
	switch {
	case c.dead != nil, done && errors.Is(goneError(c.request.Context()), ErrPeerGone):
		return OutcomeGone
	case c.draining, !done && errors.Is(err, ErrDraining):
		return OutcomeDrain
	case done, isAbort(err):
		return OutcomeCut
	case err != nil:
		return OutcomeError
	}
	return OutcomeEnd
}

// finish ends the stream after the method returned err. It reports whether the
// answer must not look complete. The ResponseWriter is not used after it.
func (c *streamCore) finish(err error) (cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.finished {
		_ = c.await(c.appended)
	} else {
		c.end(c.outcome(err), err)
		c.tell()
	}
	if failed, ok := errors.AsType[*panicError](err); ok && !c.logged && !isAbort(err) {
		logError(c.request, c.config.logger, c.config.method, internalError(), failed)
	}
	c.timer.Stop()
	for c.writing {
		c.changed.Wait()
	}
	c.clearWriteDeadline() // the connection may serve another request
	if c.dead != nil && c.ended != OutcomeCut && c.ended != OutcomeGone {
		c.ended, c.reason = OutcomeGone, c.dead // the frame of the outcome could not be written
	}
	return c.cut || c.dead != nil
}

// end tells the outcome. It lets go of the lock meanwhile.
func (c *streamCore) end(o Outcome, err error) {
	c.finished, c.ended, c.reason = true, o, c.reasonFor(o, err)
	if c.err == nil {
		c.err = ErrStreamClosed
	}
	c.changed.Broadcast()
	if o == OutcomeGone || o == OutcomeCut {
		c.cut = true
		c.abandon()
		return
	}
	var sent *Error
	if o == OutcomeError {
		sent = c.explain(err)
		if c.headers == headersNone {
			c.headers = headersNever
			_ = writeProblem(c.w, sent)
			return
		}
	}
	var frame []byte
	frame, c.cut = c.lastFrame(o, sent)
	if !c.cut {
		c.append(frame)
	}
	_ = c.await(c.appended)
}

// reasonFor returns why the stream did not end by itself.
func (c *streamCore) reasonFor(o Outcome, err error) error {
	switch {
	case o == OutcomeEnd:
		return nil
	case o == OutcomeDrain:
		return ErrDraining
	case o == OutcomeError, isAbort(err):
		return err
	case c.dead != nil:
		return c.dead
	}
	return goneError(c.request.Context())
}

// explain returns err as it is sent, and logs what is not told.
func (c *streamCore) explain(err error) *Error {
	sent, known := outward(err, c.config.errors)
	if !known {
		c.logged = true
		logError(c.request, c.config.logger, c.config.method, sent, err)
	}
	return sent
}

// lastFrame returns the frame of an outcome, and whether the answer must be cut
// off in its place.
func (c *streamCore) lastFrame(o Outcome, sent *Error) (frame []byte, cut bool) {
	switch {
	case o == OutcomeEnd && c.events.Done != "":
		return doneFrame(c.events.Done), false
	case o == OutcomeEnd && c.events.NoControlEvents:
		return nil, false
	case c.events.NoControlEvents:
		return nil, true
	case o == OutcomeDrain:
		if !c.draining { // the method has decided it
			c.retry = c.config.streams.drainRetry()
		}
		return drainFrame(c.retry), false
	case o == OutcomeError:
		return errorFrame(sent), false
	}
	return endFrame(), false
}

// abandon drops what is pending and breaks off a write under way.
func (c *streamCore) abandon() {
	c.pending, c.headers = nil, headersNever
	if c.dead == nil {
		c.dead = c.err
	}
	if c.writing {
		c.breakOff()
	}
}

// breakOff lets nothing more be written, not even that the answer is complete.
func (c *streamCore) breakOff() { _ = c.rc().SetWriteDeadline(time.Unix(1, 0)) }

// streamHeaders sets the headers of a stream. Proxies that buffer (nginx) or
// compress (haproxy) would hold events back.
//
//	Content-Type: text/event-stream
//	Cache-Control: no-cache, no-transform
//	X-Accel-Buffering: no
//	Connection: keep-alive
func streamHeaders(h http.Header, r *http.Request) {
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-cache, no-transform")
	h.Set("X-Accel-Buffering", "no") // nginx
	h.Del("Content-Length")
	if r.ProtoMajor == 1 && r.ProtoMinor >= 1 {
		h.Set("Connection", "keep-alive") // HTTP/2 has no such field
	}
}
