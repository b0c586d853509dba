package main

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// A turn fails when the decoder did not find all that is in the stream.
func TestDecodersFindTheSame(t *testing.T) {
	for _, s := range streams() {
		for _, d := range decoders() {
			for _, read := range []int{1000, 32 << 10} {
				if _, _, err := decodeOnce(d, s, read, 3); err != nil {
					t.Error(err)
				}
			}
		}
	}
}

func TestStreamsAreAsLargeAsTheySay(t *testing.T) {
	for i, want := range []int{60, 300, 64<<10 + len("data: \n\n")} {
		if s := streams()[i]; len(s.text)/s.events != want {
			t.Errorf("events of %s have %d bytes, want %d", s.name, len(s.text)/s.events, want)
		}
	}
}

func TestFloorTellsFieldsApart(t *testing.T) {
	text := ": hello\nevent: a\nid: 1\ndata: x\ndata: y\n\ndata: " + strings.Repeat("z", 100_000) + "\n\n"
	for name, r := range map[string]io.Reader{"whole": strings.NewReader(text), "byte by byte": iotest.OneByteReader(strings.NewReader(text))} {
		f := newFloor(r)
		v, err := f.next()
		if got := fmt.Sprintf("%s %s %q", v.typ, v.id, v.data); err != nil || got != `a 1 "x\ny"` {
			t.Errorf("%s: %s, %v", name, got, err)
		}
		if v, err = f.next(); err != nil || len(v.typ)+len(v.id) != 0 || len(v.data) != 100_000 {
			t.Errorf("%s: %d bytes, %v", name, len(v.data), err)
		}
		if _, err = f.next(); err != io.EOF {
			t.Errorf("%s: %v at the end", name, err)
		}
	}
}

func TestRatiosAreToTheFirst(t *testing.T) {
	set := settings{rounds: 3, time: time.Millisecond}
	results, err := measureAll(choose(decoders(), "Goa"), streams()[0], 4096, set)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 2 || results[0].ratio != 1 || results[1].ratio <= 1 || results[1].allocs < 1 {
		t.Errorf("%+v", results)
	}
}

func TestTables(t *testing.T) {
	got := tables([]decoder{{name: "a"}, {name: "b"}}, []stream{{name: "s"}}, [][]result{
		{{cpu: 50.4, ratio: 1, allocs: 0.001, bytes: 7}},
		{{cpu: 1_234_567, ratio: 24.5, allocs: 2, bytes: 1024}},
	})
	const want = `| CPU per event | s |
|---|---:|
| a | 50 ns, 1.00× |
| b | 1,234,567 ns, 24.50× |

| allocations per event | s |
|---|---:|
| a | 0, 7 B |
| b | 2, 1,024 B |
`
	if got != want {
		t.Errorf("%s", got)
	}
}
