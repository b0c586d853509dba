package sse

import (
	"bytes"
	"io"
)

const (
	smallWindow = 4 << 10  // what an idle decoder holds
	bulkWindow  = 32 << 10 // what a busy one reads at once
	leastRead   = 512      // less room than this is not read into
	calmFills   = 64       // so many fills of a window that is too large shrink it
	emptyReads  = 100      // so many reads of nothing are io.ErrNoProgress
)

// A window is the part of the stream that is in memory. It has the data of the
// block that is being read, then what is left of lines that are done with, then
// what was not looked at yet:
//
//	buf: ....[start data end)....[pos lines w)....
//
// It finds the ends of lines: each byte is searched once for LF, for CR and for
// bytes that are no ASCII, however it arrives.
type window struct {
	r    io.Reader
	buf  []byte // all of its length is room
	pos  int    // where the next line begins
	w    int    // where the next read goes
	err  error  // to be returned when pos has come to w
	done bool   // err is io.EOF, for good

	start, end int // of the data, if held
	held       bool

	lf   int // the first LF at or after pos, or w
	cr   int // the first CR at or after pos, or w
	wide int // the last byte that is not ASCII, or a later place; -1 if none

	afterCR  bool // an LF at pos belongs to the line end before
	skipping bool // the line at pos is dropped as it comes
	full     bool // the last read took all the room there was

	most int // the highest w since little was kept
	calm int // how many times in a row that was little
}

// line returns the place of the next line that is complete, without its end. A
// CR ends it at once.
func (w *window) line(d *Decoder) (from, to int, err error) {
	for {
		if w.afterCR && w.pos < w.w {
			w.afterCR = false
			if w.buf[w.pos] == '\n' {
				w.pos++
			}
		}
		switch {
		case w.lf >= w.pos:
		case w.pos < w.w && w.buf[w.pos] == '\n': // a blank line, as one in three or four is
			w.lf = w.pos
		default:
			w.lf = w.w
			if i := bytes.IndexByte(w.buf[w.pos:w.w], '\n'); i >= 0 {
				w.lf = w.pos + i
			}
		}
		if w.cr < w.pos {
			w.cr = w.find('\r', w.pos)
		}
		if end := min(w.lf, w.cr); end < w.w {
			w.afterCR = end == w.cr
			from = w.pos
			w.pos = end + 1
			if !w.skipping {
				return from, end, nil
			}
			w.skipping = false
			continue
		}
		if err := d.fill(); err != nil {
			return 0, 0, err
		}
	}
}

// find returns the place of the first c at or after from, or w.w.
func (w *window) find(c byte, from int) int {
	if i := bytes.IndexByte(w.buf[from:w.w], c); i >= 0 {
		return from + i
	}
	return w.w
}

// read reads once more into the room behind w, after makeRoom.
func (w *window) read() error {
	if w.err != nil {
		err := w.err
		if !w.done {
			w.err = nil // reading may go on, as after a deadline
		}
		return err
	}
	for range emptyReads {
		room := w.buf[w.w:]
		n, err := w.r.Read(room)
		if n < 0 || n > len(room) {
			return errInvalidRead
		}
		w.err, w.done = err, err == io.EOF
		if n > 0 {
			w.full = n == len(room)
			w.take(n)
			return nil
		}
		if err != nil {
			return w.read()
		}
	}
	return io.ErrNoProgress
}

// take looks at n bytes that were read.
func (w *window) take(n int) {
	old := w.w
	w.w += n
	w.most = max(w.most, w.w)
	if w.lf == old {
		w.lf = w.find('\n', old)
	}
	if w.cr == old {
		w.cr = w.find('\r', old)
	}
	if i := lastWide(w.buf[old:w.w]); i >= 0 {
		w.wide = old + i
	}
}

// makeRoom makes room for a read: by moving what is still wanted to the
// beginning of the window where that is little, or where it gains a quarter of
// it, else by a larger window. So each byte is moved a few times at most. No
// window but one that must is larger than bound.
func (w *window) makeRoom(bound int) {
	kept := w.size() + w.w - w.pos
	if kept <= w.w/8 {
		w.move(w.fitting(kept))
		w.most, w.full = kept, false
		return
	}
	if len(w.buf)-w.w >= leastRead {
		return
	}
	if w.w-kept >= len(w.buf)/4 {
		w.move(w.buf)
		return
	}
	size := 2 * len(w.buf)
	if len(w.buf) < bound {
		size = min(size, bound)
	}
	w.move(make([]byte, size))
}

// fitting returns the buffer that fits the stream, with kept bytes in it: a
// larger one while reads fill it, a small one again when they have not for a
// while.
func (w *window) fitting(kept int) []byte {
	size := len(w.buf)
	switch {
	case w.most > size/4 || size <= smallWindow:
		w.calm = 0
	default:
		w.calm++
	}
	switch {
	case w.full && size < bulkWindow:
		return make([]byte, 2*size)
	case size == 0 || w.calm >= calmFills && kept <= smallWindow/2:
		w.calm = 0
		return make([]byte, smallWindow)
	}
	return w.buf
}

// move copies what is still wanted to the beginning of buf, which may be the
// window itself.
func (w *window) move(buf []byte) {
	n := 0
	if w.held {
		n = copy(buf, w.buf[w.start:w.end])
	}
	end := n + copy(buf[n:], w.buf[w.pos:w.w])
	back := w.pos - n
	switch {
	case w.wide >= w.pos:
		w.wide -= back
	case w.held && w.wide >= w.start:
		w.wide = n // which says that the data may not be ASCII
	default:
		w.wide = -1
	}
	w.lf, w.cr = w.lf-back, w.cr-back
	w.buf, w.start, w.end, w.pos, w.w = buf, 0, n, n, end
	w.most = max(w.most, end)
}

// hold adds the bytes between from and to, which are of the line before pos, to
// the data, after LF if there is some. They are moved only if there is.
func (w *window) hold(from, to int) {
	if !w.held {
		w.held, w.start, w.end = true, from, to
		return
	}
	w.buf[w.end] = '\n' // at least a line end and a name are in between
	w.end += 1 + copy(w.buf[w.end+1:], w.buf[from:to])
}

// drop forgets the data.
func (w *window) drop() { w.held, w.start, w.end = false, 0, 0 }

// size returns how much data is held.
func (w *window) size() int { return w.end - w.start }

// longer returns by how much another line of n bytes makes the data longer.
func (w *window) longer(n int) int {
	if w.held {
		n++
	}
	return n
}

// data returns the data as it came, and whether it is ASCII for certain.
// Appending to it writes nothing to the window.
func (w *window) data() (data []byte, ascii bool) {
	return w.buf[w.start:w.end:w.end], w.start > w.wide
}
