package sse

import "strings"

// arena makes strings of bytes. It allocates once for many short ones, which
// share a chunk of memory, and not at all for one that repeats.
type arena struct {
	chunk strings.Builder
	last  string
}

const chunkSize = 4 << 10

// string returns the bytes of b as a string that stays as it is.
func (a *arena) string(b []byte) string {
	switch {
	case string(b) == a.last:
		return a.last
	case len(b) > chunkSize/8:
		a.last = string(b)
		return a.last
	case a.chunk.Cap()-a.chunk.Len() < len(b):
		a.chunk = strings.Builder{}
		a.chunk.Grow(chunkSize)
	}
	start := a.chunk.Len()
	a.chunk.Write(b) // fits: no move, and what is there is never overwritten
	a.last = a.chunk.String()[start:]
	return a.last
}
