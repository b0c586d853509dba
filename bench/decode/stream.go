package main

import (
	"fmt"
	"io"
	"strings"
)

// A stream is a text of whole events that is given again and again.
type stream struct {
	name   string
	text   string
	events int // in text
	data   int // bytes of data in text
}

// streams returns small events without type and ID, events with JSON, type and
// ID, and large events.
func streams() []stream {
	return []stream{
		build("60 B", 500, func(int) (head, data string) { return "", strings.Repeat("x", 52) }),
		build("300 B, JSON, type, id", 500, func(i int) (head, data string) {
			return fmt.Sprintf("event: update\nid: %d\n", 1_000_000+i), fmt.Sprintf(`{"text":%q}`, strings.Repeat("lorem ", 42)+"sit")
		}),
		build("64 KiB", 4, func(int) (head, data string) { return "", strings.Repeat("x", 64<<10) }),
	}
}

func build(name string, events int, event func(i int) (head, data string)) stream {
	s := stream{name: name, events: events}
	var text strings.Builder
	for i := range events {
		head, data := event(i)
		s.data += len(data)
		fmt.Fprintf(&text, "%sdata: %s\n\n", head, data)
	}
	s.text = text.String()
	return s
}

// repeated is a stream that gives its text so many times, and no more than some
// bytes at once, as a connection does.
type repeated struct {
	text  string
	at    int
	times int
	most  int
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.times == 0 {
		return 0, io.EOF
	}
	p = p[:min(len(p), r.most)]
	n := 0
	for n < len(p) && r.times > 0 {
		c := copy(p[n:], r.text[r.at:])
		n += c
		r.at += c
		if r.at == len(r.text) {
			r.at = 0
			r.times--
		}
	}
	return n, nil
}

func (r *repeated) Close() error { return nil }
