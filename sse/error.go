package sse

import (
	"errors"
	"strconv"
)

// A FieldError says that something cannot be encoded, because a decoder would
// not make the same of it again. Nothing was written.
type FieldError struct {
	Field   string // "event", "id", "retry", "data" or "comment"
	Message string // such as "must not contain CR, LF or NUL"
}

func (e *FieldError) Error() string { return "sse: " + e.Field + " " + e.Message }

// A TooLargeError says that an event is larger than the decoder accepts; see
// [WithMaxEventSize]. The event is skipped to its end; decoding goes on after
// it.
//
// Its ID does not become the last event ID, so that a client which resumes
// before another event came asks for it again: an event that was not delivered
// is never passed over in silence. Who wants to pass over it resumes after ID.
type TooLargeError struct {
	Limit int64  // in bytes
	ID    string // of the event that was skipped, if it has one that is not too large itself
	HasID bool
}

func (e *TooLargeError) Error() string {
	which := "event"
	if e.ID != "" {
		which += " with ID " + strconv.Quote(e.ID)
	}
	return "sse: " + which + " larger than " + strconv.FormatInt(e.Limit, 10) + " bytes"
}

var errInvalidRead = errors.New("sse: reader returned an invalid count from Read")
