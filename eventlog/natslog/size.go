package natslog

import (
	"context"
	"sync"

	"github.com/courant-dev/courant/eventlog"
)

// sizes has topics obey MaxBytes, for which JetStream has no limit. A process
// counts what it appends to a topic, and trims it to the limit when it has an
// eighth more. What it does not know of is what other processes append in
// between: an eighth of the limit for each of them at most.
type sizes struct {
	mu     sync.Mutex
	limit  int64            // that was counted with
	topics map[string]int64 // what may still be appended before counting
}

// sizesTopics are the topics of which it is remembered. Of others it is counted
// again.
const sizesTopics = 1 << 16

// appended is called when entries are in the log. That they are is no less true
// if there is an error.
func (z *sizes) appended(ctx context.Context, l *Log, inc *incarnation, topic string, entries []eventlog.Entry) error {
	var size int64
	for i := range entries {
		size += int64(len(entries[i].Event.Data) + len(entries[i].Event.Type))
	}
	if inc.maxBytes == 0 || size == 0 {
		return nil
	}
	z.mu.Lock()
	if z.limit != inc.maxBytes {
		z.limit, z.topics = inc.maxBytes, map[string]int64{}
	}
	room := z.topics[topic] - size
	if room >= 0 {
		z.topics[topic] = room
	}
	z.mu.Unlock()
	if room >= 0 {
		return nil
	}
	return z.trim(ctx, l, inc, topic)
}

// trim counts what a topic has, and removes the oldest records that are too many.
func (z *sizes) trim(ctx context.Context, l *Log, inc *incarnation, topic string) error {
	subject := inc.subject + topic
	var records []struct {
		seq  uint64
		size int64
	}
	var total int64
	for from := uint64(1); ; {
		p, err := l.direct(ctx, getRequest{NextFor: subject, Seq: from, Batch: pageRecords, MaxBytes: pageBytes})
		if err != nil {
			return err
		}
		for i := range p.records {
			r := &p.records[i]
			records = append(records, struct {
				seq  uint64
				size int64
			}{r.seq, r.size()})
			total += r.size()
			from = r.seq + 1
		}
		if p.pending == 0 {
			break
		}
	}
	var through uint64
	excess := total > inc.maxBytes+inc.maxBytes/8
	for excess && len(records) > 1 && total > inc.maxBytes {
		total -= records[0].size
		through = records[0].seq
		records = records[1:]
	}
	if through > 0 {
		if err := l.purge(ctx, subject, through); err != nil {
			return err
		}
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	if len(z.topics) >= sizesTopics {
		clear(z.topics)
	}
	if z.limit == inc.maxBytes {
		z.topics[topic] = max(0, inc.maxBytes+inc.maxBytes/8-total)
	}
	return nil
}
