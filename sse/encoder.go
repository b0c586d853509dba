package sse

import (
	"bytes"
	"strconv"
	"time"
	"unicode/utf8"
)

// AppendEvent appends the frame of e to dst. A client dispatches the event,
// even one without data:
//
//	event: progress
//	id: 42
//	retry: 3000
//	data: first line
//	data: second line
//
// A [Decoder] makes the same event of it again, but for what follows:
//
//   - Data is split at LF, CR and CRLF, each of which is decoded as LF.
//   - Without Type there is no event line; it is decoded as "message".
//   - The ID is written if HasID is set or ID is not empty, and Retry likewise.
//     An empty ID with HasID is the line "id:", which resets the last event ID.
//   - Retry is rounded up to whole milliseconds, the unit of the wire.
//
// What could not be decoded again is a [FieldError], and dst is returned as it
// was: CR, LF or NUL in Type or ID, a negative Retry, and invalid UTF-8 anywhere.
//
// AppendEvent does not keep e.Data.
func AppendEvent(dst []byte, e Event) ([]byte, error) {
	if err := e.check(); err != nil {
		return dst, err
	}
	if e.Type != "" {
		dst = append(dst, "event: "...)
		dst = append(dst, e.Type...)
		dst = append(dst, '\n')
	}
	if e.HasID || e.ID != "" {
		dst = appendID(dst, e.ID)
	}
	if e.HasRetry || e.Retry != 0 {
		dst = appendRetry(dst, e.Retry)
	}
	dst = appendLines(dst, "data:", e.Data)
	return append(dst, '\n'), nil
}

// AppendID appends a frame that moves the last event ID to id and dispatches
// nothing; an empty one resets it:
//
//	id: 42
//
// CR, LF, NUL and invalid UTF-8 in id are a [FieldError].
func AppendID(dst []byte, id string) ([]byte, error) {
	if err := checkText("id", id); err != nil {
		return dst, err
	}
	return append(appendID(dst, id), '\n'), nil
}

// AppendRetry appends a frame that sets the reconnection time, rounded up to
// whole milliseconds, and dispatches nothing:
//
//	retry: 3000
//
// A negative time is a [FieldError].
func AppendRetry(dst []byte, retry time.Duration) ([]byte, error) {
	if retry < 0 {
		return dst, errNegativeRetry()
	}
	return append(appendRetry(dst, retry), '\n'), nil
}

// AppendComment appends a frame that clients read and drop, such as a heartbeat.
// Text is split at LF, CR and CRLF, as data is:
//
//	: beat
//
// Invalid UTF-8 is a [FieldError].
func AppendComment(dst []byte, text string) ([]byte, error) {
	if !utf8.ValidString(text) {
		return dst, &FieldError{Field: "comment", Message: notUTF8}
	}
	return append(appendLines(dst, ":", []byte(text)), '\n'), nil
}

const notUTF8 = "must be valid UTF-8"

func (e *Event) check() error {
	if err := checkText("event", e.Type); err != nil {
		return err
	}
	if err := checkText("id", e.ID); err != nil {
		return err
	}
	if e.Retry < 0 {
		return errNegativeRetry()
	}
	if !utf8.Valid(e.Data) {
		return &FieldError{Field: "data", Message: notUTF8}
	}
	return nil
}

func errNegativeRetry() error {
	return &FieldError{Field: "retry", Message: "must not be negative"}
}

// checkText checks the value of a field that is one line.
func checkText(field, value string) error {
	wide := false
	for i := range len(value) {
		switch c := value[i]; {
		case c == '\r' || c == '\n' || c == 0:
			return &FieldError{Field: field, Message: "must not contain CR, LF or NUL"}
		case c >= utf8.RuneSelf:
			wide = true
		}
	}
	if wide && !utf8.ValidString(value) {
		return &FieldError{Field: field, Message: notUTF8}
	}
	return nil
}

func appendID(dst []byte, id string) []byte {
	if id == "" {
		return append(dst, "id:\n"...)
	}
	dst = append(dst, "id: "...)
	dst = append(dst, id...)
	return append(dst, '\n')
}

func appendRetry(dst []byte, retry time.Duration) []byte {
	ms := int64(retry / time.Millisecond)
	if retry%time.Millisecond > 0 {
		ms++
	}
	dst = append(dst, "retry: "...)
	dst = strconv.AppendInt(dst, ms, 10)
	return append(dst, '\n')
}

// appendLines appends each line of text after name. The space after the colon is
// written so that one at the beginning of a line is kept.
func appendLines(dst []byte, name string, text []byte) []byte {
	cr := bytes.IndexByte(text, '\r') >= 0 // which is rare, so that one search for LF is enough
	for {
		line, rest, more := cutLine(text, cr)
		dst = append(dst, name...)
		if len(line) > 0 {
			dst = append(dst, ' ')
			dst = append(dst, line...)
		}
		dst = append(dst, '\n')
		if !more {
			return dst
		}
		text = rest
	}
}

// cutLine divides text at its first line end, if it has one: LF, or CR and CRLF
// as well. Either search stops at the line end, so that many short lines take
// no longer than one long one.
func cutLine(text []byte, cr bool) (line, rest []byte, found bool) {
	if !cr {
		return bytes.Cut(text, []byte{'\n'})
	}
	for i, c := range text {
		switch {
		case c == '\r' && i+1 < len(text) && text[i+1] == '\n':
			return text[:i], text[i+2:], true
		case c == '\r' || c == '\n':
			return text[:i], text[i+1:], true
		}
	}
	return text, nil, false
}
