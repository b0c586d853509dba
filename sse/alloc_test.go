package sse_test

import (
	"testing"

	"github.com/courant-dev/courant/sse"
)

func TestDecodeDoesNotAllocate(t *testing.T) {
	for name, stream := range streams() {
		d := sse.NewDecoder(&endless{text: stream})
		decode := func() {
			if _, err := d.Decode(); err != nil {
				t.Fatal(err)
			}
		}
		for range 100 { // the window grows to what it needs
			decode()
		}
		if n := testing.AllocsPerRun(2000, decode); n != 0 {
			t.Errorf("%s: %v allocations per event", name, n)
		}
	}
}

func TestAppendEventDoesNotAllocate(t *testing.T) {
	e := sse.Event{Type: "update", ID: "7", HasID: true, Data: []byte("one\ntwo\r\nthree")}
	frame := make([]byte, 0, 200)
	if n := testing.AllocsPerRun(100, func() { frame, _ = sse.AppendEvent(frame[:0], e) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
