package sse

import "strconv"

// FieldError says why an event cannot be encoded: there is no frame from which
// a decoder would get it back.
type FieldError struct {
	Field   string // "event", "id", "retry", "data" or "comment"
	Message string // such as "has a line break or NUL at byte 3"
}

// Error is the field and the message.
func (e *FieldError) Error() string { return "sse: " + e.Field + " " + e.Message }

// TooLargeError says that an event was larger than the decoder takes. It was
// passed over, and its ID is not the last event ID: a client that resumes asks
// for it again.
type TooLargeError struct {
	Limit int64 // bytes, field names and line ends included
}

// Error names the limit.
func (e *TooLargeError) Error() string {
	return "sse: an event is larger than " + strconv.FormatInt(e.Limit, 10) + " bytes"
}
