package main

import (
	"bytes"
	"io"
)

// A view is an event whose parts are in the parser's buffer until the next call.
type view struct{ typ, id, data []byte }

// A floor is about the least that a parser of events can do: lines end in LF,
// there are the fields data, event and id, each with a space after its colon,
// and nothing is checked, decoded, limited or remembered.
type floor struct {
	r    io.Reader
	buf  []byte
	from int // of the event that is being read
	to   int // where the next read goes
}

func newFloor(r io.Reader) *floor { return &floor{r: r, buf: make([]byte, 32<<10)} }

// A span is a part of the buffer, counted from floor.from, which moves.
type span struct{ from, to int }

// next returns the next event.
func (f *floor) next() (view, error) {
	var typ, id, data span
	at, seen := 0, 0 // the line, and where it was not searched yet
	for {
		text := f.buf[f.from:f.to]
		i := bytes.IndexByte(text[seen:], '\n')
		if i < 0 {
			seen = len(text)
			if err := f.fill(); err != nil {
				return view{}, err
			}
			continue
		}
		end := seen + i
		line := text[at:end]
		switch {
		case len(line) == 0:
			f.from += end + 1
			return view{text[typ.from:typ.to], text[id.from:id.to], text[data.from:data.to]}, nil
		case bytes.HasPrefix(line, []byte("data: ")):
			value := span{at + len("data: "), end}
			if data.to > 0 {
				text[data.to] = '\n'
				value = span{data.from, data.to + 1 + copy(text[data.to+1:], text[value.from:value.to])}
			}
			data = value
		case bytes.HasPrefix(line, []byte("event: ")):
			typ = span{at + len("event: "), end}
		case bytes.HasPrefix(line, []byte("id: ")):
			id = span{at + len("id: "), end}
		}
		at = end + 1
		seen = at
	}
}

// fill reads more behind the event, which it moves to the beginning of the
// buffer, or to a larger one.
func (f *floor) fill() error {
	if f.from > 0 {
		f.to = copy(f.buf, f.buf[f.from:f.to])
		f.from = 0
	} else if f.to == len(f.buf) {
		f.buf = append(f.buf, make([]byte, len(f.buf))...)
	}
	n, err := f.r.Read(f.buf[f.to:])
	f.to += n
	if n > 0 {
		return nil
	}
	return err
}
