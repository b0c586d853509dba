package courant

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/courant-dev/courant/sse"
)

// A CutError says that a stream ended without an outcome, and that the client
// may not connect again by itself; see [ReconnectPolicy]. What was received is
// not all there is, or there is no telling.
type CutError struct {
	Method      string // as in the design, or the URL
	LastEventID string // where to resume; empty if unknown
	Err         error  // what cut it
}

func (e *CutError) Error() string {
	at := ""
	if e.LastEventID != "" {
		at = " after the event with ID " + strconv.Quote(e.LastEventID)
	}
	return "courant: " + e.Method + ": stream cut" + at + ": " + e.Err.Error()
}

// Unwrap returns what cut the stream. It is never [io.EOF].
func (e *CutError) Unwrap() error { return e.Err }

// A GapError says that events were lost: the server no longer has those after
// the last event ID of the client. The stream goes on with what the server has.
//
// The reason is that the ID is of a log that is no longer there ("epoch"), that its
// event is no longer in the log ("trimmed"), or that it never was, or is none of that
// stream ("unknown"). Package hub has the cases; other servers may have other
// reasons.
type GapError struct {
	Asked  string `json:"asked"`  // the last event ID of the client
	Oldest string `json:"oldest"` // the ID of the oldest event that is still there; empty if there is none
	Reason string `json:"reason"` // such as "trimmed"
}

func (e *GapError) Error() string {
	return fmt.Sprintf("courant: events after %q are lost (%s)", e.Asked, e.Reason)
}

// A TooLargeError says that an event is larger than [WithMaxEventSize] allows, or
// the result of a unary call is. The event is skipped; the stream goes on.
type TooLargeError = sse.TooLargeError

// A DecodeError says that the data of an event is not what the design says. The
// event is passed over; the stream goes on.
type DecodeError struct {
	Event sse.Event // a copy that the receiver may keep
	Err   error
}

func (e *DecodeError) Error() string {
	return "courant: event of type " + strconv.Quote(e.Event.Type) + ": " + e.Err.Error()
}

// Unwrap returns what is wrong with the data.
func (e *DecodeError) Unwrap() error { return e.Err }

// A ContentTypeError says that the server answered 200 with something else than
// text/event-stream, or compressed it though nobody has asked for that.
type ContentTypeError struct {
	ContentType     string
	ContentEncoding string // such as "gzip"; empty if it is not compressed
}

func (e *ContentTypeError) Error() string {
	if e.ContentEncoding != "" {
		return "courant: the server answered with content encoding " + strconv.Quote(e.ContentEncoding) +
			", want none"
	}
	return "courant: the server answered with content type " + strconv.Quote(e.ContentType) +
		", want text/event-stream"
}

// Continues reports whether the stream whose Recv returned err goes on: err is a
// [GapError], a [TooLargeError] or a [DecodeError]. Any other error is final, a
// [CutError] because of one of these too.
func Continues(err error) bool {
	if _, final := errors.AsType[*CutError](err); final {
		return false
	}
	var (
		gap    *GapError
		large  *TooLargeError
		decode *DecodeError
	)
	return errors.As(err, &gap) || errors.As(err, &large) || errors.As(err, &decode)
}
