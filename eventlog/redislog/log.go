package redislog

import (
	"context"
	"sync"

	"github.com/courant-dev/courant/eventlog"
)

// log is one log of a store.
type log struct {
	store *Store
	name  string

	mu    sync.Mutex
	known header
}

func (l *log) keysOf(topic string) keys { return l.store.keysOf(l.name, topic) }

// begin returns why a call on a topic cannot begin.
func (l *log) begin(ctx context.Context, topic string) error {
	if err := eventlog.CheckTopic(topic); err != nil {
		return err
	}
	return l.store.err(ctx)
}

// Bounds returns what is there of a topic.
func (l *log) Bounds(ctx context.Context, topic string) (eventlog.Bounds, error) {
	if err := l.begin(ctx, topic); err != nil {
		return eventlog.Bounds{}, err
	}
	b, err := l.bounds(ctx, topic)
	return b, l.store.settle(ctx, err)
}

func (l *log) bounds(ctx context.Context, topic string) (eventlog.Bounds, error) {
	k := l.keysOf(topic)
	reply, h, err := l.call(ctx, l.store.scripts.bounds, []string{k.stream, k.meta}, nil)
	if err != nil {
		return eventlog.Bounds{}, err
	}
	if text(reply, 0) == "none" {
		return eventlog.Bounds{Epoch: h.epoch}, nil
	}
	var b eventlog.Bounds
	if b.Epoch, err = parseEpoch(text(reply, 1)); err != nil {
		return eventlog.Bounds{}, err
	}
	if b.Oldest, err = offsetOf(text(reply, 2)); err != nil {
		return eventlog.Bounds{}, err
	}
	b.Last, err = offsetOf(text(reply, 3))
	return b, err
}

// Trim removes records of a topic.
func (l *log) Trim(ctx context.Context, topic string, through eventlog.Position) error {
	if err := l.begin(ctx, topic); err != nil {
		return err
	}
	return l.store.settle(ctx, l.trim(ctx, topic, through))
}

func (l *log) trim(ctx context.Context, topic string, through eventlog.Position) error {
	k := l.keysOf(topic)
	id := ""
	if through.Offset > 0 {
		id = idAfter(through.Offset)
	}
	reply, h, err := l.call(ctx, l.store.scripts.trim, []string{k.stream, k.meta}, nil, epochOf(through), id)
	if err != nil {
		return err
	}
	switch text(reply, 0) {
	case "epoch":
		return l.truncated(topic, through, reply)
	case "none":
		if through != (eventlog.Position{}) && through.Epoch != h.epoch {
			return &eventlog.TruncatedError{Topic: topic, Asked: through, Oldest: eventlog.Position{Epoch: h.epoch}, Reason: eventlog.OtherEpoch}
		}
	}
	return nil
}

// epochOf returns the epoch that a script is to compare; empty for the zero
// position, which is one of all epochs.
func epochOf(p eventlog.Position) any {
	if p == (eventlog.Position{}) {
		return ""
	}
	return uint32(p.Epoch)
}

// truncated returns the error that an answer of a script means: it begins with
// why, the epoch, the ID of the oldest record and the newest ID there ever was.
func (l *log) truncated(topic string, asked eventlog.Position, reply []any) error {
	epoch, err := parseEpoch(text(reply, 1))
	if err != nil {
		return err
	}
	oldest, err := offsetOf(text(reply, 2))
	if err != nil {
		return err
	}
	t := &eventlog.TruncatedError{Topic: topic, Asked: asked, Oldest: eventlog.Position{Epoch: epoch, Offset: oldest}}
	if text(reply, 0) == "epoch" {
		t.Reason = eventlog.OtherEpoch
		return t
	}
	last, err := offsetOf(text(reply, 3))
	if err != nil {
		return err
	}
	t.Reason = eventlog.Trimmed
	if asked.Offset > last || oldest != 0 && asked.Offset >= oldest {
		t.Reason = eventlog.Unknown
	}
	return t
}
