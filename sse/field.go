package sse

import (
	"math"
	"time"
)

// A field is what a line says, by its name.
type field int

const (
	fieldUnknown field = iota // means nothing
	fieldComment
	fieldEvent
	fieldID
	fieldRetry
	fieldData
)

// cutField returns the name of a line that is not blank, and where in it the
// value begins.
func cutField(line []byte) (field, int) {
	var kind field
	var n int
	switch line[0] {
	case ':':
		kind, n = fieldComment, 0
	case 'd':
		kind, n = fieldData, hasName(line, "data")
	case 'e':
		kind, n = fieldEvent, hasName(line, "event")
	case 'i':
		kind, n = fieldID, hasName(line, "id")
	case 'r':
		kind, n = fieldRetry, hasName(line, "retry")
	default:
		return fieldUnknown, 0
	}
	switch {
	case n < 0:
		return fieldUnknown, 0
	case n == len(line): // no colon: the value is empty
		return kind, n
	case n+1 < len(line) && line[n+1] == ' ':
		return kind, n + 2
	}
	return kind, n + 1
}

// startsData reports whether a line is a data field as nearly all are written.
func startsData(line []byte) bool {
	return len(line) >= len("data: ") && string(line[:len("data: ")]) == "data: "
}

// hasName returns the length of the name if line is the field of that name,
// else -1.
func hasName(line []byte, name string) int {
	n := len(name)
	if len(line) < n || string(line[:n]) != name || len(line) > n && line[n] != ':' {
		return -1
	}
	return n
}

// retryDigits is how many digits a reconnection time may have in any case, with
// zeros before it.
const retryDigits = 1 << 10

// maxRetry is the longest reconnection time that fits, in milliseconds.
const maxRetry = math.MaxInt64 / int64(time.Millisecond)

// parseRetry reads a reconnection time: ASCII digits and nothing else. What does
// not fit becomes the longest time that does, about 292 years.
func parseRetry(value []byte) (time.Duration, bool) {
	ms := int64(0)
	for _, c := range value {
		if c < '0' || c > '9' {
			return 0, false
		}
		ms = min(ms*10+int64(c-'0'), maxRetry) // 10 × maxRetry fits
	}
	return time.Duration(ms) * time.Millisecond, len(value) > 0
}
