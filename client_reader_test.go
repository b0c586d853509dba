package courant

import (
	"testing"
	"time"
)

func TestReadTimeoutIsThreeHeartbeats(t *testing.T) {
	for heartbeat, want := range map[time.Duration]time.Duration{
		0: 45 * time.Second, time.Second: 45 * time.Second, time.Minute: 3 * time.Minute, -1: 0,
	} {
		if got := newClientConfig().readTimeoutOf(heartbeat); got != want {
			t.Errorf("heartbeat %v: %v, want %v", heartbeat, got, want)
		}
	}
}

// Where a good connection needs not to have been open for long, failed attempts
// are still no good connections.
func TestFailedAttemptsNeverStartTheBackoffOver(t *testing.T) {
	b := backoff{base: time.Second, limit: 30 * time.Second, reset: 0}
	b.next(0)
	for range 5 {
		b.next(neverOpen)
	}
	if got := b.ceiling(); got != 30*time.Second {
		t.Errorf("after a connection and 5 failed attempts: at most %v, want the limit", got)
	}
	if got := b.next(0); got > time.Second {
		t.Errorf("after the next connection: %v, want at most the base", got)
	}
}

// Servers tell all clients the same whole number of seconds.
func TestRetryAfterIsSpread(t *testing.T) {
	b := backoff{base: time.Second}
	var tenths [10]int
	for range 2000 {
		delay := b.after(5*time.Second) - 5*time.Second
		if delay < 0 || delay >= time.Second {
			t.Fatalf("5s and %v", delay)
		}
		tenths[delay*10/time.Second]++
	}
	for i, n := range tenths {
		if n < 120 {
			t.Errorf("%d of 2000 in tenth %d: %v", n, i, tenths)
		}
	}
	if b.after(0) != 0 {
		t.Error("no Retry-After is a wish")
	}
}
