package redislog

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/sse"
)

// pageBytes is about how much is read at once.
const pageBytes = 1 << 20

// Read yields the records of a topic after a position.
func (l *log) Read(ctx context.Context, topic string, after eventlog.Position) iter.Seq2[eventlog.Record, error] {
	return func(yield func(eventlog.Record, error) bool) {
		if err := l.begin(ctx, topic); err != nil {
			yield(eventlog.Record{}, err)
			return
		}
		r := newReader(l, topic, after)
		for end := uint64(0); ; {
			page, last, err := r.next(ctx)
			if err != nil {
				yield(eventlog.Record{}, l.store.settle(ctx, err))
				return
			}
			if end == 0 {
				end = last
			}
			for _, record := range page {
				if !yield(record, nil) {
					return
				}
			}
			if len(page) == 0 || r.at.Offset >= end {
				return
			}
			if err := l.store.err(ctx); err != nil {
				yield(eventlog.Record{}, err)
				return
			}
		}
	}
}

// reader is a place in a topic, and reads what comes after it.
type reader struct {
	log   *log
	topic string
	keys  keys
	at    eventlog.Position
	begun bool // everything up to at was read, so what is next comes right after it
}

func newReader(l *log, topic string, after eventlog.Position) *reader {
	return &reader{log: l, topic: topic, keys: l.keysOf(topic), at: after}
}

// next returns the records after the place, as many as fit, and moves there;
// none at the end. It also returns the newest offset there ever was.
func (r *reader) next(ctx context.Context) ([]eventlog.Record, uint64, error) {
	reply, h, err := r.ask(ctx, !r.begun)
	if err != nil {
		return nil, 0, err
	}
	switch text(reply, 0) {
	case "none":
		return nil, 0, r.nothing(reply, h)
	case "ok":
	default:
		return nil, 0, r.log.truncated(r.topic, r.at, reply)
	}
	epoch, err := parseEpoch(text(reply, 1))
	if err != nil {
		return nil, 0, err
	}
	last, err := offsetOf(text(reply, 2))
	if err != nil {
		return nil, 0, err
	}
	page := make([]eventlog.Record, len(reply)-3)
	for i, item := range reply[3:] {
		if page[i], err = parseRecord(epoch, item); err != nil {
			return nil, 0, err
		}
	}
	if !r.joins(page, last) {
		return nil, 0, r.explain(ctx, epoch, page, last)
	}
	r.begun, r.at.Epoch = true, epoch
	if len(page) > 0 {
		r.at = page[len(page)-1].Position
	} else {
		r.at.Offset = last // from the beginning, and all was trimmed
	}
	return page, last, nil
}

func (r *reader) ask(ctx context.Context, witness bool) ([]any, header, error) {
	return r.log.call(ctx, r.log.store.scripts.read, []string{r.keys.stream, r.keys.meta}, nil,
		epochOf(r.at), idOf(r.at.Offset), flag(witness && r.at.Offset != 0), pageBytes)
}

// joins reports whether the page goes on right after the place.
func (r *reader) joins(page []eventlog.Record, last uint64) bool {
	switch {
	case !r.begun && r.at.Offset == 0:
		return true // from the oldest there is
	case len(page) > 0:
		return page[0].Prev == r.at.Offset
	}
	return last == r.at.Offset
}

// explain returns why a page does not join.
func (r *reader) explain(ctx context.Context, epoch eventlog.Epoch, page []eventlog.Record, last uint64) error {
	reply, _, err := r.ask(ctx, true)
	if err != nil {
		return err
	}
	if verdict := text(reply, 0); verdict == "gone" || verdict == "epoch" {
		return r.log.truncated(r.topic, r.at, reply)
	}
	t := &eventlog.TruncatedError{Topic: r.topic, Asked: r.at, Oldest: eventlog.Position{Epoch: epoch}, Reason: eventlog.Trimmed}
	if len(page) > 0 {
		t.Oldest.Offset = page[0].Position.Offset
	}
	if r.at.Offset > last {
		t.Reason = eventlog.Unknown
	}
	return t
}

// nothing returns what it means that there is no such topic: nothing was ever
// appended, or all of it expired, or it is lost.
func (r *reader) nothing(reply []any, h header) error {
	switch {
	case r.at == (eventlog.Position{}), r.at == (eventlog.Position{Epoch: h.epoch}):
		r.at.Epoch, r.begun = h.epoch, true
		return nil
	}
	t := &eventlog.TruncatedError{Topic: r.topic, Asked: r.at, Oldest: eventlog.Position{Epoch: h.epoch}, Reason: eventlog.Unknown}
	micros, err := strconv.ParseInt(text(reply, 1), 10, 64)
	switch {
	case err != nil:
		return err
	case r.at.Epoch != h.epoch:
		t.Reason = eventlog.OtherEpoch
	case h.limits.MaxAge > 0 && timeOf(r.at.Offset).Before(time.UnixMicro(micros).Add(-h.limits.MaxAge)):
		t.Reason = eventlog.Trimmed
	}
	return t
}

// parseRecord returns the record of an item of a stream: its ID and a list of
// names and values, in the order in which append.lua writes them.
func parseRecord(epoch eventlog.Epoch, item any) (eventlog.Record, error) {
	pair, _ := item.([]any)
	var fields []any
	if len(pair) == 2 {
		fields, _ = pair[1].([]any)
	}
	if len(fields) < 8 {
		return eventlog.Record{}, &formatError{"record of a log", fmt.Sprint(item)}
	}
	return newRecord(epoch, text(pair, 0), text(fields, 5), text(fields, 7), text(fields, 1), text(fields, 3))
}

func newRecord(epoch eventlog.Epoch, id, prev, retry, kind, data string) (eventlog.Record, error) {
	offset, err := offsetOf(id)
	if err != nil {
		return eventlog.Record{}, err
	}
	r := eventlog.Record{
		Position: eventlog.Position{Epoch: epoch, Offset: offset},
		Time:     timeOf(offset),
		Event:    sse.Event{Type: kind, Data: []byte(data)},
	}
	if r.Prev, err = offsetOf(prev); err != nil {
		return eventlog.Record{}, err
	}
	if retry != "" {
		d, err := strconv.ParseInt(retry, 10, 64)
		if err != nil {
			return eventlog.Record{}, &formatError{"retry", retry}
		}
		r.Event.Retry, r.Event.HasRetry = time.Duration(d), true
	}
	return r, nil
}

// parsePublished returns the record that a script has published. Of a large
// one it returns the position alone, and false.
func parsePublished(payload string) (eventlog.Record, bool, error) {
	head, body, whole := strings.Cut(payload, "\n")
	fields := strings.Split(head, " ")
	if len(fields) < 2 || whole && len(fields) < 5 {
		return eventlog.Record{}, false, &formatError{"record", head}
	}
	epoch, err := parseEpoch(fields[0])
	if err != nil {
		return eventlog.Record{}, false, err
	}
	if !whole {
		offset, err := offsetOf(fields[1])
		return eventlog.Record{Position: eventlog.Position{Epoch: epoch, Offset: offset}}, false, err
	}
	n, err := strconv.Atoi(fields[4])
	if err != nil || n < 0 || n > len(body) {
		return eventlog.Record{}, false, &formatError{"record", head}
	}
	r, err := newRecord(epoch, fields[1], fields[2], fields[3], body[:n], body[n:])
	return r, true, err
}
