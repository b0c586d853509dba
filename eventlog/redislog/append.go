package redislog

import (
	"context"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/courant-dev/courant/eventlog"
)

// inline is up to how many bytes a record is published itself. Of a larger one
// only the offset is, and who follows reads it: Redis cuts those whose
// connection takes too long for what is published.
const inline = 64 << 10

// Append adds entries to the end of a topic.
func (l *log) Append(ctx context.Context, topic string, entries ...eventlog.Entry) ([]eventlog.Position, error) {
	if err := l.begin(ctx, topic); err != nil {
		return nil, err
	}
	for _, e := range entries {
		if err := eventlog.CheckKey(e.Key); err != nil {
			return nil, err
		}
		if size := int64(len(e.Event.Type) + len(e.Event.Data)); size > l.store.maxEntry {
			return nil, &eventlog.TooLargeError{Size: size, Limit: l.store.maxEntry}
		}
	}
	if len(entries) == 0 {
		return nil, nil
	}
	positions, err := l.appendSafely(ctx, topic, entries)
	return positions, l.store.settle(ctx, err)
}

// slack is added to how long ago a call was tried first, for clocks that do not
// run alike.
const slack = 2 * time.Second

// appendSafely appends, and tries again while Redis is away. A try that may
// have been carried out is looked for first, by the name of the call.
func (l *log) appendSafely(ctx context.Context, topic string, entries []eventlog.Entry) ([]eventlog.Position, error) {
	s, call := l.store, strconv.FormatUint(rand.Uint64(), 36)
	first, since := time.Now(), ""
	for attempt := 0; ; attempt++ {
		positions, err := l.append(ctx, topic, call, since, entries)
		if err == nil || positions != nil || !isAway(err) || time.Since(first) >= s.retry {
			return positions, err
		}
		if !s.pause(ctx, attempt) {
			return nil, err
		}
		since = strconv.FormatInt((time.Since(first) + slack).Microseconds(), 10)
	}
}

func (l *log) append(ctx context.Context, topic, call, since string, entries []eventlog.Entry) ([]eventlog.Position, error) {
	s, k := l.store, l.keysOf(topic)
	names := []string{k.stream, k.meta}
	args := make([]any, 0, 6+4*len(entries))
	args = append(args, k.channel, rand.IntN(2048), call, since, s.keyTime.Milliseconds(), inline)
	for _, e := range entries {
		key, retry := 0, ""
		if e.Key != "" {
			names = append(names, k.key(e.Key))
			key = len(names)
		}
		if e.Event.HasRetry {
			retry = strconv.FormatInt(int64(e.Event.Retry), 10)
		}
		args = append(args, key, e.Event.Type, retry, e.Event.Data)
	}
	reply, _, err := l.call(ctx, s.scripts.append, names, s.wait, args...)
	if err != nil {
		return nil, err
	}
	epoch, err := parseEpoch(text(reply, 0))
	if err != nil {
		return nil, err
	}
	positions := make([]eventlog.Position, len(entries))
	for i := range positions {
		positions[i].Epoch = epoch
		if positions[i].Offset, err = offsetOf(text(reply, i+1)); err != nil {
			return nil, err
		}
	}
	if s.wait != nil {
		if n, _ := reply[len(reply)-1].(int); n < s.wait.replicas {
			return positions, &ReplicationError{n, s.wait.replicas}
		}
	}
	return positions, nil
}
