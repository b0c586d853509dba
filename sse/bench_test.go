package sse_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/courant-dev/courant/sse"
)

// endless gives the same text again and again.
type endless struct {
	text string
	at   int
}

func (r *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		c := copy(p[n:], r.text[r.at:])
		n += c
		r.at = (r.at + c) % len(r.text)
	}
	return n, nil
}

// streams are those of the comparison with other decoders: 60 bytes, 300 bytes
// with type and ID, 64 KiB.
func streams() map[string]string {
	var typed strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&typed, "event: update\nid: %d\ndata: {\"text\":%q}\n\n", 1_000_000+i, strings.Repeat("lorem ", 42))
	}
	return map[string]string{
		"small": "data: " + strings.Repeat("x", 52) + "\n\n",
		"json":  typed.String(),
		"64KiB": "data: " + strings.Repeat("x", 64<<10) + "\n\n",
	}
}

func BenchmarkDecode(b *testing.B) {
	for name, stream := range streams() {
		b.Run(name, func(b *testing.B) {
			d := sse.NewDecoder(&endless{text: stream})
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Decode(); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+" kept", func(b *testing.B) {
			d := sse.NewDecoder(&endless{text: stream})
			b.ReportAllocs()
			for b.Loop() {
				e, err := d.Decode()
				if err != nil {
					b.Fatal(err)
				}
				kept = e.Clone()
			}
		})
	}
}

var kept sse.Event

func BenchmarkAppendEvent(b *testing.B) {
	e := sse.Event{Type: "update", ID: "1000001", Data: []byte(`{"text":"` + strings.Repeat("lorem ", 42) + `"}`)}
	var frame []byte
	b.ReportAllocs()
	for b.Loop() {
		frame, _ = sse.AppendEvent(frame[:0], e)
	}
}
