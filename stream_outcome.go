package courant

import (
	"errors"
	"net/http"
	"time"
)

// outcome is how a stream ends. It is fixed when the method returns.
type outcome int

const (
	outcomeGone  outcome = iota // nothing can be told
	outcomeDrain                // stream-drain
	outcomeCut                  // nothing is told: the client must see a cut
	outcomeError                // stream-error, or the real status if no header went out
	outcomeEnd                  // stream-end, or the sentinel
)

// outcome returns the first that matches.
func (c *streamCore) outcome(err error) outcome {
	done := c.request.Context().Err() != nil
	switch {
	case c.dead != nil, done && errors.Is(goneError(c.request.Context()), ErrPeerGone):
		return outcomeGone
	case c.draining:
		return outcomeDrain
	case done, isAbort(err):
		return outcomeCut
	case err != nil:
		return outcomeError
	}
	return outcomeEnd
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
		close(c.told)
	}
	if failed, ok := errors.AsType[*panicError](err); ok && !c.logged && !isAbort(err) {
		logError(c.request, c.config.logger, c.config.method, internalError(), failed)
	}
	c.timer.Stop()
	for c.writing {
		c.changed.Wait()
	}
	c.clearWriteDeadline() // the connection may serve another request
	return c.cut || c.dead != nil
}

// end tells the outcome. It lets go of the lock meanwhile.
func (c *streamCore) end(o outcome, err error) {
	c.finished = true
	if c.err == nil {
		c.err = ErrStreamClosed
	}
	c.changed.Broadcast()
	if o == outcomeGone || o == outcomeCut {
		c.cut = true
		c.abandon()
		return
	}
	var sent *Error
	if o == outcomeError {
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
func (c *streamCore) lastFrame(o outcome, sent *Error) (frame []byte, cut bool) {
	switch {
	case o == outcomeEnd && c.events.Done != "":
		return doneFrame(c.events.Done), false
	case o == outcomeEnd && c.events.NoControlEvents:
		return nil, false
	case c.events.NoControlEvents:
		return nil, true
	case o == outcomeDrain:
		return drainFrame(c.retry), false
	case o == outcomeError:
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
func (c *streamCore) breakOff() { _ = c.rc.SetWriteDeadline(time.Unix(1, 0)) }

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
