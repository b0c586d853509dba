package courant

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/courant-dev/courant/sse"
)

const (
	longestProblem     = 64 << 10         // what is read of an answer that is no stream
	longestProblemTime = 10 * time.Second // and how long that may take
)

// A connection is one request and the reading of its answer. It reads only
// inside Read; abort ends it from any goroutine.
type connection struct {
	cancel context.CancelCauseFunc
	cause  func() error // of what it was cancelled with
	detach func() bool  // no longer aborts when the stream's context is done

	timeout time.Duration // how long nothing may arrive; 0: for ever
	silence *time.Timer

	// Of the answer.
	status   int
	protocol int // the major version of HTTP
	header   http.Header
	opened   time.Time // when it came
	decoder  *sse.Decoder
	framed   bool  // HTTP tells the end of the answer from a cut
	length   int64 // of the body; -1 if it was not told
	read     int64 // of the body

	mu     sync.Mutex
	body   io.ReadCloser // nil until there is an answer; written by the reading goroutine
	closed bool
}

// newConnection also returns the context for its request.
func newConnection(ctx context.Context, timeout time.Duration) (*connection, context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	c := &connection{timeout: timeout, cancel: cancel, cause: func() error { return context.Cause(ctx) }}
	c.detach = context.AfterFunc(ctx, func() { c.abort(nil) })
	return c, ctx
}

// Read reads what arrives, any byte of it being a sign of life.
func (c *connection) Read(p []byte) (int, error) {
	c.watch()
	n, err := c.body.Read(p)
	c.unwatch()
	c.read += int64(n)
	return n, err
}

// ended reports whether err is the end of the answer, and not of the
// connection: HTTP has marked it, and all of a known length was read.
func (c *connection) ended(err error) bool {
	return err == io.EOF && c.framed && (c.length < 0 || c.length == c.read) && c.cause() == nil
}

// watch aborts the connection unless unwatch is called in time.
func (c *connection) watch() {
	switch {
	case c.timeout == 0:
	case c.silence == nil:
		silent := &silenceError{c.timeout}
		c.silence = time.AfterFunc(c.timeout, func() { c.abort(silent) })
	default:
		c.silence.Reset(c.timeout)
	}
}

func (c *connection) unwatch() {
	if c.silence != nil {
		c.silence.Stop()
	}
}

// abort ends the connection because of cause, interrupting a Read. Only the
// first call counts.
func (c *connection) abort(cause error) {
	c.cancel(cause)
	c.mu.Lock()
	body, first := c.body, !c.closed
	c.closed = true
	c.mu.Unlock()
	if first && body != nil {
		_ = body.Close() // nothing is lost: what was not read is not wanted
	}
}

// release ends the connection for the goroutine that owns it.
func (c *connection) release(cause error) {
	c.detach()
	c.abort(cause)
}

// attach makes resp what is read.
func (c *connection) attach(resp *http.Response) {
	c.status, c.protocol, c.header, c.opened = resp.StatusCode, resp.ProtoMajor, resp.Header, time.Now()
	c.framed = resp.ProtoMajor > 1 || resp.ContentLength >= 0 || len(resp.TransferEncoding) > 0
	c.length = resp.ContentLength
	c.mu.Lock()
	c.body = resp.Body
	closed := c.closed
	c.mu.Unlock()
	if closed {
		_ = resp.Body.Close()
	}
}

// why explains err: by what aborted the connection, if anything did.
func (c *connection) why(err error) error {
	if cause := c.cause(); cause != nil {
		return cause
	}
	return err
}

// send makes the request and waits for the headers of the answer.
func (c *connection) send(client *http.Client, req *http.Request) error {
	c.watch()
	resp, err := client.Do(req)
	c.unwatch()
	if err != nil {
		return c.why(notEOF(err))
	}
	c.attach(resp)
	return nil
}

// notEOF makes io.EOF, which net/http returns where a server hangs up instead of
// answering, an unexpected one: to a caller the other means a complete stream.
func notEOF(err error) error {
	if failed, ok := errors.AsType[*url.Error](err); ok && errors.Is(failed.Err, io.EOF) {
		failed.Err = fmt.Errorf("no answer: %w", io.ErrUnexpectedEOF)
	}
	return err
}

// problem reads the body of an answer that is no stream, as far as is sensible.
func (c *connection) problem() []byte {
	c.timeout = 0
	slow := time.AfterFunc(longestProblemTime, func() { c.abort(os.ErrDeadlineExceeded) })
	defer slow.Stop()
	body, _ := io.ReadAll(io.LimitReader(c, longestProblem)) // what is there will do
	return body
}

// A failure is why an attempt to connect did not lead to a stream.
type failure struct {
	err   error
	again bool          // a later attempt may succeed
	after time.Duration // not before, the server says
}

// silenceError is why a connection ends at the read timeout.
type silenceError struct{ timeout time.Duration }

func (e *silenceError) Error() string { return "courant: nothing arrived for " + e.timeout.String() }

func (e *silenceError) Unwrap() error { return os.ErrDeadlineExceeded }

// errForced is why a connection ends when Reconnect was called.
var errForced = errors.New("courant: reconnecting as asked")
