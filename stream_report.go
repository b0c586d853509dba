package courant

import (
	"context"
	"log/slog"
	"time"
)

// Outcome is how a stream ended, as its server sees it.
type Outcome int

// The outcomes of a stream.
const (
	// OutcomeNone means that the stream is open.
	OutcomeNone Outcome = iota
	// OutcomeGone means that the client went away, or did not read in time.
	OutcomeGone
	// OutcomeDrain means that the client was asked to connect elsewhere.
	OutcomeDrain
	// OutcomeCut means that the context was done, or the method has asked for it:
	// the client sees a cut.
	OutcomeCut
	// OutcomeError means that the method failed, and the client was told.
	OutcomeError
	// OutcomeEnd means that the stream is complete.
	OutcomeEnd
)

// String returns the outcome in one word: open, gone, drain, cut, error or end.
func (o Outcome) String() string {
	words := [...]string{"open", "gone", "drain", "cut", "error", "end"}
	if o < 0 || int(o) >= len(words) {
		return "unknown"
	}
	return words[o]
}

// StreamReport is what [WithStreamFunc] is told of a stream.
type StreamReport struct {
	Method  string        // service and method: "notes.watch"
	Remote  string        // the RemoteAddr of the request
	Outcome Outcome       // OutcomeNone when it has just begun
	Err     error         // why it did not end by itself: what the method returned, or ErrPeerGone, ErrWriteDeadline, ErrDraining, the context's cause
	Events  int64         // that were sent; control events and heartbeats are not counted
	Bytes   int64         // of all frames that were written
	Open    time.Duration // for how long it was open
}

// WithStreamFunc calls f when a stream begins, with OutcomeNone, and once more
// when it has ended: for metrics. It is called from the goroutines of streams,
// several at once, and delays them. By default nothing is called; at debug level
// the logger of [WithLogger] is told the same.
func WithStreamFunc(f func(StreamReport)) ServerOption {
	return serverOption(func(c *serverConfig) { c.onStream = f })
}

// report is what there is to tell of a stream that nobody writes to.
func (c *streamCore) report() StreamReport {
	c.mu.Lock()
	defer c.mu.Unlock()
	return StreamReport{Method: c.config.method, Remote: c.request.RemoteAddr, Outcome: c.ended, Err: c.reason,
		Events: c.sent, Bytes: c.written, Open: time.Since(c.began)}
}

// report tells of a stream.
func (c *serverConfig) report(r StreamReport) {
	if c.onStream != nil {
		c.onStream(r)
	}
	if ctx := context.Background(); c.logger.Enabled(ctx, slog.LevelDebug) {
		attrs := []slog.Attr{slog.String("method", r.Method), slog.String("remote", r.Remote), slog.String("outcome", r.Outcome.String())}
		if r.Outcome != OutcomeNone {
			attrs = append(attrs, slog.Any("error", r.Err), slog.Int64("events", r.Events), slog.Int64("bytes", r.Bytes), slog.Duration("open", r.Open))
		}
		c.logger.LogAttrs(ctx, slog.LevelDebug, "courant: stream", attrs...)
	}
}
