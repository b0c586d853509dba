package sse

import (
	"bytes"
	"slices"
	"strings"
)

const (
	leastTexts  = 64
	mostTexts   = 1 << 10
	longestText = mostTexts / 8
)

// texts makes strings of short byte sequences, many of them with one
// allocation. A string that is kept keeps up to mostTexts bytes.
type texts struct{ block strings.Builder }

// text returns value, which is UTF-8, as a string.
func (t *texts) text(value []byte) string {
	if len(value) > longestText {
		return string(value)
	}
	b := &t.block
	if b.Cap()-b.Len() < len(value) {
		size := min(max(2*b.Cap(), leastTexts, len(value)), mostTexts)
		b.Reset()
		b.Grow(size)
	}
	from := b.Len()
	b.Write(value) // within the capacity: what was made before stays where it is
	return b.String()[from:]
}

const (
	keptNames   = 16 // a power of two
	longestName = 64
)

// names makes strings of values that come again, such as event types, keeping
// the last one of each kind.
type names struct{ kept [keptNames]string }

// text returns value, decoded, as a string.
func (n *names) text(value []byte) string {
	size := len(value)
	if size == 0 {
		return ""
	}
	kept := &n.kept[(size+int(value[0])*3+int(value[size-1])*5+int(value[size/2])*7)%keptNames]
	if string(value) == *kept {
		return *kept
	}
	text := string(decodeUTF8(value))
	if size <= longestName {
		*kept = text
	}
	return text
}

// hasNUL looks by itself where value is short, which is sooner than a call.
func hasNUL(value []byte) bool {
	if len(value) > 32 {
		return bytes.IndexByte(value, 0) >= 0
	}
	return slices.Contains(value, 0)
}
