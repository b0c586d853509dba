package natslog

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/courant-dev/courant/eventlog"
)

// Trim implements [eventlog.Log].
//
// It leaves a mark for those who follow the topic and to whom the live copy of a
// record did not come that is trimmed now: what is stored next looks to them as if
// there had been nothing in between.
func (l *Log) Trim(ctx context.Context, topic string, through eventlog.Position) error {
	if err := eventlog.CheckTopic(topic); err != nil {
		return err
	}
	ctx, cancel := l.store.until(ctx)
	defer cancel()
	inc, err := l.refresh(ctx)
	if err != nil {
		return l.store.explain(ctx, err)
	}
	subject := inc.subject + token(topic)
	switch {
	case through == eventlog.Position{}:
		return nil
	case through.Epoch != inc.epoch:
		return l.truncated(ctx, topic, subject, through)
	case through.Offset == 0:
		return nil
	}
	return l.store.explain(ctx, l.trim(ctx, inc, token(topic), through.Offset))
}

func (l *Log) trim(ctx context.Context, inc *incarnation, topic string, through uint64) error {
	subject := inc.subject + topic
	last, err := l.get(ctx, getRequest{LastFor: subject})
	if err != nil || last == nil {
		return err
	}
	through = min(through, last.seq)
	if l.store.server != nil { // all who follow are in this process
		l.follows.trimmed(inc.live+topic, through)
	} else if err := l.mark(ctx, inc, topic, through); err != nil {
		return err
	}
	return l.purge(ctx, subject, through)
}

// purge removes the records of a topic up to an offset.
func (l *Log) purge(ctx context.Context, subject string, through uint64) error {
	stream, err := l.store.js.Stream(ctx, l.stream)
	if err != nil {
		return err
	}
	return stream.Purge(ctx, jetstream.WithPurgeSubject(subject), jetstream.WithPurgeSequence(through+1))
}

// A mark is an empty message
//
//	courant.log.<stream>.<epoch>.trimmed.<topic>.<offset>
//
// which is of use until all who audit have seen it.
const (
	marks    = "trimmed."
	markTime = 2 * time.Minute // or more
	oldMarks = 100             // are removed at once
)

func (l *Log) mark(ctx context.Context, inc *incarnation, topic string, through uint64) error {
	ack, err := l.store.js.Publish(ctx, inc.subject+marks+topic+"."+strconv.FormatUint(through, 10), nil)
	if err != nil {
		return err
	}
	mark, err := l.get(ctx, getRequest{Seq: ack.Sequence})
	if err != nil || mark == nil {
		return err
	}
	return l.forget(ctx, inc, mark.time)
}

// forget removes marks that are too old, by the time of the server.
func (l *Log) forget(ctx context.Context, inc *incarnation, now time.Time) error {
	var old uint64
	for range oldMarks {
		m, err := l.get(ctx, getRequest{NextFor: inc.subject + marks + ">", Seq: old + 1})
		if err != nil {
			return err
		}
		if m == nil || now.Sub(m.time) < markTime {
			break
		}
		old = m.seq
	}
	if old == 0 {
		return nil
	}
	return l.purge(ctx, inc.subject+marks+">", old)
}

// nextMark returns the first mark from a sequence on, of one topic or of all (">"); its
// sequence is 0 if there is none.
func (l *Log) nextMark(ctx context.Context, inc *incarnation, topics string, from uint64) (seq uint64, topic string, through uint64, err error) {
	m, err := l.get(ctx, getRequest{NextFor: inc.subject + marks + topics, Seq: from})
	if err != nil || m == nil {
		return 0, "", 0, err
	}
	topic = strings.TrimPrefix(m.subject, inc.subject+marks)
	if dot := strings.LastIndexByte(topic, '.'); dot >= 0 {
		topic, through = topic[:dot], number(topic[dot+1:])
	}
	return m.seq, topic, through, nil
}

// number returns the largest of all for what is no number.
func number(text string) uint64 {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return math.MaxUint64
	}
	return n
}

// unseen reports whether a Trim has removed a record behind the one that was
// yielded last, as far as its mark is still there.
func (r *reader) unseen(ctx context.Context) (bool, error) {
	for from := r.last + 1; ; {
		seq, _, through, err := r.nextMark(ctx, r.inc, r.token+".*", from)
		if err != nil || seq == 0 {
			return false, err
		}
		if through > r.last {
			return true, nil
		}
		from = seq + 1
	}
}
