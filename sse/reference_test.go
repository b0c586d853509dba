package sse_test

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/courant-dev/courant/sse"
)

// result is what a stream holds.
type result struct {
	Events   []sse.Event
	TooLarge []tooLarge
	Comments []string
	LastID   string
	Retry    time.Duration // -1 if none was set
}

// tooLarge is an event that was passed over after so many others.
type tooLarge struct {
	after int
	id    string
	hasID bool
}

const unlimited = math.MaxInt32

// longestRetry is how many digits a retry field may have whatever the limit is.
const longestRetry = 1024

// reference decodes a whole stream the slow way: § 9.2.6 sentence by sentence,
// over the text that "UTF-8 decode" gives. The limit counts bytes of that text,
// so that it is that of the decoder only where the stream is UTF-8.
func reference(stream []byte, limit int) result {
	r := referenceDecoder{limit: limit, result: result{Retry: -1}}
	text := strings.TrimPrefix(decodeAll(stream), "\uFEFF")
	for {
		i := strings.IndexAny(text, "\r\n")
		if i < 0 {
			return r.result
		}
		line := text[:i]
		if text[i] == '\r' && strings.HasPrefix(text[i+1:], "\n") {
			i++
		}
		text = text[i+1:]
		if line == "" {
			r.dispatch()
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		r.field(name, strings.TrimPrefix(value, " "))
	}
}

type referenceDecoder struct {
	result
	limit           int
	data            []string
	typ, id, retry  string
	hasID, hasRetry bool
	tooLarge        bool
}

func (r *referenceDecoder) dispatch() {
	switch {
	case r.tooLarge:
		r.TooLarge = append(r.TooLarge, tooLarge{len(r.Events), r.id, r.hasID})
	case r.hasID:
		r.LastID = r.id
	}
	if r.data != nil && !r.tooLarge {
		e := sse.Event{Type: "message", ID: r.LastID, HasID: r.hasID, HasRetry: r.hasRetry}
		if r.typ != "" {
			e.Type = r.typ
		}
		if r.hasRetry {
			e.Retry = milliseconds(r.retry)
		}
		e.Data = []byte(strings.Join(r.data, "\n"))
		r.Events = append(r.Events, e)
	}
	*r = referenceDecoder{result: r.result, limit: r.limit}
}

func (r *referenceDecoder) field(name, value string) {
	switch name {
	case "":
		if len(value) <= r.limit {
			r.Comments = append(r.Comments, value)
		}
	case "event":
		if !r.tooLarge && r.accepts(r.data, value, r.id) {
			r.typ = value
		}
	case "data":
		if data := slices.Concat(r.data, []string{value}); !r.tooLarge && r.accepts(data, r.typ, r.id) {
			r.data = data
		}
	case "id":
		if r.accepts(r.data, r.typ, value) && !strings.Contains(value, "\x00") {
			r.id, r.hasID = value, true
		}
	case "retry":
		if value != "" && strings.Trim(value, "0123456789") == "" && len(value) <= max(r.limit, longestRetry) {
			r.retry, r.hasRetry = value, true
			r.Retry = milliseconds(value)
		}
	}
}

// accepts reports whether an event of these is not too large.
func (r *referenceDecoder) accepts(data []string, typ, id string) bool {
	size := len(typ) + len(id) + max(0, len(data)-1) // with the line ends in between
	for _, line := range data {
		size += len(line)
	}
	if size <= r.limit {
		return true
	}
	r.tooLarge, r.data = true, nil
	return false
}
