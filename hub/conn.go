package hub

import (
	"context"
	"errors"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/courant-dev/courant"
)

// A conn is a connection that was taken over from net/http. While its client
// keeps up, its shard writes to it without waiting. Where a client does not take
// all that is written, a goroutine of the connection's own waits for it, and
// gives it back when it has caught up.
type conn struct {
	taken *courant.Taken
	sub   *subscription
	log   string // of the feed, by name
	shard *shard
	poll  uint64 // its number with the poller

	inCrew, inShard int // guarded by the locks of these

	mu     sync.Mutex
	state  connState
	socket socket
	cursor cursor
	wrote  time.Time
	events int64
	bytes  int64
	last   drainOrder // once it is drained while a goroutine writes
}

type connState int8

const (
	connIdle   connState = iota // its shard may write
	connSlow                    // its own goroutine writes
	connClosed                  // nobody does
)

// A drainOrder is how a connection is to end.
type drainOrder struct {
	told  func()
	retry time.Duration
}

// take takes a stream's connection over, to go on at the cursor, and reports
// whether it did.
func (h *Hub) take(w *courant.FrameWriter, log string, s *subscription, at cursor) bool {
	p := h.startPoller()
	if p == nil {
		return false
	}
	c := &conn{taken: &courant.Taken{}, sub: s, log: log, cursor: at, wrote: time.Now()}
	c.taken.OnDrain = c.drain
	c.mu.Lock() // what drains it meanwhile waits until it is ready
	defer c.mu.Unlock()
	if !w.TakeOver(c.taken) {
		return false
	}
	s.snapshot = nil // of the method, which has returned
	h.mu.Lock()
	c.shard = h.shards[h.turn%len(h.shards)]
	h.turn++
	closed := h.closed
	h.mu.Unlock()
	c.shard.add(c)
	var err error
	if c.socket, err = socketOf(c.taken.Conn); err != nil || closed {
		c.end(courant.OutcomeCut, err)
		return true
	}
	c.poll = p.add(c)
	c.write(nil) // what has come meanwhile
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
	c.state = connSlow
	c.shard.hub.running.Go(func() {
		err := c.writeOut(rest)
		if err == nil {
			err = c.catchUp(c.shard.hub.ctx)
		}
		if err == nil {
			return
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
func (c *conn) catchUp(ctx context.Context) error {
	at := c.cursor
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
			from := start{at: c.sub.feed.positionOf(at), known: true}
			if at, err = c.sub.reach(ctx, c, from); err != nil {
				return err
			}
			continue
		}
		c.mu.Lock()
		if c.last.told != nil {
			c.mu.Unlock()
			return errDrained
		}
		if more, _, _ := at.ahead(); len(more) == 0 && !at.lost() {
			c.cursor, c.state = at, connIdle // what comes after is pushed
			c.mu.Unlock()
			return nil
		}
		c.mu.Unlock()
	}
}

// WriteFrames writes frames as a chunk, waiting for the client. It is for the
// goroutine of a slow connection.
func (c *conn) WriteFrames(frames []byte, events int) error {
	if len(frames) == 0 {
		return nil
	}
	c.mu.Lock()
	drained := c.last.told != nil
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
		if c.last.told == nil && c.taken.WriteDeadline > 0 { // who drains it has set one
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
	case c.state == connClosed, c.last.told != nil:
		told()
	case c.state == connSlow:
		c.last = drainOrder{told, retry}
		_ = c.taken.Conn.SetWriteDeadline(time.Now().Add(drainGrace))
	default:
		c.last = drainOrder{told, retry}
		c.end(courant.OutcomeDrain, courant.ErrDraining)
	}
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
	if c.state == connSlow {
		_ = c.taken.Conn.Close() // which its goroutine notices
		return
	}
	c.end(courant.OutcomeGone, courant.ErrPeerGone)
}

func outcomeOf(err error) courant.Outcome {
	switch {
	case errors.Is(err, errDrained):
		return courant.OutcomeDrain
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
	if o == courant.OutcomeDrain {
		err = courant.ErrDraining
		if frame := c.taken.DrainFrame(c.last.retry); frame == nil || !c.writeLast(frame) {
			o = courant.OutcomeCut
		}
	}
	c.state = connClosed
	c.shard.hub.poller.remove(c.poll)
	c.shard.remove(c)
	_ = c.taken.Conn.Close()
	if c.last.told != nil {
		c.last.told()
	}
	c.taken.End(o, err, c.events, c.bytes)
	c.shard.hub.leave(c.log, c.sub.feed, false)
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
