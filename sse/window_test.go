package sse

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func (d *Decoder) decodeUntil(t *testing.T, final error) (events int) {
	t.Helper()
	for {
		switch _, err := d.Decode(); {
		case err == nil:
			events++
		case !errors.Is(err, final):
			t.Fatal(err)
		default:
			return events
		}
	}
}

func TestLineEndsOfAllSortsAreFoundInTime(t *testing.T) {
	const n = 1 << 20
	for _, end := range []string{"\n", "\r", "\r\n"} {
		stream := strings.Repeat("data: x"+end, n) + end
		if got := NewDecoder(strings.NewReader(stream)).decodeUntil(t, io.EOF); got != 1 {
			t.Errorf("%q: %d events", end, got)
		}
		stream = strings.Repeat("data: x"+end+end, n)
		if got := NewDecoder(strings.NewReader(stream)).decodeUntil(t, io.EOF); got != n {
			t.Errorf("%q: %d events", end, got)
		}
	}
}

// repeated gives a text again and again, for so many bytes.
type repeated struct {
	text string
	left int
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), r.left)], r.text)
	r.left -= n
	return n, nil
}

func TestNoLineTakesMoreMemoryThanTheLimit(t *testing.T) {
	const limit, much = 64 << 10, 1 << 20
	for _, start := range []string{
		"", ":", ": ", "unknown", "unknown: ", "data", "data: ", "event: ", "id: ", "retry: ", "data: x\n:", "data: x\nfoo: ",
	} {
		for _, comments := range []func(string){nil, func(string) {}} {
			r := io.MultiReader(strings.NewReader(start), &repeated{"00000000", much}, strings.NewReader("\n\ndata: y\n\n"))
			d := NewDecoder(r, WithMaxEventSize(limit), WithCommentFunc(comments))
			for err := error(nil); err != io.EOF; _, err = d.Decode() {
				if err != nil && !errors.As(err, new(*TooLargeError)) {
					t.Fatal(err)
				}
			}
			if size := len(d.window.buf); size > 3*limit {
				t.Errorf("after %q the window has %d bytes", start, size)
			}
		}
	}
}

func TestBlockWithoutEndTakesNoMemory(t *testing.T) {
	for _, text := range []string{": beat\n", "foo: bar\n", "id: 7\n", "retry: 7\n", "event: a\n"} {
		d := NewDecoder(io.MultiReader(strings.NewReader("data: x\n"), strings.NewReader(strings.Repeat(text, 200_000))))
		d.decodeUntil(t, io.EOF)
		if size := len(d.window.buf); size > bulkWindow {
			t.Errorf("%q: the window has %d bytes", text, size)
		}
	}
}

func TestWindowShrinksAgain(t *testing.T) {
	large := "data: " + strings.Repeat("x", 1<<20) + "\n\n"
	beats := iotest.OneByteReader(strings.NewReader(strings.Repeat(":\n", 2*calmFills)))
	d := NewDecoder(io.MultiReader(strings.NewReader(large), beats))
	if e, err := d.Decode(); err != nil || len(e.Data) != 1<<20 {
		t.Fatal(err)
	}
	d.decodeUntil(t, io.EOF)
	if size := len(d.window.buf); size != smallWindow {
		t.Errorf("the window has %d bytes", size)
	}
}

func TestLargestEventTakesLittleMore(t *testing.T) {
	const size = 16 << 20
	d := NewDecoder(io.MultiReader(strings.NewReader("data: "), &repeated{strings.Repeat("x", 4096), size}, strings.NewReader("\n\n")))
	if e, err := d.Decode(); err != nil || len(e.Data) != size {
		t.Fatal(len(e.Data), err)
	}
	if got := len(d.window.buf); got > size+2*smallWindow {
		t.Errorf("the window has %d bytes", got)
	}
}

func TestReaderThatLiesIsNoPanic(t *testing.T) {
	for _, n := range []int{-1, 1 << 30} {
		if _, err := NewDecoder(liar(n)).Decode(); err != errInvalidRead {
			t.Error(n, err)
		}
	}
}

type liar int

func (n liar) Read([]byte) (int, error) { return int(n), nil }
