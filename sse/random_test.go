package sse_test

import (
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// words are what streams are made of, so that random ones have much in them.
func words() []string {
	return []string{
		"\n", "\n", "\n\n", "\r", "\r\n", "\r\n\r\n", "data", "data:", "data: ", "\ndata: x", "\nid: ", "id", "event: ", "event",
		"\nretry: 12", "retry:", "\n:", ":", " ", "  ", "x", "7", "\x00", "\uFEFF", "\xEF\xBB", "\xBF", "€", "😀", "\xE2\x82", "\xF0\x9F\x98",
		"\xED\xA0\x80", "\xC0\xAF", "\xFF", "\nunknown: y", "message", "\nid: \x00", "\nevent:\ndata", "data\n\n",
		"\ndata: " + strings.Repeat("long ", 300), "\n: " + strings.Repeat("comment ", 700), strings.Repeat("ü", 2000),
	}
}

// TestRandomStreams compares with the reference, in chunks that make the window
// move, grow and close its gaps.
func TestRandomStreams(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	words := words()
	for range 6000 {
		var b strings.Builder
		for range random.IntN(40) {
			b.WriteString(words[random.IntN(len(words))])
		}
		stream := []byte(b.String())
		want := reference(stream)
		sizes := []int{1, 10, 700, 5000}
		r := &chunked{random: random, left: stream, most: sizes[random.IntN(len(sizes))]}
		if got, err := decode(r); err != io.EOF || !reflect.DeepEqual(got, want) {
			t.Fatalf("%.3000q, at most %d bytes at once:\n%+v, %v, want\n%+v", stream, r.most, got, err, want)
		}
	}
}
