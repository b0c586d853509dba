package hub

import (
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/courant-dev/courant"
)

// A conn is a connection that was taken over from net/http. While its client
// keeps up, its shard writes to it without waiting. Where a client does not take
// all that is written, a goroutine of the connection's own waits for it, and
// gives it back when it has caught up. A connection that is no socket, because a
// listener has wrapped it, keeps its goroutine.
type conn struct {
	taken *courant.Taken
	sub   *subscription
	shard *shard
	poll  uint64 // its number with the poller

	inCrew, inShard int // guarded by the locks of these

	mu      sync.Mutex
	state   connState
	wrapped bool
	socket  socket
	cursor  cursor
	wrote   time.Time
	events  int64
	bytes   int64
	stop    context.CancelCauseFunc // of its own goroutine, while it is slow
	drained bool
	retry   time.Duration // for the client that is drained; 0: the registry says
	told    []func()      // who wants to know when it is
}

type connState int8

const (
	connIdle   connState = iota // its shard may write
	connSlow                    // its own goroutine writes
	connClosed                  // nobody does
)

// take takes a stream's connection over, to go on at the cursor, and reports
// whether it did.
func (h *Hub) take(w *courant.FrameWriter, s *subscription, at cursor) bool {
	if !takesOver || !w.TakesOver() {
		return false
	}
	c := &conn{taken: &courant.Taken{}, sub: s, cursor: at, wrote: time.Now()}
	c.taken.OnDrain = c.drain
	c.mu.Lock() // what drains it meanwhile waits until it is ready
	defer c.mu.Unlock()
	if !w.TakeOver(c.taken) {
		return false
	}
	s.departed, s.snapshot, s.asked = s.snapshot != nil, nil, "" // of the method, which has returned
	if !h.enlist(c) {
		c.end(courant.OutcomeCut, context.Canceled)
		return true
	}
	if socket, err := socketOf(c.taken.Conn); err == nil {
		if p := h.startPoller(); p != nil {
			c.socket = socket
			c.poll = p.add(c)
			c.write(nil) // what has come meanwhile
			return true
		}
	}
	c.wrapped = true
	c.slow(nil)
	h.running.Go(func() {
		_, _ = io.Copy(io.Discard, c.taken.Conn) // nothing is expected but its end
		c.gone()
	})
	return true
}

// push writes what is ahead.
func (c *conn) push() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == connIdle {
		c.write(nil)
	}
}

// write writes frames, and then what is ahead, as far as the socket takes it at
// once. The lock is held.
func (c *conn) write(frames []byte) {
	events, behind := 0, c.cursor
	for {
		if len(frames) == 0 {
			if frames, events, behind = c.cursor.ahead(); len(frames) == 0 {
				if c.cursor.lost() {
					c.slow(nil)
				}
				return
			}
		}
		rest, err := c.socket.writeChunk(frames)
		if err != nil {
			c.end(courant.OutcomeGone, courant.ErrPeerGone)
			return
		}
		c.wrote = time.Now()
		c.cursor, c.events, c.bytes = behind, c.events+int64(events), c.bytes+int64(len(frames))
		if len(rest) > 0 {
			c.slow(rest)
			return
		}
		frames = nil
	}
}

// beat sends a heartbeat if nothing was sent for long enough.
func (c *conn) beat(now time.Time) {
	if c.taken.Heartbeat == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == connIdle && now.Sub(c.wrote) >= c.taken.Heartbeat {
		c.write(c.taken.HeartbeatFrame())
	}
}

// slow has a goroutine of its own write the rest of a chunk, and what comes
// after. The lock is held.
func (c *conn) slow(rest []byte) {
	ctx, stop := context.WithCancelCause(c.shard.hub.ctx)
	c.state, c.stop = connSlow, stop
	at := c.cursor
	c.cursor = cursor{} // which would keep its segment
	c.shard.hub.running.Go(func() {
		defer stop(nil)
		err := c.writeOut(rest)
		if err == nil {
			rest = nil
			err = c.catchUp(ctx, at)
		}
		if err == nil {
			return
		}
		if ctx.Err() != nil && outcomeOf(err) == courant.OutcomeCut { // the context says why
			err = context.Cause(ctx)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.end(outcomeOf(err), err)
	})
}

// errDrained says that a slow connection is to be drained.
var errDrained = errors.New("hub: drained")

// catchUp writes what is ahead until there is nothing, and gives the connection
// back.
func (c *conn) catchUp(ctx context.Context, at cursor) error {
	for {
		frames, events, behind := at.ahead()
		switch {
		case len(frames) > 0:
			if err := c.WriteFrames(frames, events); err != nil {
				return err
			}
			at = behind
			continue
		case at.lost():
			var err error
			from := start{at: c.sub.feed.positionOf(at)}
			if at, err = c.sub.reach(ctx, c, from); err != nil {
				return err
			}
			continue
		}
		if done, err := c.giveBack(ctx, at); done || err != nil {
			return err
		}
	}
}

// giveBack has the shard write again, if there is nothing ahead. A connection that
// no shard can write to waits for something here.
func (c *conn) giveBack(ctx context.Context, at cursor) (done bool, err error) {
	if c.wrapped {
		return false, c.wait(ctx, at)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if ctx.Err() != nil {
		return false, context.Cause(ctx) // the socket may be closed
	}
	if more, _, _ := at.ahead(); len(more) > 0 || at.lost() {
		return false, nil
	}
	c.cursor, c.state, c.stop = at, connIdle, nil // what comes after is pushed
	return true, nil
}

// wait waits until there is something ahead, and sends heartbeats.
func (c *conn) wait(ctx context.Context, at cursor) error {
	changed, err := c.sub.feed.changes()
	if err != nil {
		return err
	}
	if more, _, _ := at.ahead(); len(more) > 0 || at.lost() {
		return nil
	}
	var beat <-chan time.Time
	if c.taken.Heartbeat > 0 {
		timer := time.NewTimer(c.taken.Heartbeat)
		defer timer.Stop()
		beat = timer.C
	}
	select {
	case <-changed:
		return nil
	case <-beat:
		return c.WriteFrames(c.taken.HeartbeatFrame(), 0)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// WriteFrames writes frames as a chunk, waiting for the client. It is for the
// goroutine of a slow connection.
func (c *conn) WriteFrames(frames []byte, events int) error {
	if len(frames) == 0 {
		return nil
	}
	c.mu.Lock()
	drained := c.drained
	c.events, c.bytes, c.wrote = c.events+int64(events), c.bytes+int64(len(frames)), time.Now()
	c.mu.Unlock()
	if drained {
		return errDrained
	}
	if err := c.writeOut(chunkHead(len(frames))); err != nil {
		return err
	}
	if err := c.writeOut(frames); err != nil {
		return err
	}
	return c.writeOut([]byte("\r\n"))
}

// WriteGap tells of a gap.
func (c *conn) WriteGap(gap courant.GapError) error {
	return c.WriteFrames(c.taken.GapFrame(gap), 0)
}

// piece is how much of a large write has one deadline.
const piece = 64 << 10

// writeOut writes bytes, each piece within the write deadline.
func (c *conn) writeOut(b []byte) error {
	for len(b) > 0 {
		n := min(len(b), piece)
		c.mu.Lock()
		if !c.drained && c.taken.WriteDeadline > 0 { // who drains it has set one
			_ = c.taken.Conn.SetWriteDeadline(time.Now().Add(c.taken.WriteDeadline))
		}
		c.mu.Unlock()
		if _, err := c.taken.Conn.Write(b[:n]); err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				return courant.ErrWriteDeadline
			}
			return courant.ErrPeerGone
		}
		b = b[n:]
	}
	return nil
}

// drainGrace is how long a client that is drained has to take what is written.
const drainGrace = 500 * time.Millisecond

// drain ends the connection so that its client connects elsewhere.
func (c *conn) drain(retry time.Duration, told func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.state == connClosed:
		told()
		return
	case c.drained:
		c.told = append(c.told, told)
		return
	}
	c.drained, c.retry, c.told = true, retry, append(c.told, told)
	if c.state == connSlow {
		_ = c.taken.Conn.SetWriteDeadline(time.Now().Add(drainGrace))
		c.stop(errDrained)
		return
	}
	c.end(courant.OutcomeDrain, courant.ErrDraining)
}

// cut ends the connection without a word.
func (c *conn) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.end(courant.OutcomeCut, context.Canceled)
}

// gone ends the connection because its client has.
func (c *conn) gone() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == connSlow { // its goroutine notices
		c.stop(courant.ErrPeerGone)
		_ = c.taken.Conn.Close()
		return
	}
	c.end(courant.OutcomeGone, courant.ErrPeerGone)
}

func outcomeOf(err error) courant.Outcome {
	var own *courant.Error
	switch {
	case errors.Is(err, errDrained), errors.Is(err, courant.ErrDraining):
		return courant.OutcomeDrain
	case errors.As(err, &own):
		return courant.OutcomeError
	case errors.Is(err, courant.ErrPeerGone), errors.Is(err, courant.ErrWriteDeadline):
		return courant.OutcomeGone
	}
	return courant.OutcomeCut
}

// end closes the connection, after the last frame if there is one to write. The
// lock is held.
func (c *conn) end(o courant.Outcome, err error) {
	if c.state == connClosed {
		return
	}
	var frame []byte
	var own *courant.Error
	switch {
	case o == courant.OutcomeDrain:
		err, frame = courant.ErrDraining, c.taken.DrainFrame(c.retry)
	case o == courant.OutcomeError && errors.As(err, &own):
		frame = c.taken.ErrorFrame(own)
	}
	if frame != nil && !c.writeLast(frame) {
		o, err = courant.OutcomeGone, courant.ErrPeerGone
	}
	if c.poll != 0 {
		c.shard.hub.poller.remove(c.poll)
	}
	if c.stop != nil {
		c.stop(err)
	}
	c.state, c.cursor, c.stop = connClosed, cursor{}, nil
	c.shard.remove(c)
	_ = c.taken.Conn.Close()
	for _, told := range c.told {
		told()
	}
	c.taken.End(o, err, c.events, c.bytes)
	c.shard.hub.leave(c.sub.feed, false)
}

// writeLast writes the last frame and the end of the answer, and reports whether
// the socket took both.
func (c *conn) writeLast(frame []byte) bool {
	out := append(chunkHead(len(frame)), frame...)
	out = append(out, "\r\n0\r\n\r\n"...)
	_ = c.taken.Conn.SetWriteDeadline(time.Now().Add(drainGrace / 10)) // nobody waits long for one of many
	n, err := c.taken.Conn.Write(out)
	return err == nil && n == len(out)
}

// chunkHead begins a chunk (RFC 9112, § 7.1).
func chunkHead(size int) []byte {
	return append(strconv.AppendInt(make([]byte, 0, 16), int64(size), 16), "\r\n"...)
}
