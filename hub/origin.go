package hub

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/eventlog"
)

// An origin is where the subscriptions of one method read.
type origin struct {
	hub    *Hub
	log    eventlog.Log
	spec   courant.Topic
	method string
}

// serve runs a subscription in the stream's handler, until it is taken over.
func (o *origin) serve(ctx context.Context, w *courant.FrameWriter, topic string, s *subscription) error {
	f, err := o.hub.watch(o.spec.Pattern, o.log, topic, s.filter != nil)
	if err != nil {
		return o.unavailable(w, err)
	}
	s.feed = f
	defer s.leave()
	if err := s.run(ctx, w); err != nil {
		return o.explain(w, s, err)
	}
	return nil
}

// explain returns what the run time is told in place of a subscription's error.
func (o *origin) explain(w *courant.FrameWriter, s *subscription, err error) error {
	var failed *snapshotError
	switch {
	case errors.As(err, &failed):
		return failed.err
	case isOutcome(err):
		return err
	case s.placed, o.hub.ctx.Err() != nil: // as a connection that was taken over
		o.hub.config.logger.Warn("courant: a stream is cut", slog.String("method", o.method), slog.Any("error", err))
		return http.ErrAbortHandler
	}
	return o.unavailable(w, err)
}

// isOutcome reports whether the run time knows what an error means.
func isOutcome(err error) bool {
	var own *courant.Error
	return errors.As(err, &own) || errors.Is(err, courant.ErrPeerGone) || errors.Is(err, courant.ErrWriteDeadline) ||
		errors.Is(err, courant.ErrStreamClosed) || errors.Is(err, courant.ErrDraining)
}

// unavailable has the client come again soon. The headers go out before, because
// no EventSource comes again after a 503.
func (o *origin) unavailable(w *courant.FrameWriter, err error) error {
	o.hub.config.logger.Error("courant: a topic cannot be served", slog.String("method", o.method), slog.Any("error", err))
	if err := w.WriteFrames(nil, 0); err != nil {
		return err
	}
	e := courant.NewError(http.StatusServiceUnavailable, "log_unavailable", "the events cannot be read at the moment")
	e.Temporary, e.RetryAfter = true, time.Second+rand.N(2*time.Second)
	return e
}
