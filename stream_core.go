package courant

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// streamCore writes the frames of one stream. What is written waits in pending;
// one goroutine at a time, the one that has set writing, takes all that is there
// and writes it without holding the lock. So frames leave in order, a lone one
// at once, and many in few writes.
type streamCore struct {
	config  *serverConfig
	events  *Events // of the method: not to be changed
	w       http.ResponseWriter
	request *http.Request
	cancel  context.CancelCauseFunc // of the method's context
	seat    seat                    // in the registry
	began   time.Time

	mu       sync.Mutex
	changed  sync.Cond
	pending  []byte // frames that are not written
	spare    []byte // the buffer that is not pending
	appended int64  // bytes of frames, ever
	written  int64
	deadline time.Time // of the write under way
	err      error     // of the next Send
	dead     error     // of a write
	timer    *time.Timer
	last     time.Duration // when something was written, since it began
	headers  headerState
	writing  bool

	draining bool
	finished bool          // the outcome is fixed: no frame is taken any more
	over     bool          // the outcome is written, or will never be
	cut      bool          // the answer must not look complete
	logged   bool          // the method's error
	retry    time.Duration // for the client that is drained
	told     chan struct{} // closed when it is over, where somebody waits for that
	next     Continuation
	heir     *Taken // whose the connection is
	ended    Outcome
	reason   error // of the end
	sent     int64 // events
}

type headerState int8

const (
	headersNone headerState = iota
	headersWanted
	headersSent
	headersNever // the answer is another one
)

// drainGrace is how long a method may go on that does not look at its context,
// and how long a client has then to take what is written.
const drainGrace = 500 * time.Millisecond

const (
	keepBuffer  = 4 << 10            // the largest buffer that a stream keeps while it is idle
	largeBuffer = sendBuffer + 4<<10 // what a burst fills; streams lend it to each other
)

var largeBuffers = sync.Pool{New: func() any { return new([largeBuffer]byte) }}

// keepSmall returns what is kept of an idle stream's buffer. One that waits to
// be written is kept as it is.
func keepSmall(b []byte) []byte {
	if len(b) > 0 || cap(b) <= keepBuffer {
		return b
	}
	if cap(b) == largeBuffer {
		largeBuffers.Put((*[largeBuffer]byte)(b[:largeBuffer]))
	}
	return nil
}

func newStreamCore(w http.ResponseWriter, r *http.Request, e *Events, config *serverConfig) (*streamCore, context.Context) {
	ctx, cancel := context.WithCancelCause(r.Context())
	c := &streamCore{
		config: config, events: e, w: w, request: r, cancel: cancel, began: time.Now(),
	}
	c.changed.L = &c.mu
	return c, ctx
}

// rc is made when it is used, which costs nothing, because it does not last.
func (c *streamCore) rc() *http.ResponseController { return http.NewResponseController(c.w) }

// clearDeadlines lifts the deadlines of the server's ReadTimeout and
// WriteTimeout, which would end the stream. It reports whether it can.
func (c *streamCore) clearDeadlines() bool {
	rc := c.rc()
	return errors.Join(rc.SetReadDeadline(time.Time{}), rc.SetWriteDeadline(time.Time{})) == nil
}

// start lets time pass: for the headers, then for heartbeats.
func (c *streamCore) start() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.config.headerDelay > 0 {
		c.timer = time.AfterFunc(c.config.headerDelay, c.tick)
		return
	}
	c.timer = time.AfterFunc(time.Hour, c.tick)
	c.want()
	_ = c.await(c.appended)
}

// tick sends the headers when it is time, and heartbeats while nothing else is
// sent.
func (c *streamCore) tick() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.finished || c.dead != nil {
		return
	}
	heartbeat := c.heartbeat()
	switch {
	case c.headers == headersNone:
		c.want()
		c.flush() // which sets the timer
		return
	case heartbeat == 0: // it has fired as the headers were sent
		return
	}
	next := c.last + heartbeat - time.Since(c.began)
	if next <= 0 {
		if !c.writing {
			c.append(beatFrame(*c.events))
			c.flush()
		}
		next = heartbeat
	}
	if !c.finished {
		c.timer.Reset(max(next, time.Millisecond))
	}
}

// heartbeat is how long nothing may be sent; 0: for ever.
func (c *streamCore) heartbeat() time.Duration { return c.config.heartbeatOf(*c.events) }

// beat has the timer, which was set for the headers, wait for heartbeats.
func (c *streamCore) beat() {
	if c.timer == nil { // it was drained before it has started
		return
	}
	c.timer.Stop()
	if heartbeat := c.heartbeat(); heartbeat > 0 && !c.finished {
		c.timer.Reset(heartbeat)
	}
}

// send takes a frame.
func (c *streamCore) send(frame []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waitForRoom()
	if c.noticeGone(); c.err != nil {
		return c.err
	}
	c.sent++
	c.append(frame)
	return c.leaves()
}

// waitForRoom waits while too much is pending.
func (c *streamCore) waitForRoom() {
	if c.err != nil || len(c.pending) < sendBuffer {
		return
	}
	defer context.AfterFunc(c.request.Context(), c.gone)()
	for c.err == nil && len(c.pending) >= sendBuffer {
		c.changed.Wait()
	}
}

// leaves writes what is pending, or has it written.
func (c *streamCore) leaves() error {
	if c.config.coalescing {
		c.flushLater()
		return nil
	}
	return c.await(c.appended)
}

// open sends the headers, if they are not sent.
func (c *streamCore) open() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return c.err
	}
	c.want()
	return c.leaves()
}

// close refuses further events and writes those that wait.
func (c *streamCore) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = ErrStreamClosed
		c.changed.Broadcast()
	}
	if c.headers != headersNone {
		return c.await(c.appended)
	}
	return nil
}

// await waits until that many bytes are written.
func (c *streamCore) await(mark int64) error {
	for c.dead == nil && (c.written < mark || c.headers == headersWanted) {
		if c.writing {
			c.changed.Wait()
		} else {
			c.flush()
		}
	}
	return c.dead
}

func (c *streamCore) want() {
	if c.headers == headersNone {
		c.headers = headersWanted
	}
}

func (c *streamCore) append(frame []byte) {
	c.want()
	if size := len(c.pending) + len(frame); size > cap(c.pending) && size > keepBuffer && size <= largeBuffer {
		large := largeBuffers.Get().(*[largeBuffer]byte)
		c.pending = append(large[:0], c.pending...)
	}
	c.pending = append(c.pending, frame...)
	c.appended += int64(len(frame))
}

// flushLater lets another goroutine write, unless one does.
func (c *streamCore) flushLater() {
	if c.writing {
		return
	}
	c.writing = true
	go func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.writing = false
		c.flush()
	}()
}

// flush writes all that is pending, unless another goroutine does. It lets go
// of the lock meanwhile.
func (c *streamCore) flush() {
	if c.writing {
		return
	}
	c.writing = true
	for c.dead == nil && (len(c.pending) > 0 || c.headers == headersWanted) {
		out := c.pending
		c.pending, c.spare = c.spare, nil
		c.writeOut(out)
		c.spare = out[:0]
		c.changed.Broadcast()
	}
	c.pending, c.spare = keepSmall(c.pending), keepSmall(c.spare)
	c.writing = false
	c.changed.Broadcast()
}

// writeOut writes out, for the goroutine that has set writing. It lets go of the
// lock meanwhile.
func (c *streamCore) writeOut(out []byte) {
	first := c.headers != headersSent
	if first {
		c.headers = headersSent
		c.beat()
	}
	if c.draining {
		c.deadline = time.Time{} // that of the drain is for one write
	}
	c.setDeadline()
	c.mu.Unlock()
	err := c.write(out, first)
	c.mu.Lock()
	if c.request.ProtoMajor > 1 { // there a deadline that passes ends the stream though it is idle
		c.clearWriteDeadline()
	}
	c.written += int64(len(out))
	if err != nil {
		c.die(writeError(err))
	}
}

// nextDeadline is the deadline of a write that begins now; zero is none. A
// client that does not read must not hold up a server that shuts down.
func (c *streamCore) nextDeadline(now time.Time) time.Time {
	limit := c.config.writeDeadline
	if c.draining && (limit == 0 || limit > drainGrace) {
		limit = drainGrace
	}
	if limit == 0 {
		return time.Time{}
	}
	return now.Add(limit)
}

// write writes out, after the headers if it is the first.
func (c *streamCore) write(out []byte, first bool) (err error) {
	defer func() {
		if v := recover(); v != nil { // of a middleware's writer; net/http does not see it here
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	if first {
		streamHeaders(c.w.Header(), c.request)
		c.w.WriteHeader(http.StatusOK)
	}
	for ; len(out) > sendBuffer; out = out[sendBuffer:] {
		if _, err := c.w.Write(out[:sendBuffer]); err != nil {
			return err
		}
		c.mu.Lock()
		c.setDeadline()
		c.mu.Unlock()
	}
	if len(out) > 0 {
		if _, err := c.w.Write(out); err != nil {
			return err
		}
	}
	return c.rc().Flush()
}

// setDeadline gives the next piece of a write its time: a large event must not
// be cut, again at each resumption, because its client is slow but reads.
//
// A deadline that was set a moment ago is good enough: setting one takes longer
// than making a frame.
func (c *streamCore) setDeadline() {
	now := time.Now()
	c.last = now.Sub(c.began)
	next := c.nextDeadline(now)
	switch {
	case c.dead != nil: // abandoned meanwhile
		c.breakOff()
	case next.IsZero():
	case c.draining && !c.deadline.IsZero(), next.Sub(c.deadline) < c.config.writeDeadline/32:
	default:
		c.deadline = next
		_ = c.rc().SetWriteDeadline(next)
	}
}

// clearWriteDeadline forgets the deadline of the last write.
func (c *streamCore) clearWriteDeadline() {
	if c.dead == nil && !c.deadline.IsZero() {
		c.deadline = time.Time{}
		_ = c.rc().SetWriteDeadline(c.deadline)
	}
}

// die ends the stream because a write failed.
func (c *streamCore) die(err error) {
	c.dead = err
	if c.err == nil || errors.Is(c.err, ErrPeerGone) {
		c.err = err
	}
	c.cancel(err)
	c.changed.Broadcast()
}

// gone is called, by a goroutine of its own, when the context of the request is
// done.
func (c *streamCore) gone() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.noticeGone()
}

// noticeGone has Send fail if the context of the request is done.
func (c *streamCore) noticeGone() {
	if c.request.Context().Err() == nil {
		return
	}
	if c.writing && !c.deadline.IsZero() && !time.Now().Before(c.deadline) {
		return // net/http cancels the context when a write fails: that says why
	}
	if c.err == nil {
		c.err = goneError(c.request.Context())
	}
	c.changed.Broadcast()
}

func (c *streamCore) method() string { return c.config.method }

// drain ends the stream so that the client connects elsewhere.
func (c *streamCore) drain(retry time.Duration) <-chan struct{} {
	c.mu.Lock()
	if heir := c.heir; heir != nil { // meanwhile
		c.mu.Unlock()
		return heir.drain(retry)
	}
	defer c.mu.Unlock()
	if c.told == nil {
		c.told = make(chan struct{})
		if c.over {
			close(c.told)
		}
	}
	if c.finished || c.draining {
		return c.told
	}
	c.draining, c.retry = true, retry
	if c.err == nil {
		c.err = ErrDraining
	}
	if c.writing {
		c.deadline = c.nextDeadline(time.Now())
		_ = c.rc().SetWriteDeadline(c.deadline)
	}
	c.cancel(ErrDraining)
	c.changed.Broadcast()
	time.AfterFunc(drainGrace, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if !c.finished && c.outcome(nil) == OutcomeDrain {
			c.end(OutcomeDrain, nil)
			c.tell()
		}
	})
	return c.told
}

// tell tells who waits for it that the outcome is written, or will never be.
func (c *streamCore) tell() {
	c.over = true
	if c.told != nil {
		close(c.told)
	}
}
