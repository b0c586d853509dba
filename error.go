package courant

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"
)

// Error is an answer that is not a success, as problem details (RFC 9457). A
// method returns one to choose what the client gets; a client returns the one
// the server has sent, whether as the status of an answer or in the event
// stream-error:
//
//	HTTP/1.1 404 Not Found
//	Content-Type: application/problem+json
//
//	{"type":"about:blank","title":"Not Found","status":404,"detail":"no note 7","name":"not_found","id":"5XK3…"}
//
// It must not be changed once it was returned.
type Error struct {
	Type   string // a URI; empty: "about:blank"
	Title  string // empty: the text of the status
	Status int    // of HTTP; a server sends 500 for what is not from 400 to 599
	Detail string // for people
	Name   string // for programs: that of a declared error, or of the run time's own
	ID     string // of this occurrence, as in the server's log; empty: the server makes one

	Temporary  bool          // a retry may succeed
	RetryAfter time.Duration // not before; sent as Retry-After, in seconds, and as the member retry_ms; 0: not said

	// Faults says which attributes are wrong. It travels as the member "errors".
	Faults []Fault

	// Attributes is what travels beside the members above: the attributes of a
	// declared error. What has the name of one of these members is not sent.
	Attributes map[string]json.RawMessage

	cause error
}

// Fault is what is wrong with one attribute of a payload.
type Fault struct {
	Attribute string `json:"attribute"` // such as "author.name" or "tags[3]"; empty for the payload itself
	Rule      string `json:"rule"`      // as in the design: "MinLength", "Required"; "Type" for a value of the wrong type
	Message   string `json:"message"`
}

// String is the attribute, a colon and the message.
func (f Fault) String() string {
	if f.Attribute == "" {
		return f.Message
	}
	return f.Attribute + ": " + f.Message
}

// NewError returns an error with a status and a name, such as 409 and
// "conflict". The detail is sent to the client.
func NewError(status int, name, detail string) *Error {
	return &Error{Status: status, Name: name, Detail: detail}
}

// Unimplemented returns the error of a method that does not exist yet: 501,
// named "unimplemented".
func Unimplemented(method string) error {
	return NewError(http.StatusNotImplemented, "unimplemented", method+" is not implemented")
}

// Error is the method's name for it, the status and the detail.
func (e *Error) Error() string {
	text := strconv.Itoa(e.Status) + " " + e.title()
	if e.Name != "" {
		text = e.Name + " (" + text + ")"
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return text
}

// Unwrap returns the error as its generated type, if the design declares it.
func (e *Error) Unwrap() error { return e.cause }

func (e *Error) title() string {
	if e.Title != "" {
		return e.Title
	}
	return http.StatusText(e.Status)
}

// named is what generated error types are.
type named interface {
	error
	ErrorName() string
}

// newID returns an ID that finds an occurrence in the log.
func newID() string { return rand.Text() }

// outward returns err as it is sent, and whether it is known: an [Error], or
// one that the design declares. The detail of an unknown error stays inside.
func outward(err error, declared []DeclaredError) (e *Error, known bool) {
	if own, ok := errors.AsType[*Error](err); ok {
		sent := *own
		if sent.Status < 400 || sent.Status > 599 {
			sent.Status = http.StatusInternalServerError
		}
		return sent.withID(), true
	}
	if own, ok := errors.AsType[named](err); ok {
		for _, d := range declared {
			if d.Name == own.ErrorName() {
				return declaredError(own, d).withID(), true
			}
		}
	}
	return internalError(), false
}

func internalError() *Error {
	return NewError(http.StatusInternalServerError, "internal", "internal error").withID()
}

func (e *Error) withID() *Error {
	if e.ID == "" {
		e.ID = newID()
	}
	return e
}

// panicError is a panic of a method, for the log.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// protect returns what f panics with as a [panicError]. An error of f that
// panics when it is asked, as a nil pointer does, is one as well.
func protect(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicError{v, debug.Stack()}
		}
	}()
	if err = f(); err != nil {
		_ = err.Error()
	}
	return err
}

// isAbort reports whether a method has asked net/http to cut the connection.
func isAbort(err error) bool {
	p, ok := err.(*panicError)
	return err == http.ErrAbortHandler || ok && p.value == http.ErrAbortHandler
}
