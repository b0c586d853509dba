package natslog

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"github.com/courant-dev/courant/eventlog"
)

// How an append goes on when a cluster is between two leaders. It gives up long
// before the server forgets the IDs by which it knows a message again.
const (
	tryFor     = 2 * time.Second
	retryFor   = 30 * time.Second
	retryPause = 20 * time.Millisecond
	inFlight   = 256 // messages of one call
)

// duplicateInFlight is what the leader answers while it stores a message of the
// same ID (JSStreamDuplicateMessageConflict).
const duplicateInFlight jetstream.ErrorCode = 10158

// Append implements [eventlog.Log]. On a cluster, entries without a key get an ID
// of ours, so that one that was not acknowledged is sent again and still is there
// once; while the cluster has no leader, Append waits for half a minute at most. The
// embedded server answers or is broken, so there it is not needed.
func (l *Log) Append(ctx context.Context, topic string, entries ...eventlog.Entry) ([]eventlog.Position, error) {
	if err := eventlog.CheckTopic(topic); err != nil {
		return nil, err
	}
	limit := l.store.conn.MaxPayload()
	messages := make([]*nats.Msg, len(entries))
	for i := range entries {
		if err := eventlog.CheckKey(entries[i].Key); err != nil {
			return nil, err
		}
		messages[i] = encode(topic, &entries[i])
		if l.store.server == nil && entries[i].Key == "" {
			setHeader(messages[i], jetstream.MsgIDHeader, nuid.Next())
		}
		if size := sizeOf(messages[i]); limit > 0 && size > limit {
			return nil, &eventlog.TooLargeError{Size: size, Limit: limit}
		}
	}
	if err := l.store.alive(ctx); err != nil {
		return nil, err
	}
	a := &appending{Log: l, topic: token(topic), inc: l.current.Load(), positions: make([]eventlog.Position, 0, len(entries))}
	if err := a.all(ctx, messages); err != nil {
		return a.positions, l.store.explain(ctx, err)
	}
	return a.positions, l.sizes.appended(ctx, l, a.inc, a.topic, entries)
}

// appending is one call of Append.
type appending struct {
	*Log

	topic     string // as a token
	inc       *incarnation
	positions []eventlog.Position
}

// all appends in order. Many are sent before the first is acknowledged.
func (a *appending) all(ctx context.Context, messages []*nats.Msg) error {
	for len(messages) > 1 {
		n := min(len(messages), inFlight)
		acknowledged, err := a.pipeline(ctx, messages[:n])
		messages = messages[acknowledged:]
		if err != nil {
			return err
		}
		if acknowledged < n {
			break // the rest one by one, which waits and tries again
		}
	}
	for _, m := range messages {
		if err := a.one(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// pipeline sends messages and then waits for what becomes of each. It returns how
// many are known to be there, from the first on. Without an error, the others may
// be sent again: none of them is known to be there, or each has an ID.
func (a *appending) pipeline(ctx context.Context, messages []*nats.Msg) (int, error) {
	futures := make([]jetstream.PubAckFuture, 0, len(messages))
	for _, m := range messages {
		m.Subject = a.inc.subject + a.topic
		f, err := a.store.js.PublishMsgAsync(m, jetstream.WithRetryAttempts(0), jetstream.WithStallWait(ackWait))
		if err != nil {
			break // what was sent counts; the next try says what is wrong
		}
		futures = append(futures, f)
	}
	var first error // what is wrong with the first that is not there
	known := 0
	for _, f := range futures {
		ack, err := await(ctx, f)
		switch {
		case err == nil && first == nil:
			known++
			a.positions = append(a.positions, eventlog.Position{Epoch: a.inc.epoch, Offset: ack.Sequence})
		case err == nil: // one behind a hole
			return known, first
		case first == nil:
			first = err
			if ctx.Err() != nil {
				return known, err
			}
		}
	}
	if first == nil || errors.Is(first, jetstream.ErrNoStreamResponse) || a.store.server == nil && retryable(first) {
		return known, nil
	}
	return known, refused(first, messages[known])
}

func await(ctx context.Context, f jetstream.PubAckFuture) (*jetstream.PubAck, error) {
	select {
	case ack := <-f.Ok():
		return ack, nil
	case err := <-f.Err():
		return nil, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// one appends a message. It tries again what is sure not to be there, and what
// the server would know again.
func (a *appending) one(ctx context.Context, m *nats.Msg) error {
	var giveUp time.Time
	for {
		m.Subject = a.inc.subject + a.topic
		ack, err := a.send(ctx, m)
		if err == nil {
			a.positions = append(a.positions, eventlog.Position{Epoch: a.inc.epoch, Offset: ack.Sequence})
			return nil
		}
		nobody := errors.Is(err, jetstream.ErrNoStreamResponse) // nothing was stored
		if ctx.Err() != nil || !nobody && (a.store.server != nil || !retryable(err)) {
			return refused(err, m)
		}
		if giveUp.IsZero() {
			giveUp = time.Now().Add(retryFor)
		}
		if time.Now().After(giveUp) {
			return err
		}
		if nobody { // the stream is between two leaders, or was deleted
			if inc, err := a.refresh(ctx); err == nil {
				a.inc = inc
			}
		}
		if err := a.store.pause(ctx, retryPause); err != nil {
			return err
		}
	}
}

func (a *appending) send(ctx context.Context, m *nats.Msg) (*jetstream.PubAck, error) {
	if a.store.server == nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, tryFor)
		defer cancel()
	}
	return a.store.js.PublishMsg(ctx, m)
}

func retryable(err error) bool {
	var api *jetstream.APIError
	if errors.As(err, &api) && api.ErrorCode == duplicateInFlight {
		return true
	}
	return transient(err)
}

// refused returns what an error of the server means to the caller.
func refused(err error, m *nats.Msg) error {
	var api *jetstream.APIError
	if errors.Is(err, nats.ErrMaxPayload) || errors.As(err, &api) && (api.ErrorCode == jetstream.JSErrCodeStreamMessageExceedsMaximum ||
		strings.Contains(api.Description, "message too large")) {
		return &eventlog.TooLargeError{Size: sizeOf(m)}
	}
	return err
}

// pause waits, and returns why there is no use in going on.
func (s *Store) pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-s.done.Done():
		return eventlog.ErrClosed
	}
}
