package natslog

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"github.com/courant-dev/courant/eventlog"
)

// How an append goes on when a cluster is between two leaders. It gives up long
// before the server forgets the ID by which it knows a message again, which with a
// short MaxAge is soon.
const (
	tryFor     = 2 * time.Second
	retryFor   = 30 * time.Second
	retryPause = 20 * time.Millisecond
)

// How much of one call is on its way at the same time. A server takes 1,000
// messages in a batch, and keeps them in memory until it has the last one.
const (
	togetherMessages = 256
	togetherBytes    = 1 << 20
	// A stream without replicas stages a batch on the disk, which it waits for. Fewer
	// messages are quicker one by one.
	diskBatch = 16
)

// Answers of a server for which the client has no names.
const (
	duplicateInFlight     jetstream.ErrorCode = 10158 // it stores a message of the same ID just now
	insufficientResources jetstream.ErrorCode = 10023 // its own limit
	accountExceeded       jetstream.ErrorCode = 10002 // the limit of the account
	createFailed          jetstream.ErrorCode = 10049
	noPeers               jetstream.ErrorCode = 10005 // for as many replicas
)

// Append implements [eventlog.Log]. On a cluster, entries without a key get an ID
// of ours, so that one that was not acknowledged is sent again and still is there
// once. The embedded server answers or is broken, so there it is not needed.
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
	if err := l.store.writable(ctx); err != nil {
		return nil, err
	}
	a := &appending{Log: l, topic: token(topic), inc: l.current.Load(), positions: make([]eventlog.Position, 0, len(entries))}
	if err := a.all(ctx, messages); err != nil {
		if why := l.store.writable(ctx); why != nil {
			err = why
		} else if errors.Is(err, context.DeadlineExceeded) { // not the caller's
			err = fmt.Errorf("natslog: the server does not answer: %w", nats.ErrTimeout)
		}
		return a.positions, err
	}
	return a.positions, l.sizes.appended(ctx, l, a.inc, a.topic, entries)
}

// appending is one call of Append.
type appending struct {
	*Log

	topic     string // as a token
	inc       *incarnation
	positions []eventlog.Position
	unsure    time.Time // since when a message that is not acknowledged may be there; zero if none is
}

// all appends in order: an entry is sent once the one before it is known to be
// there, or together with it in a way in which it cannot come to stand before it.
func (a *appending) all(ctx context.Context, messages []*nats.Msg) error {
	for len(messages) > 0 {
		n := a.together(messages)
		a.unsure = time.Time{}
		if n > 1 && a.store.server == nil {
			begun := time.Now()
			if a.batch(ctx, messages[:n]) {
				messages = messages[n:]
				continue
			}
			a.unsure = begun
		}
		if n > 1 && a.store.server != nil {
			acknowledged, err := a.pipeline(ctx, messages[:n])
			messages, n = messages[acknowledged:], n-acknowledged
			if err != nil {
				return err
			}
		}
		for _, m := range messages[:n] {
			if err := a.one(ctx, m); err != nil {
				return err
			}
		}
		messages = messages[n:]
	}
	return nil
}

// together returns how many messages are sent before the first is acknowledged.
func (a *appending) together(messages []*nats.Msg) int {
	if a.store.server == nil && (!a.inc.batches || !a.inc.replicated && len(messages) < diskBatch) {
		return 1
	}
	size := 0
	for i, m := range messages {
		size += len(m.Data)
		if i > 0 && size > togetherBytes || i == togetherMessages {
			return i
		}
	}
	return len(messages)
}

// pipeline sends messages and then waits for what becomes of each. It returns how
// many are known to be there, from the first on. Without an error, the others are
// known not to be there.
//
// It is for the embedded server only, which takes all of them in the order in which they
// are sent, or none as the stream is gone. On the way to the leader of a cluster
// one may get lost, and the next one not.
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
	for known, f := range futures {
		ack, err := a.await(ctx, f)
		switch {
		case errors.Is(err, jetstream.ErrNoStreamResponse):
			return known, nil
		case err != nil:
			return known, refused(err, messages[known])
		}
		a.positions = append(a.positions, eventlog.Position{Epoch: a.inc.epoch, Offset: ack.Sequence})
	}
	return len(futures), nil
}

func (a *appending) await(ctx context.Context, f jetstream.PubAckFuture) (*jetstream.PubAck, error) {
	select {
	case ack := <-f.Ok():
		return ack, nil
	case err := <-f.Err():
		return nil, err
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-a.store.server.writable.Done():
		return nil, context.Cause(a.store.server.writable)
	}
}

// one appends a message. It tries again what is sure not to be there, and what
// the server would know again.
func (a *appending) one(ctx context.Context, m *nats.Msg) error {
	var giveUp time.Time
	err := nats.ErrTimeout // of a batch
	for {
		sent := time.Now()
		if !a.unsure.IsZero() && sent.Sub(a.unsure) > a.inc.keyWindow/2 {
			return err
		}
		m.Subject = a.inc.subject + a.topic
		var ack ack
		ack, err = a.send(ctx, m)
		if err == nil {
			a.positions = append(a.positions, eventlog.Position{Epoch: a.inc.epoch, Offset: ack.Last})
			return nil
		}
		nobody := errors.Is(err, jetstream.ErrNoStreamResponse) // nothing was stored
		if ctx.Err() != nil || !nobody && (a.store.server != nil || !retryable(err)) {
			return refused(err, m)
		}
		if giveUp.IsZero() {
			giveUp = time.Now().Add(retryFor)
		}
		if !nobody && a.unsure.IsZero() {
			a.unsure = sent
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

func (a *appending) send(ctx context.Context, m *nats.Msg) (ack, error) {
	wait, server := tryFor, a.store.server
	if server != nil {
		wait = ackWait
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	if server != nil {
		defer context.AfterFunc(server.writable, cancel)()
	}
	return a.request(ctx, m)
}

func retryable(err error) bool {
	var api *jetstream.APIError
	if errors.As(err, &api) && api.ErrorCode == duplicateInFlight {
		return true
	}
	return transient(err) && !isFull(err)
}

// isFull reports whether a server has as much as it is allowed to.
func isFull(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && (api.ErrorCode == insufficientResources || api.ErrorCode == accountExceeded)
}

// refused returns what an error of the server means to the caller.
func refused(err error, m *nats.Msg) error {
	var api *jetstream.APIError
	if errors.Is(err, nats.ErrMaxPayload) || errors.As(err, &api) && (api.ErrorCode == jetstream.JSErrCodeStreamMessageExceedsMaximum ||
		strings.Contains(api.Description, "message too large")) {
		return &eventlog.TooLargeError{Size: sizeOf(m)}
	}
	if isFull(err) {
		return fmt.Errorf("natslog: %w: %w", eventlog.ErrFull, err)
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
