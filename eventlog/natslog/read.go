package natslog

import (
	"context"
	"errors"
	"iter"
	"math"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/courant-dev/courant/eventlog"
)

// errStopped says that who ranges over records has enough.
var errStopped = errors.New("natslog: stopped")

// rereads is how often Read tries again when an answer gets lost.
const rereads = 3

// reader reads the records of a topic in order.
type reader struct {
	*Log

	topic string
	token string
	after eventlog.Position // as it was asked
	yield func(eventlog.Record, error) bool

	inc  *incarnation
	from uint64 // the sequence of the oldest record, if that is known
	last uint64 // the sequence of the record that was yielded last, or is asked behind; 0 before the oldest
	any  bool   // a record was yielded
	size int    // of the next page
}

// Read implements [eventlog.Log].
func (l *Log) Read(ctx context.Context, topic string, after eventlog.Position) iter.Seq2[eventlog.Record, error] {
	return func(yield func(eventlog.Record, error) bool) {
		ctx, cancel := l.store.until(ctx)
		defer cancel()
		r := l.reader(topic, after, yield)
		err := r.begin(ctx)
		if err == nil {
			err = r.toEnd(ctx)
		}
		r.end(ctx, err)
	}
}

func (l *Log) reader(topic string, after eventlog.Position, yield func(eventlog.Record, error) bool) *reader {
	return &reader{Log: l, topic: topic, token: token(topic), after: after, yield: yield, last: after.Offset, size: firstPage}
}

// end yields the error with which a sequence ends.
func (r *reader) end(ctx context.Context, err error) {
	if err != nil && !errors.Is(err, errStopped) {
		r.yield(eventlog.Record{}, r.store.explain(ctx, err))
	}
}

// begin finds the log that the position is in.
func (r *reader) begin(ctx context.Context) error {
	if err := eventlog.CheckTopic(r.topic); err != nil {
		return err
	}
	if err := r.store.alive(ctx); err != nil {
		return err
	}
	r.inc = r.current.Load()
	if r.after == (eventlog.Position{}) || r.after.Epoch == r.inc.epoch {
		return nil
	}
	inc, err := r.refresh(ctx)
	if err != nil {
		return err
	}
	r.inc = inc
	if r.after.Epoch != inc.epoch {
		return r.truncated(ctx, r.topic, r.subject(), r.after)
	}
	return nil
}

func (r *reader) subject() string { return r.inc.subject + r.token }

// toEnd reads what there is when it is called, and perhaps more.
func (r *reader) toEnd(ctx context.Context) error {
	target, err := r.ends(ctx)
	if err != nil && !r.lost(err) {
		return err
	}
	for behind, failed := 0, 0; ; {
		more, err := r.page(ctx, nil)
		if failed < rereads && err != nil && !r.lost(err) && transient(err) {
			failed++ // another replica may know better
			continue
		}
		if r.lost(err) {
			if err := r.again(ctx); err != nil {
				return err
			}
			target = 0
			continue
		}
		if err != nil {
			return err
		}
		switch {
		case more:
			behind = 0
		case r.last < target:
			if behind++; behind > 100 {
				return nats.ErrTimeout
			}
			if empty, err := r.late(ctx, behind); err != nil {
				return err
			} else if empty {
				target = 0
			}
		case r.last == 0:
			// An empty topic may be one of a stream that was made anew.
			before := r.inc.epoch
			if err := r.again(ctx); err != nil || r.inc.epoch == before {
				return err
			}
		default:
			return nil
		}
	}
}

// ends asks the leader where to begin and how far to read at least. A replica may not have all
// that was acknowledged, and may still have what was trimmed.
func (r *reader) ends(ctx context.Context) (target uint64, err error) {
	if !r.inc.replicated {
		return 0, nil
	}
	if r.last > 0 {
		if err := r.witness(ctx); err != nil {
			return 0, err
		}
	}
	last, err := r.get(ctx, getRequest{LastFor: r.subject()})
	if err != nil {
		return 0, err
	}
	oldest := last
	if last != nil && r.last == 0 {
		if oldest, err = r.get(ctx, getRequest{NextFor: r.subject(), Seq: 1}); err != nil {
			return 0, err
		}
	}
	switch {
	case oldest == nil: // all was trimmed
		r.from = math.MaxUint64
		return 0, nil
	case r.last == 0:
		r.from = oldest.seq
	}
	return last.seq, nil
}

// late waits for a replica that does not have all yet. True says that the topic
// was trimmed meanwhile, and that it is not late at all.
func (r *reader) late(ctx context.Context, behind int) (bool, error) {
	if err := r.store.pause(ctx, time.Duration(min(behind, 50))*time.Millisecond); err != nil {
		return false, err
	}
	last, err := r.get(ctx, getRequest{LastFor: r.subject()})
	return err == nil && last == nil, nil
}

// lost reports whether an error says that the stream may be gone.
func (r *reader) lost(err error) bool {
	return errors.Is(err, nats.ErrNoResponders) || errors.Is(err, jetstream.ErrStreamNotFound)
}

// again looks at the stream, which may be another one now.
func (r *reader) again(ctx context.Context) error {
	before := r.inc.epoch
	inc, err := r.refresh(ctx)
	if err != nil {
		return err
	}
	r.inc = inc
	if inc.epoch == before {
		return nil
	}
	r.from = 0
	if r.last != 0 || r.after.Epoch != 0 {
		asked := eventlog.Position{Epoch: before, Offset: r.last}
		return r.truncated(ctx, r.topic, r.subject(), asked)
	}
	return nil
}

// page yields a page of records behind the last one; true says that there are
// more. The page has the last record as a witness: as long as it is there, nothing
// after it was trimmed. Without it, sure says whether nothing can be missing
// before the records that the page has; nil is never.
func (r *reader) page(ctx context.Context, sure func(page) (bool, error)) (bool, error) {
	p, err := r.direct(ctx, getRequest{NextFor: r.subject(), Seq: max(1, r.from, r.last), Batch: r.size, MaxBytes: pageBytes})
	if err != nil {
		return false, err
	}
	r.size = min(4*r.size, pageRecords)
	records := p.records
	switch {
	case r.last == 0:
	case len(records) > 0 && records[0].seq == r.last:
		records = records[1:]
	default:
		whole := false
		if sure != nil {
			whole, err = sure(p)
		}
		if err != nil {
			return false, err
		}
		if !whole {
			if err := r.witness(ctx); err != nil {
				return false, err
			}
			return true, r.store.pause(ctx, 5*time.Millisecond) // the replica is late
		}
	}
	if len(records) == 0 {
		return p.pending > 0, nil
	}
	// Records may have been trimmed by age or by hand while the page was collected,
	// though never one before its first.
	if len(p.records) > 1 {
		first, err := r.direct(ctx, getRequest{NextFor: r.subject(), Seq: p.records[0].seq, Batch: 1})
		if err != nil {
			return false, err
		}
		if len(first.records) == 0 || first.records[0].seq != p.records[0].seq {
			return true, nil
		}
	}
	if full, err := r.full(ctx, len(records)+p.pending); err != nil {
		return false, err
	} else if full && r.last == 0 {
		r.last = records[0].seq - 1 // there may have been others before these
	}
	for i := range records {
		if err := r.give(&records[i]); err != nil {
			return false, err
		}
	}
	return p.pending > 0, nil
}

// full reports whether a topic of which a replica has so many records has as many as
// MaxEvents leaves. Who reads from the beginning, and wants to know what was there,
// asks the leader: the replica may be late.
func (r *reader) full(ctx context.Context, count int) (bool, error) {
	limit := r.inc.maxEvents
	if limit == 0 || count > limit || !r.inc.replicated || r.last != 0 || r.after.Epoch == 0 {
		return limit > 0 && count > limit, nil
	}
	stream, err := r.store.js.Stream(ctx, r.stream)
	if err != nil {
		return false, err
	}
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter(r.subject()))
	if err != nil {
		return false, err
	}
	return info.State.Subjects[r.subject()] > uint64(limit), nil
}

func (r *reader) give(s *stored) error {
	record := s.record(r.inc.epoch, r.last)
	r.last, r.any = s.seq, true
	if !r.yield(record, nil) {
		return errStopped
	}
	return nil
}

// witness asks the leader for the last record, which a replica may not have, or have
// although it was trimmed. It is a [eventlog.TruncatedError] if it is not there.
func (r *reader) witness(ctx context.Context) error {
	s, err := r.get(ctx, getRequest{Seq: r.last})
	if err != nil {
		return err
	}
	if s != nil && s.subject == r.subject() {
		return nil
	}
	before := r.inc.epoch
	inc, err := r.refresh(ctx)
	if err != nil {
		return err
	}
	r.inc = inc
	return r.truncated(ctx, r.topic, r.subject(), eventlog.Position{Epoch: before, Offset: r.last})
}

// truncated returns the error for a position that has no record, or one of
// another log.
func (l *Log) truncated(ctx context.Context, topic, subject string, asked eventlog.Position) error {
	inc := l.current.Load()
	b, err := l.bounds(ctx, inc, subject)
	if err != nil {
		return err
	}
	e := &eventlog.TruncatedError{Topic: topic, Asked: asked, Oldest: eventlog.Position{Epoch: b.Epoch, Offset: b.Oldest}, Reason: eventlog.Trimmed}
	if asked.Epoch != inc.epoch {
		e.Reason = eventlog.OtherEpoch
		return e
	}
	// Another topic's record at this place, or none ever, says that this topic had none.
	s, err := l.get(ctx, getRequest{Seq: asked.Offset})
	if err != nil {
		return err
	}
	if s != nil {
		e.Reason = eventlog.Unknown
		return e
	}
	stream, err := l.store.js.Stream(ctx, l.stream)
	if err != nil {
		return err
	}
	if asked.Offset > stream.CachedInfo().State.LastSeq {
		e.Reason = eventlog.Unknown
	}
	return e
}
