package sse

import (
	"bytes"
	"io"
	"math"
	"time"
	"unicode/utf8"
)

// DefaultMaxEventSize is the largest event that a decoder takes by itself.
const DefaultMaxEventSize = 16 << 20

// Decoder reads the events of one stream, the body of one response. It must not
// be used by several goroutines at once.
type Decoder struct {
	// MaxEventSize is the largest event in bytes, field names and line ends
	// included; 0 means [DefaultMaxEventSize].
	MaxEventSize int64

	// Comment is called by Decode with each comment, without its colon and the
	// space behind it, if it is not nil.
	Comment func(text string)

	lines    lines
	block    block
	types    arena
	ids      arena
	lastID   string
	retry    time.Duration
	hasRetry bool
	joined   []byte // data of several lines
	clean    []byte // text that was not UTF-8
}

// block is what the lines since the last blank one have said.
type block struct {
	typ, id   span
	data      span // the first line of data
	dataLines int
	hasID     bool
	hasRetry  bool
}

// NewDecoder returns a decoder that reads from r. It reads no more than Decode
// needs to return an event.
func NewDecoder(r io.Reader) *Decoder { return &Decoder{lines: lines{r: r}} }

// SetLastEventID sets the last event ID that is in force until the stream
// changes it: the one with which the stream was asked for.
func (d *Decoder) SetLastEventID(id string) { d.lastID = id }

// LastEventID returns the last event ID: what a client sends to resume.
// A block that is not complete has no part in it.
func (d *Decoder) LastEventID() string { return d.lastID }

// Retry returns the reconnection time that the stream asked for last, and
// whether it did. It holds from its line on, without waiting for the block's end.
func (d *Decoder) Retry() (time.Duration, bool) { return d.retry, d.hasRetry }

// Decode returns the next event.
//
// The event is returned as soon as the line break that ends it was read, be it
// the CR of a CRLF. Its Data is valid until the next call; see [Event.Clone].
//
// An error is that of the reader, io.EOF at its end: an event that is not
// complete is lost, as the standard says. A [*TooLargeError] is not final: the
// event was passed over, and the next call goes on behind it.
func (d *Decoder) Decode() (Event, error) {
	limit := d.MaxEventSize
	if limit <= 0 {
		limit = DefaultMaxEventSize
	}
	for {
		line, blank, err := d.lines.next(limit)
		if err != nil {
			return Event{}, err
		}
		if !blank {
			if !d.lines.tooLarge {
				d.field(line)
			}
			continue
		}
		if d.lines.tooLarge {
			d.lines.tooLarge = false
			d.startBlock()
			return Event{}, &TooLargeError{limit}
		}
		event, ok := d.dispatch()
		d.startBlock()
		if ok {
			return event, nil
		}
	}
}

func (d *Decoder) startBlock() {
	d.block = block{}
	d.lines.startBlock()
}

// field takes one line that is not blank ("process the field").
func (d *Decoder) field(at span) {
	line := d.lines.bytes(at)
	name, value := line, span{at.end, at.end}
	if colon := bytes.IndexByte(line, ':'); colon >= 0 {
		name, value.start = line[:colon], at.start+colon+1
		if colon+1 < len(line) && line[colon+1] == ' ' {
			value.start++
		}
	}
	b := &d.block
	switch string(name) {
	case "data":
		d.data(value)
	case "event":
		b.typ = value
	case "id":
		if bytes.IndexByte(d.lines.bytes(value), 0) < 0 {
			b.id, b.hasID = value, true
		}
	case "retry":
		d.setRetry(d.lines.bytes(value))
	case "":
		if d.Comment != nil {
			d.Comment(string(d.text(value)))
		}
	}
	if b.dataLines == 0 && b.typ == (span{}) && !b.hasID {
		d.lines.startBlock() // comments by themselves take no room
	}
}

// data takes a data field. One that stays the only one is not copied.
func (d *Decoder) data(value span) {
	b := &d.block
	switch b.dataLines {
	case 0:
		b.data = value
	case 1:
		d.joined = append(d.joined[:0], d.lines.bytes(b.data)...)
		fallthrough
	default:
		d.joined = append(d.joined, '\n')
		d.joined = append(d.joined, d.lines.bytes(value)...)
	}
	b.dataLines++
}

// maxRetry is the longest reconnection time, in milliseconds, that a Duration
// holds.
const maxRetry = int64(math.MaxInt64 / time.Millisecond)

// setRetry takes a retry field, which counts from its line on: ASCII digits and
// nothing else.
func (d *Decoder) setRetry(value []byte) {
	ms := int64(0)
	for _, c := range value {
		if c < '0' || c > '9' {
			return
		}
		ms = min(ms*10+int64(c-'0'), maxRetry)
	}
	if len(value) > 0 {
		d.retry, d.hasRetry = time.Duration(ms)*time.Millisecond, true
		d.block.hasRetry = true
	}
}

// dispatch returns the event that a blank line ends, if there is one. The last
// event ID is committed either way.
func (d *Decoder) dispatch() (Event, bool) {
	b := &d.block
	if b.hasID {
		d.lastID = d.ids.string(d.text(b.id))
	}
	if b.dataLines == 0 {
		return Event{}, false
	}
	event := Event{Type: "message", ID: d.lastID, HasID: b.hasID, HasRetry: b.hasRetry}
	if b.hasRetry {
		event.Retry = d.retry
	}
	if b.typ.start < b.typ.end {
		event.Type = d.types.string(d.text(b.typ))
	}
	if b.dataLines == 1 {
		event.Data = d.text(b.data)
		return event, true
	}
	event.Data = d.decoded(d.joined)
	return event, true
}

// text returns a stretch of the buffer as UTF-8.
func (d *Decoder) text(s span) []byte { return d.decoded(d.lines.bytes(s)) }

func (d *Decoder) decoded(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	d.clean = appendUTF8(d.clean[:0], text)
	return d.clean
}
