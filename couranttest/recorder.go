package couranttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/courant-dev/courant/sse"
)

// Recorder is an [http.ResponseWriter] that keeps what a handler writes: the
// frames of a stream, and how they were divided into writes and flushes. It can
// do what the writer of net/http can that streams need: flush, and deadlines
// through [http.ResponseController]. It has no connection: nothing blocks, and a
// client leaves when the request's context is done.
//
// It is for one request. It may be looked at while the handler is running.
type Recorder struct {
	header http.Header

	m        monitor
	sent     http.Header
	status   int
	writes   [][]byte
	flushes  [][]byte
	pending  []byte // written and not flushed
	splitter *splitter
	left     int // frames that are flushed
	deadline time.Time
	ended    bool
	cut      bool
}

// NewRecorder returns a recorder for one request.
func NewRecorder() *Recorder {
	return &Recorder{header: http.Header{}, splitter: newSplitter()}
}

// Serve serves r by h as a server of net/http would, and returns when h does: h
// finds the server in the request's context, and where it breaks off the answer
// by a panic with [http.ErrAbortHandler], [Recorder.Cut] reports it. Other panics
// are not recovered.
//
// h.ServeHTTP(recorder, r) does as well, but tells nothing of the end.
func (rec *Recorder) Serve(h http.Handler, r *http.Request) {
	r = r.WithContext(context.WithValue(r.Context(), http.ServerContextKey, &http.Server{ReadHeaderTimeout: time.Minute}))
	complete := false
	defer func() {
		if v := recover(); v != nil && v != http.ErrAbortHandler {
			panic(v)
		}
		rec.end(!complete)
	}()
	h.ServeHTTP(rec, r)
	complete = true
}

// end sends what is written, unless the answer is broken off.
func (rec *Recorder) end(cut bool) {
	rec.m.Lock()
	defer rec.m.Unlock()
	rec.ended, rec.cut = true, cut
	if !cut {
		rec.start(http.StatusOK)
		rec.flush()
	}
	rec.m.change()
}

// Header returns the header fields that will be sent. They are the handler's; a
// test looks at [Recorder.SentHeader].
func (rec *Recorder) Header() http.Header { return rec.header }

// WriteHeader sends the header, if it is the first.
func (rec *Recorder) WriteHeader(status int) {
	rec.m.Lock()
	defer rec.m.Unlock()
	if status >= http.StatusOK || status == http.StatusSwitchingProtocols {
		rec.start(status)
	}
}

func (rec *Recorder) start(status int) {
	if rec.status == 0 {
		rec.status, rec.sent = status, rec.header.Clone()
		rec.m.change()
	}
}

// Write keeps p, after the header with status 200 if none was sent. It fails
// with [os.ErrDeadlineExceeded] after the write deadline, with
// [http.ErrBodyNotAllowed] where the status has no body.
func (rec *Recorder) Write(p []byte) (int, error) {
	rec.m.Lock()
	defer rec.m.Unlock()
	if err := rec.late(); err != nil {
		return 0, err
	}
	rec.start(http.StatusOK)
	if rec.status == http.StatusNoContent || rec.status == http.StatusNotModified {
		return 0, http.ErrBodyNotAllowed
	}
	rec.writes = append(rec.writes, bytes.Clone(p))
	rec.pending = append(rec.pending, p...)
	rec.splitter.add(p)
	return len(p), nil
}

func (rec *Recorder) late() error {
	if !rec.deadline.IsZero() && !time.Now().Before(rec.deadline) {
		return os.ErrDeadlineExceeded
	}
	return nil
}

// Flush is FlushError for [http.Flusher].
func (rec *Recorder) Flush() { _ = rec.FlushError() }

// FlushError sends what is written, the header at least. It fails after the
// write deadline.
func (rec *Recorder) FlushError() error {
	rec.m.Lock()
	defer rec.m.Unlock()
	if err := rec.late(); err != nil {
		return err
	}
	rec.start(http.StatusOK)
	rec.flush()
	return nil
}

func (rec *Recorder) flush() {
	if len(rec.pending) > 0 {
		rec.flushes = append(rec.flushes, rec.pending)
		rec.pending = nil
	}
	rec.left = len(rec.splitter.frames)
	rec.m.change()
}

// SetWriteDeadline makes writes fail from then on; the zero time is none.
func (rec *Recorder) SetWriteDeadline(deadline time.Time) error {
	rec.m.Lock()
	defer rec.m.Unlock()
	rec.deadline = deadline
	return nil
}

// SetReadDeadline has no effect: the body of the request is there.
func (*Recorder) SetReadDeadline(time.Time) error { return nil }

// EnableFullDuplex has no effect: nothing holds up the one or the other.
func (*Recorder) EnableFullDuplex() error { return nil }

// Status returns the status that was sent, 0 before.
func (rec *Recorder) Status() int {
	rec.m.Lock()
	defer rec.m.Unlock()
	return rec.status
}

// SentHeader returns the header as it was when it was sent, nil before. It is the
// caller's.
func (rec *Recorder) SentHeader() http.Header {
	rec.m.Lock()
	defer rec.m.Unlock()
	return rec.sent.Clone()
}

// Frames returns the frames that were written so far. What stands after the last
// blank line is none of them.
func (rec *Recorder) Frames() []Frame {
	rec.m.Lock()
	defer rec.m.Unlock()
	return rec.splitter.all()
}

// Events returns the events of the frames that were written so far, control
// events such as stream-end included.
func (rec *Recorder) Events() []sse.Event {
	var events []sse.Event
	for _, f := range rec.Frames() {
		if f.HasEvent {
			events = append(events, f.Event)
		}
	}
	return events
}

// Comments returns the comments that were written so far, such as heartbeats.
func (rec *Recorder) Comments() []string {
	var comments []string
	for _, f := range rec.Frames() {
		comments = append(comments, f.Comments...)
	}
	return comments
}

// Body returns all bytes that were written so far.
func (rec *Recorder) Body() string { return string(bytes.Join(rec.Writes(), nil)) }

// Writes returns what was written so far, one element for each call of Write.
// The bytes must not be changed.
func (rec *Recorder) Writes() [][]byte {
	rec.m.Lock()
	defer rec.m.Unlock()
	return append([][]byte(nil), rec.writes...)
}

// Flushes returns what has left so far, one element for each flush that had
// something to send. The bytes must not be changed.
func (rec *Recorder) Flushes() [][]byte {
	rec.m.Lock()
	defer rec.m.Unlock()
	return append([][]byte(nil), rec.flushes...)
}

// Cut reports whether [Recorder.Serve] has ended with an answer that is broken
// off.
func (rec *Recorder) Cut() bool {
	rec.m.Lock()
	defer rec.m.Unlock()
	return rec.cut
}

// Wait waits until n frames have left, by a flush or because [Recorder.Serve]
// has ended, and returns the first n. If there will be no n, or ctx is done, it
// returns those there are and an error that says so.
func (rec *Recorder) Wait(ctx context.Context, n int) ([]Frame, error) {
	rec.m.Lock()
	defer rec.m.Unlock()
	err := rec.m.await(ctx, func() bool { return rec.left >= n || rec.ended })
	if err == nil && rec.left < n {
		err = errors.New("the handler has returned")
	}
	have := rec.splitter.all()[:min(n, rec.left)]
	if err != nil {
		return have, fmt.Errorf("couranttest: %d of %d frames have left: %w", len(have), n, err)
	}
	return have, nil
}
