package courant

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

// What Send returns for a stream that takes no more events. But for
// ErrStreamClosed, the context of the method is done then.
var (
	// ErrPeerGone: the client has closed the connection, or it is broken.
	ErrPeerGone = errors.New("courant: the client is gone")

	// ErrWriteDeadline: the client did not take what was written in time; see
	// [WithWriteDeadline].
	ErrWriteDeadline = errors.New("courant: the client does not read")

	// ErrStreamClosed: Close was called, or the method has returned.
	ErrStreamClosed = errors.New("courant: the stream is closed")

	// ErrDraining: the server shuts down, or [Streams.Drain] was called. A method
	// that returns it has its client come again after a second or some; see
	// [Streams].
	ErrDraining = errors.New("courant: the stream is drained")
)

// RefusedError says that Send did not send an event that cannot travel: it is
// nil, its type begins with "stream-", its ID or its data is what marks the end
// of the stream, its type has a CR, LF or NUL, its ID has a control character or
// white space at its ends, which the header Last-Event-ID cannot bring back, or
// its JSON cannot be written. The stream lives on.
type RefusedError struct {
	Method string // such as "notes.watch"
	Err    error
}

func (e *RefusedError) Error() string {
	return "courant: " + e.Method + ": event refused: " + e.Err.Error()
}

// Unwrap returns what is wrong with the event.
func (e *RefusedError) Unwrap() error { return e.Err }

// writeError says what a failed write means.
func writeError(err error) error {
	var timeout net.Error
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return fmt.Errorf("%w: %w", ErrWriteDeadline, err)
	}
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) {
		return ErrPeerGone // as every day
	}
	return fmt.Errorf("%w: %w", ErrPeerGone, err)
}

// goneError says what it means that the context of a request is done: of the
// server itself, that the client is gone.
func goneError(ctx context.Context) error {
	cause := context.Cause(ctx)
	if cause == context.Canceled {
		return fmt.Errorf("%w: %w", ErrPeerGone, cause)
	}
	return fmt.Errorf("courant: the context of the stream is done: %w", cause)
}
