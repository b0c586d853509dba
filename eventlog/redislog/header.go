package redislog

import (
	"context"
	"strconv"
	"time"

	"github.com/courant-dev/courant/eventlog"
)

// header is what Redis knows of a log.
type header struct {
	epoch  eventlog.Epoch
	gen    string // rises with each epoch
	limits eventlog.Limits
	read   time.Time // when it was read
}

// fresh is how long a header is taken for what Redis still has: so long it may
// take until another process learns of other limits. What is missing in Redis
// is noticed at once, see call.
const fresh = 5 * time.Second

// header returns what Redis knows of the log, read no longer ago than fresh.
func (l *log) header(ctx context.Context) (header, error) {
	l.mu.Lock()
	h := l.known
	l.mu.Unlock()
	if time.Since(h.read) < fresh {
		return h, nil
	}
	return l.look(ctx)
}

// look reads the header; it makes the log if it is not there.
func (l *log) look(ctx context.Context) (header, error) { return l.exchange(ctx) }

// set gives the log its limits.
func (l *log) set(ctx context.Context, limits eventlog.Limits) error {
	_, err := l.exchange(ctx, limits.MaxEvents, limits.MaxAge.Microseconds(), limits.MaxBytes)
	return err
}

func (l *log) exchange(ctx context.Context, limits ...any) (header, error) {
	args := append([]any{uint32(newEpoch()), flag(l.store.trusted)}, limits...)
	read := time.Now()
	reply, err := l.store.run(ctx, l.store.scripts.log, []string{l.store.headerOf(l.name)}, args, nil)
	if err != nil {
		return header{}, err
	}
	epoch, err := parseEpoch(text(reply, 0))
	if err != nil {
		return header{}, err
	}
	h := header{epoch: epoch, gen: text(reply, 1), read: read}
	h.limits.MaxEvents, _ = strconv.Atoi(text(reply, 2))
	micros, _ := strconv.ParseInt(text(reply, 3), 10, 64)
	h.limits.MaxAge = time.Duration(micros) * time.Microsecond
	h.limits.MaxBytes, _ = strconv.ParseInt(text(reply, 4), 10, 64)
	l.mu.Lock()
	defer l.mu.Unlock()
	if !h.read.Before(l.known.read) {
		l.known = h
	}
	return h, nil
}

// call runs a script on a topic. The first time it goes by what is known of
// the log; when the topic is not there, or the server is another one, the
// script does nothing but say so, and it runs again with what Redis says of
// the log then.
func (l *log) call(ctx context.Context, c script, k []string, wait *waiting, args ...any) ([]any, header, error) {
	h, err := l.header(ctx)
	for candidate := ""; err == nil; candidate = strconv.Itoa(int(newEpoch())) {
		var reply []any
		reply, err = l.store.run(ctx, c, k, append(l.preamble(h, candidate), args...), wait)
		if err != nil || text(reply, 0) != "refresh" {
			return reply, h, err
		}
		h, err = l.look(ctx)
	}
	return nil, h, err
}

// preamble is what all scripts of a topic take first.
func (l *log) preamble(h header, candidate string) []any {
	return []any{
		uint32(h.epoch), h.gen, candidate, flag(l.store.trusted),
		h.limits.MaxEvents, h.limits.MaxAge.Microseconds(), h.limits.MaxBytes,
	}
}

func parseEpoch(s string) (eventlog.Epoch, error) {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 0, &formatError{"epoch", s}
	}
	return eventlog.Epoch(n), nil
}
