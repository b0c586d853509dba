package soak

import (
	"bytes"
	"strconv"
	"strings"
)

// tokens writes and finds what marks the events of one run:
//
//	soak-3fa9c1-2-1041
//
// is the event 1041 of the topic 2 of the run 3fa9c1.
type tokens struct{ prefix string }

func newTokens(run string) tokens { return tokens{"soak-" + run + "-"} }

func (t tokens) of(topic int, n int64) string {
	return t.prefix + strconv.Itoa(topic) + "-" + strconv.FormatInt(n, 10)
}

// padded returns a token that is followed by as much as makes it size bytes.
func padded(token string, size int) string {
	if len(token)+1 >= size {
		return token
	}
	return token + " " + strings.Repeat("x", size-len(token)-1)
}

// find calls f with each token in data.
func (t tokens) find(data []byte, f func(topic int, n int64)) {
	for {
		i := bytes.Index(data, []byte(t.prefix))
		if i < 0 {
			return
		}
		data = data[i+len(t.prefix):]
		topic, rest, ok := number(data)
		if !ok || len(rest) == 0 || rest[0] != '-' {
			continue
		}
		if n, rest, ok := number(rest[1:]); ok {
			f(int(topic), n)
			data = rest
		}
	}
}

// number reads the digits at the beginning of data.
func number(data []byte) (n int64, rest []byte, ok bool) {
	i := 0
	for i < len(data) && i < 18 && '0' <= data[i] && data[i] <= '9' {
		n = n*10 + int64(data[i]-'0')
		i++
	}
	return n, data[i:], i > 0
}
