package courant

import (
	"testing"
	"testing/synctest"
	"time"
)

// A call of Reconnect between the end of a wait and the attempt is obeyed by that
// attempt. It must not make the end of the new connection one that was asked
// for: a completion would be bought twice.
func TestAReconnectIsObeyedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(sendsAndStays(":\n"), cutsAfter("data: a\n\n"), sends("data: b\n\n"))
		stream := open(t, s, WithReconnect(Never))
		stream.reader.leave(errForced)
		stream.reader.reconnect()
		if failed := stream.reader.dial(); failed != nil {
			t.Fatal(failed.err)
		}
		data, final := collect(stream)
		if len(data) != 1 || !isCut(final) || len(s.lastEventIDs()) != 2 {
			t.Errorf("received %q, %v after %d requests", data, final, len(s.lastEventIDs()))
		}
	})
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
