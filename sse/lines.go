package sse

import (
	"bytes"
	"io"
)

// span is a stretch of the buffer, counted from the start of the block, because
// the buffer moves.
type span struct{ start, end int }

// lines splits what it reads into lines that end in LF, CR or CRLF. It keeps
// the bytes of the block that is being read, and searches no byte twice.
type lines struct {
	r   io.Reader
	err error // of r; told when the buffer holds no more lines
	buf []byte

	block  int  // where the block begins
	line   int  // where the next line begins
	lf, cr int  // where the next LF and CR are; len(buf) while there is none
	skipLF bool // the last line ended in CR: a LF that follows belongs to it
	begun  bool // the first line was read: a BOM is none any more
	full   bool // the last read filled the buffer

	tooLarge bool // the block exceeds the limit: its bytes are thrown away
	cut      bool // bytes of the line that is being read were thrown away
}

// The buffer has firstSize bytes at first. It grows to fullSize when reads fill
// it, and beyond that for a block that needs more.
const (
	firstSize = 4 << 10
	fullSize  = 64 << 10
)

// startBlock says that the bytes before the next line are not needed any more.
func (l *lines) startBlock() { l.block = l.line }

// bytes returns the bytes of s. They are valid until the next call of next.
func (l *lines) bytes(s span) []byte { return l.buf[l.block+s.start : l.block+s.end] }

// next returns the next line, without its end, and whether it is blank. It sets
// tooLarge when the block exceeds limit bytes; until the blank line, what it
// returns then is not the line.
func (l *lines) next(limit int64) (line span, blank bool, err error) {
	for {
		if l.skipLF && l.line < len(l.buf) {
			l.skipLF = false
			if l.buf[l.line] == '\n' {
				l.advance(l.line + 1)
			}
		}
		if end := min(l.lf, l.cr); end < len(l.buf) {
			line, blank = l.take(end, limit)
			return line, blank, nil
		}
		if l.err != nil {
			return span{}, false, l.err
		}
		l.fill(limit)
	}
}

// take returns the line that ends at end. A CR ends its line at once, whether
// or not a LF follows (§ 9.2.6).
func (l *lines) take(end int, limit int64) (line span, blank bool) {
	start := l.line
	if !l.begun {
		l.begun = true
		if bytes.HasPrefix(l.buf[start:end], []byte("\uFEFF")) {
			start += len("\uFEFF")
		}
	}
	line = span{start - l.block, end - l.block}
	blank = start == end && !l.cut
	l.cut = false
	l.skipLF = l.buf[end] == '\r'
	l.advance(end + 1)
	if int64(line.end) > limit {
		l.tooLarge = true
	}
	if l.tooLarge {
		line = span{}
		l.startBlock()
	}
	return line, blank
}

// advance makes the next line begin at line.
func (l *lines) advance(line int) {
	l.line = line
	if l.lf < line {
		l.lf = l.index('\n', line)
	}
	if l.cr < line {
		l.cr = l.index('\r', line)
	}
}

// index returns where c is at or behind from, or len(buf).
func (l *lines) index(c byte, from int) int {
	if i := bytes.IndexByte(l.buf[from:], c); i >= 0 {
		return from + i
	}
	return len(l.buf)
}

// fill reads once, after making room.
func (l *lines) fill(limit int64) {
	if int64(len(l.buf)-l.block) > limit {
		l.tooLarge = true
	}
	if l.tooLarge {
		l.cut = l.cut || l.line < len(l.buf)
		l.line = len(l.buf)
		l.startBlock()
	}
	l.makeRoom()
	have := len(l.buf)
	n := 0
	for tries := 0; n == 0 && l.err == nil; tries++ {
		if tries == 100 {
			l.err = io.ErrNoProgress
			break
		}
		n, l.err = l.r.Read(l.buf[have:cap(l.buf)])
	}
	l.buf = l.buf[:have+n]
	l.full = len(l.buf) == cap(l.buf)
	if l.lf == have {
		l.lf = l.index('\n', have)
	}
	if l.cr == have {
		l.cr = l.index('\r', have)
	}
}

// makeRoom moves the block to the front, into a larger buffer if need be.
func (l *lines) makeRoom() {
	size := cap(l.buf)
	kept := l.buf[l.block:]
	if len(kept) > size/2 || (l.full && size < fullSize) {
		size *= 2
	}
	buf := l.buf
	if size = max(size, firstSize); size > cap(buf) {
		buf = make([]byte, size)
	}
	l.buf = buf[:copy(buf[:cap(buf)], kept)]
	l.line -= l.block
	l.lf -= l.block
	l.cr -= l.block
	l.block = 0
}
