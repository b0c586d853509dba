package sse_test

import (
	"math/rand/v2"
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

// randomStream returns some of those words.
func randomStream(random *rand.Rand) []byte {
	words := words()
	var b strings.Builder
	for range random.IntN(40) {
		b.WriteString(words[random.IntN(len(words))])
	}
	return []byte(b.String())
}

// TestRandomStreams compares with the reference, in chunks that make the window
// move, grow and close its gaps.
func TestRandomStreams(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	for range 500 {
		compare(t, randomStream(random), unlimited, random.Uint64())
	}
}

func TestRandomStreamsWithLimits(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 5))
	for range 500 {
		limits := []int{1, 3, 8, 40, 1000, 6000}
		stream := []byte(decodeAll(randomStream(random))) // the limit counts what is on the wire
		compare(t, stream, limits[random.IntN(len(limits))], random.Uint64())
	}
}
