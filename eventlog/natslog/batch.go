package natslog

import (
	"context"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nuid"

	"github.com/courant-dev/courant/eventlog"
)

// The headers of an atomic batch (NATS ADR-50, from nats-server 2.12 on). The
// server stages the messages, which it does not acknowledge, and stores all or none of
// them when it has the last one.
const (
	batchIDHeader       = "Nats-Batch-Id"
	batchSequenceHeader = "Nats-Batch-Sequence" // from 1 on
	batchCommitHeader   = "Nats-Batch-Commit"   // of the last one
)

// batchRoom is what these headers have in a message at most.
const batchRoom = 100

// batch appends messages as one, so that none stands before an earlier one. False
// says that it is not known to be there: it is, or nothing of it, now or a little later.
// Sent one by one, those that are there are known again by their IDs.
func (a *appending) batch(ctx context.Context, messages []*nats.Msg) bool {
	id := nuid.Next()
	limit := a.store.conn.MaxPayload()
	for _, m := range messages {
		if limit > 0 && sizeOf(m)+batchRoom > limit {
			return false
		}
	}
	defer func() {
		for _, m := range messages {
			for _, name := range []string{batchIDHeader, batchSequenceHeader, batchCommitHeader} {
				delete(m.Header, name)
			}
		}
	}()
	for i, m := range messages {
		m.Subject = a.inc.subject + a.topic
		setHeader(m, batchIDHeader, id)
		setHeader(m, batchSequenceHeader, strconv.Itoa(i+1))
		if i < len(messages)-1 {
			if err := a.store.conn.PublishMsg(m); err != nil {
				return false
			}
		}
	}
	last := messages[len(messages)-1]
	setHeader(last, batchCommitHeader, "1")
	ctx, cancel := context.WithTimeout(ctx, tryFor)
	defer cancel()
	ack, err := a.request(ctx, last)
	// A server that knows nothing of batches acknowledges the last message alone.
	if err != nil || ack.Batch != id || ack.Count != len(messages) {
		return false
	}
	for i := range messages {
		offset := ack.Last - uint64(len(messages)-1-i) // nothing of others is between them
		a.positions = append(a.positions, eventlog.Position{Epoch: a.inc.epoch, Offset: offset})
	}
	return true
}
