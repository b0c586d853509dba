package hub

import (
	"sort"
	"sync/atomic"

	"github.com/courant-dev/courant/eventlog"
)

const (
	leastSegment = 2 << 10
	mostSegment  = 64 << 10
)

// A segment is a piece of a window: frames behind each other. What is filled does
// not change any more and may be read without a lock.
type segment struct {
	buf     []byte
	places  []place
	epoch   eventlog.Epoch
	before  uint64                  // the offset of the record before its first one
	filled  atomic.Uint64           // bytes of buf, and records in the lower half
	next    atomic.Pointer[segment] // once nothing is added to this one
	dropped atomic.Bool             // the window has moved on
}

// fill returns how many bytes and records are there.
func (s *segment) fill() (bytes, records int) {
	filled := s.filled.Load()
	return int(filled >> 32), int(filled & (1<<32 - 1))
}

// A place is where a record's frame ends in its segment.
type place struct {
	offset uint64
	end    int
	event  *sharedEvent // nil where nobody filtered when it came
}

// A cursor is a subscription's place in a window: behind so many bytes and
// records of a segment.
type cursor struct {
	seg     *segment
	bytes   int
	records int
}

// A window is the newest frames of a topic. Whoever changes it or looks up a
// record holds the lock of its feed; to read on from a cursor needs none.
type window struct {
	first, last *segment
	limit       int // bytes
	size        int
}

// reset empties the window; the next record is the one after the position.
func (w *window) reset(after eventlog.Position) {
	for s := w.first; s != nil; {
		s = s.drop()
	}
	w.first = &segment{epoch: after.Epoch, before: after.Offset}
	w.last, w.size = w.first, 0
}

// start is the offset after which the window has every record.
func (w *window) start() uint64 { return w.first.before }

// newest is the offset of the newest record, or of the one before the window.
func (w *window) newest() uint64 { return w.last.newest() }

func (s *segment) newest() uint64 {
	if n := len(s.places); n > 0 {
		return s.places[n-1].offset
	}
	return s.before
}

// append adds a record's frame.
func (w *window) append(offset uint64, frame []byte, event *sharedEvent) {
	s := w.last
	used, records := s.fill()
	if len(s.buf)-used < len(frame) {
		s, used, records = w.grow(len(frame)), 0, 0
	}
	used += copy(s.buf[used:], frame)
	s.places = append(s.places, place{offset, used, event})
	w.size += len(frame)
	s.filled.Store(uint64(used)<<32 | uint64(records+1))
}

// grow adds a segment that has room for a frame of that size, and drops what is
// beyond the limit.
func (w *window) grow(size int) *segment {
	room := max(size, min(max(2*len(w.last.buf), leastSegment), mostSegment))
	next := &segment{buf: make([]byte, room), epoch: w.last.epoch, before: w.newest()}
	w.last.next.Store(next)
	w.last = next
	for w.first != next {
		if w.size+size <= w.limit {
			break
		}
		used, _ := w.first.fill()
		w.size -= used
		w.first = w.first.drop()
	}
	return next
}

// drop takes the segment out of the window, and returns the next one. Who is
// still in it does not keep that from being freed.
func (s *segment) drop() *segment {
	s.dropped.Store(true) // first: a segment without a next one, and not dropped, is the last
	return s.next.Swap(nil)
}

// end is the cursor behind the newest record.
func (w *window) end() cursor {
	bytes, records := w.last.fill()
	return cursor{w.last, bytes, records}
}

// find returns the cursor behind the record of that position. What is neither a
// record of the window nor the one before it is not found.
func (w *window) find(p eventlog.Position) (cursor, bool) {
	offset := p.Offset
	switch {
	case p.Epoch != w.first.epoch:
		return cursor{}, false
	case offset == w.start():
		return cursor{seg: w.first}, true
	}
	for s := w.first; s != nil; s = s.next.Load() {
		n := len(s.places)
		if n == 0 || s.places[n-1].offset < offset {
			continue
		}
		i := sort.Search(n, func(i int) bool { return s.places[i].offset >= offset })
		if s.places[i].offset != offset {
			return cursor{}, false
		}
		return cursor{s, s.places[i].end, i + 1}, true
	}
	return cursor{}, false
}

// position is that of the last record before the cursor. The lock is held.
func (c cursor) position() eventlog.Position {
	if c.records > 0 {
		return eventlog.Position{Epoch: c.seg.epoch, Offset: c.seg.places[c.records-1].offset}
	}
	return eventlog.Position{Epoch: c.seg.epoch, Offset: c.seg.before}
}

// lost reports whether the window has moved on past the cursor.
func (c cursor) lost() bool { return c.seg.dropped.Load() }

// ahead returns the frames of one segment that are there behind the cursor, of
// how many events they are, and the cursor behind them; none where there are
// none, or where the cursor is lost. It needs no lock.
func (c cursor) ahead() (frames []byte, events int, behind cursor) {
	for !c.lost() {
		next := c.seg.next.Load() // first: nothing is added any more once there is one
		bytes, records := c.seg.fill()
		switch {
		case c.bytes < bytes:
			return c.seg.buf[c.bytes:bytes:bytes], records - c.records, cursor{c.seg, bytes, records}
		case next == nil:
			return nil, 0, c
		}
		c = cursor{seg: next}
	}
	return nil, 0, c
}
