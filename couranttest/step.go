package couranttest

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/courant-dev/courant/sse"
)

// A Step is a part of an answer: [Bytes], [Event], [Comment], [Drip], which send;
// [Pause] and a [Gate], which wait; and [Steps], several in a row.
type Step interface {
	// play reports whether the answer goes on; not so where the client is gone.
	play(p *player) bool
}

// Steps are steps one after the other.
type Steps []Step

// Bytes are sent as they are, with one write and a flush: half an event, lines
// that end in CR, a byte order mark, anything. Two of them may arrive in one read
// of the client, unless there is a [Pause] in between.
type Bytes string

// Event is sent as its frame. One that cannot be encoded breaks the answer off.
type Event sse.Event

// Comment is sent as the frame of a comment, which clients take as a sign of
// life.
type Comment string

// Drip is sent byte by byte, one each time that Every has passed.
type Drip struct {
	Bytes string
	Every time.Duration
}

// Pause sends nothing for that long.
type Pause time.Duration

// Gate sends nothing until it is opened. It may stand in many places. The zero
// Gate is closed. It is safe for concurrent use, and must not be copied once it
// is in use.
type Gate struct {
	m    monitor
	open bool
}

// Open lets answers go on, now and later.
func (g *Gate) Open() {
	g.m.Lock()
	defer g.m.Unlock()
	g.open = true
	g.m.change()
}

func (s Steps) play(p *player) bool {
	for _, step := range s {
		if !step.play(p) {
			return false
		}
	}
	return true
}

func (b Bytes) play(p *player) bool { return p.send(string(b)) }

func (e Event) play(p *player) bool {
	frame, err := sse.AppendEvent(nil, sse.Event(e))
	return err == nil && p.send(string(frame))
}

func (c Comment) play(p *player) bool {
	frame, err := sse.AppendComment(nil, string(c))
	return err == nil && p.send(string(frame))
}

func (d Drip) play(p *player) bool {
	for i := range len(d.Bytes) {
		if !p.wait(d.Every) || !p.send(d.Bytes[i:i+1]) {
			return false
		}
	}
	return true
}

func (d Pause) play(p *player) bool { return p.wait(time.Duration(d)) }

func (g *Gate) play(p *player) bool {
	g.m.Lock()
	defer g.m.Unlock()
	return g.m.await(p.ctx, func() bool { return g.open }) == nil
}

// player plays an answer to one request.
type player struct {
	w    http.ResponseWriter
	rc   *http.ResponseController
	ctx  context.Context // done when the client is gone, or the server closes
	stop context.CancelFunc
}

func newPlayer(w http.ResponseWriter, r *http.Request) *player {
	_, _ = io.Copy(io.Discard, r.Body) // only behind it net/http sees that a client leaves
	ctx, stop := context.WithCancel(r.Context())
	if closing, ok := r.Context().Value(closingKey{}).(context.Context); ok {
		context.AfterFunc(closing, stop)
	}
	return &player{w: w, rc: http.NewResponseController(w), ctx: ctx, stop: stop}
}

// send writes and flushes.
func (p *player) send(text string) bool {
	if _, err := io.WriteString(p.w, text); err != nil {
		return false
	}
	return p.rc.Flush() == nil
}

// wait waits, unless the client is gone before.
func (p *player) wait(d time.Duration) bool {
	if d <= 0 {
		return p.ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.ctx.Done():
		return false
	}
}

// stay waits until the client is gone.
func (p *player) stay() { <-p.ctx.Done() }

// reset resets the connection, if it is this answer's alone.
func (p *player) reset() {
	conn, _, err := p.rc.Hijack()
	if err != nil {
		return
	}
	if l, ok := conn.(interface{ SetLinger(seconds int) error }); ok {
		_ = l.SetLinger(0)
	}
	_ = conn.Close()
}
