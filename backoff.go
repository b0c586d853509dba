package courant

import (
	"crypto/rand"
	"encoding/binary"
	"net/http"
	"strconv"
	"time"
)

// The defaults of reconnection.
const (
	defaultReconnectBase  = time.Second
	defaultReconnectCap   = 30 * time.Second
	defaultReconnectReset = 60 * time.Second

	// What a server may ask for, by retry or by Retry-After, is cut off here: a
	// server must not be able to switch its clients off.
	longestServerDelay = 5 * time.Minute
)

// A backoff says how long a client waits before it connects again: at random
// between nothing and base, twice base, four times base and so on up to limit,
// so that the clients of a server that fell do not all come back at once.
//
// What starts it over is a connection that was open for long enough: neither a
// 200 nor an event does, since a server that flaps sends both.
type backoff struct {
	base  time.Duration // retry of the standard
	limit time.Duration
	reset time.Duration // how long a connection was open to count as a good one
	exact bool          // never less than base, as the standard demands of EventSource

	failures int // connections and attempts since the last good one
}

// neverOpen is how long an attempt to connect that failed was open.
const neverOpen time.Duration = -1

// next is the time to wait now that a connection that was open for lived has
// ended, or an attempt has failed (neverOpen).
func (b *backoff) next(lived time.Duration) time.Duration {
	if lived >= b.reset {
		b.failures = 0
	}
	ceiling := b.ceiling()
	b.failures++
	if !b.exact {
		return randomUpTo(ceiling)
	}
	return b.base + randomUpTo(ceiling-b.base)
}

// ceiling is base doubled for each failure, at most limit. A base that the
// server has set beyond the limit stands: it knows its reason. A base of zero
// doubles as a millisecond would, else a server could make its clients spin.
func (b *backoff) ceiling() time.Duration {
	limit := max(b.limit, b.base)
	ceiling := max(b.base, time.Millisecond)
	for range b.failures {
		if ceiling >= limit/2 {
			return limit
		}
		ceiling *= 2
	}
	return ceiling
}

// after is the time to wait where a server has said when to come again. It says
// the same to all, and in whole seconds: a base at random on top spreads them.
func (b *backoff) after(wish time.Duration) time.Duration {
	if wish <= 0 {
		return 0
	}
	return wish + randomUpTo(b.base)
}

// setBase takes the reconnection time that a server has sent.
func (b *backoff) setBase(retry time.Duration) {
	if !b.exact {
		retry = min(retry, longestServerDelay)
	}
	b.base = retry
}

// randomUpTo draws from [0, d).
func randomUpTo(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails
	return time.Duration(binary.LittleEndian.Uint64(random[:]) % uint64(d))
}

// retryAfter reads the header field of that name, seconds or a date
// (RFC 9110, § 10.2.3), and is 0 where there is none that can be read:
//
//	Retry-After: 120
//	Retry-After: Fri, 31 Dec 1999 23:59:59 GMT
func retryAfter(header http.Header, now time.Time) time.Duration {
	field := header.Get("Retry-After")
	if field == "" {
		return 0
	}
	if seconds, err := strconv.ParseUint(field, 10, 64); err == nil {
		if seconds > uint64(longestServerDelay/time.Second) {
			return longestServerDelay
		}
		return time.Duration(seconds) * time.Second
	}
	date, err := http.ParseTime(field)
	if err != nil {
		return 0
	}
	return min(max(date.Sub(now), 0), longestServerDelay)
}

// triedAgain reports whether a stream that was cut asks again after such an
// answer: to something in between, a server that restarts looks like any 5xx.
func triedAgain(status int) bool { return status == http.StatusTooManyRequests || status >= 500 }
