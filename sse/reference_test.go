package sse_test

import (
	"strings"
	"time"

	"github.com/courant-dev/courant/sse"
)

// result is what a stream holds.
type result struct {
	Events []sse.Event
	LastID string
	Retry  time.Duration // -1 if none was set
}

// reference decodes a whole stream the slow way: § 9.2.6 sentence by sentence,
// over the text that "UTF-8 decode" gives.
func reference(stream []byte) result {
	text := strings.TrimPrefix(decodeAll(stream), "\uFEFF")
	res := result{Retry: -1}
	var data strings.Builder
	var typ, idBuffer string
	var hasID, hasRetry bool
	var retry string
	for {
		i := strings.IndexAny(text, "\r\n")
		if i < 0 {
			return res
		}
		line := text[:i]
		if text[i] == '\r' && strings.HasPrefix(text[i+1:], "\n") {
			i++
		}
		text = text[i+1:]
		if line == "" {
			res.LastID = idBuffer
			if data.Len() > 0 {
				e := sse.Event{Type: "message", ID: res.LastID, HasID: hasID, HasRetry: hasRetry}
				if typ != "" {
					e.Type = typ
				}
				if hasRetry {
					e.Retry = milliseconds(retry)
				}
				e.Data = []byte(strings.TrimSuffix(data.String(), "\n"))
				res.Events = append(res.Events, e)
			}
			data.Reset()
			typ, hasID, hasRetry = "", false, false
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "event":
			typ = value
		case "data":
			data.WriteString(value + "\n")
		case "id":
			if !strings.Contains(value, "\x00") {
				idBuffer, hasID = value, true
			}
		case "retry":
			if value != "" && strings.Trim(value, "0123456789") == "" {
				retry, hasRetry = value, true
				res.Retry = milliseconds(value)
			}
		}
	}
}
