package sse

import (
	"io"
	"time"
)

// A Decoder reads the events of one stream, that is of one connection: a byte
// order mark at its beginning is dropped, and nothing of an incomplete event is
// kept at its end. It is for one goroutine at a time.
//
// It decodes as the WHATWG HTML standard, § 9.2.6, says, wherever the bytes are
// divided into reads. An event is returned as soon as the line end of its blank
// line was read; where that is CR, it does not wait to see whether LF follows.
// Invalid UTF-8 becomes U+FFFD, as the Encoding standard says.
//
// Decoding copies no data of events with one data line, and takes time in
// proportion to the length of the stream, however short or long the reads and
// lines are. The memory of a decoder is about 4 KiB while little comes, and
// grows with the largest event; see [WithMaxEventSize].
type Decoder struct {
	window  window
	limit   int
	comment func(text string)
	begun   bool // the beginning of the stream was looked at

	block    block
	lastID   string
	retry    time.Duration
	hasRetry bool
	names    names
	ids      texts
}

// A block is what is known of a block until its blank line. Its data is in the
// window.
type block struct {
	typ      string
	id       string
	retry    time.Duration
	hasID    bool
	hasRetry bool
	tooLarge bool // there is no event, and nothing but id and retry counts
}

// NewDecoder returns a decoder of the stream that r reads. It reads only within
// Decode, only when it must, and as much as comes.
func NewDecoder(r io.Reader, opts ...DecoderOption) *Decoder {
	d := &Decoder{limit: defaultMaxEventSize}
	d.window.r = r
	for _, opt := range opts {
		opt(d)
	}
	return d
}

// Decode returns the next event. Its Data is valid until the next call.
//
// At the end of the stream the error is [io.EOF]; an incomplete event there is
// discarded. Other errors of the reader are returned as they are; decoding may
// go on after them where reading may. After a [TooLargeError] it goes on with
// the next event.
func (d *Decoder) Decode() (e Event, err error) {
	if !d.begun {
		if err := d.begin(); err != nil {
			return e, err
		}
	}
	for {
		from, to, err := d.window.line(d)
		if err != nil {
			return e, err
		}
		if from < to {
			d.field(from, to)
			continue
		}
		ok, err := d.dispatch(&e)
		d.block = block{}
		if ok || err != nil {
			return e, err
		}
	}
}

// dispatch ends the block at its blank line. It reports whether that makes an
// event, which it puts into e: a result of that size is not for passing on.
func (d *Decoder) dispatch(e *Event) (ok bool, err error) {
	b := &d.block
	if b.tooLarge {
		return false, &TooLargeError{Limit: int64(d.limit), ID: b.id, HasID: b.hasID}
	}
	if b.hasID {
		d.lastID = b.id
	}
	if !d.window.held {
		return false, nil
	}
	e.Type, e.ID, e.HasID = b.typ, d.lastID, b.hasID
	e.Retry, e.HasRetry = b.retry, b.hasRetry
	data, ascii := d.window.data()
	d.window.drop()
	if !ascii {
		data = decodeUTF8(data)
	}
	e.Data = data
	if e.Type == "" {
		e.Type = "message"
	}
	return true, nil
}

// LastEventID returns the last event ID: that of the last complete block which
// has one, whether or not an event came of it.
func (d *Decoder) LastEventID() string { return d.lastID }

// Retry returns the reconnection time that the stream set last, if it has. It is
// in force from its line on, even if no event comes of that.
func (d *Decoder) Retry() (time.Duration, bool) { return d.retry, d.hasRetry }

const byteOrderMark = "\xEF\xBB\xBF"

// begin drops the byte order mark. It reads no further than to see that there is
// none.
func (d *Decoder) begin() error {
	w := &d.window
	for {
		have := w.buf[w.pos:w.w]
		switch {
		case len(have) >= len(byteOrderMark) && string(have[:len(byteOrderMark)]) == byteOrderMark:
			w.pos += len(byteOrderMark)
		case len(have) < len(byteOrderMark) && string(have) == byteOrderMark[:len(have)]:
			if err := d.fill(); err != nil {
				return err
			}
			continue
		}
		d.begun = true
		return nil
	}
}

// fill reads more of the stream.
func (d *Decoder) fill() error {
	w := &d.window
	if !w.skipping {
		w.skipping = !d.wants(w.buf[w.pos:w.w])
	}
	if w.skipping {
		w.pos = w.w
	}
	w.makeRoom(d.limit + smallWindow)
	return w.read()
}

// wants reports whether a line that begins like that needs to be in memory as a
// whole. It says no to those that mean nothing, and to those that are too large
// already, so that no line takes more memory than the limit.
func (d *Decoder) wants(line []byte) bool {
	if len(line) < len("retry: ") {
		return true
	}
	kind, value := cutField(line)
	size := len(line) - value
	b := &d.block
	switch kind {
	case fieldData:
		return d.accepts(d.window.longer(size))
	case fieldEvent:
		return d.accepts(size - len(b.typ))
	case fieldID:
		return d.accepts(size - len(b.id))
	case fieldComment:
		return d.comment != nil && size <= d.limit
	case fieldRetry:
		return size <= d.longestRetry()
	default:
		return false
	}
}

// longestRetry is how many digits a retry field may have. It counts even where
// its event is too large, so that the limit of that is none for it.
func (d *Decoder) longestRetry() int { return max(d.limit, retryDigits) }

// accepts reports whether the event is not too large when it grows by that many
// bytes, and gives it up if it is.
func (d *Decoder) accepts(bytes int) bool {
	b := &d.block
	if len(b.typ)+len(b.id)+d.window.size()+bytes <= d.limit {
		return true
	}
	b.tooLarge = true
	d.window.drop()
	return false
}

// field obeys the line at that place of the window.
func (d *Decoder) field(from, to int) {
	line := d.window.buf[from:to]
	kind, i := fieldData, len("data: ")
	if !startsData(line) { // as most do
		kind, i = cutField(line)
	}
	value := line[i:]
	b := &d.block
	switch kind {
	case fieldData:
		if !b.tooLarge && d.accepts(d.window.longer(len(value))) {
			d.window.hold(from+i, to)
		}
	case fieldEvent:
		if !b.tooLarge && d.accepts(len(value)-len(b.typ)) {
			b.typ = d.names.text(value)
		}
	case fieldID:
		d.setID(value, from > d.window.wide)
	case fieldRetry:
		if retry, ok := parseRetry(value); ok && len(value) <= d.longestRetry() {
			d.retry, d.hasRetry = retry, true
			b.retry, b.hasRetry = retry, true
		}
	case fieldComment:
		if d.comment != nil && len(value) <= d.limit {
			d.comment(string(decodeUTF8(value)))
		}
	}
}

// setID takes the value of an id field, which counts at the blank line. One with
// NUL means nothing, but that it has some size: how the stream is divided into
// reads decides whether the NUL is seen before it is too large.
func (d *Decoder) setID(value []byte, ascii bool) {
	b := &d.block
	switch {
	case !d.accepts(len(value) - len(b.id)):
	case string(value) == d.lastID:
		b.id, b.hasID = d.lastID, true
	case hasNUL(value):
	default:
		if !ascii {
			value = decodeUTF8(value)
		}
		b.id, b.hasID = d.ids.text(value), true
	}
}
