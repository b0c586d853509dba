package courant

import (
	"net/http"
	"testing"
	"time"
)

func TestBackoffDoublesUpToItsLimit(t *testing.T) {
	b := backoff{base: time.Second, limit: 30 * time.Second, reset: time.Minute}
	for i, want := range []float64{1, 2, 4, 8, 16, 30, 30, 30} {
		b.failures = i
		if got := b.ceiling().Seconds(); got != want {
			t.Errorf("after %d failures: at most %v s, want %v s", i, got, want)
		}
	}
	b.failures = 1 << 20
	if got := b.ceiling(); got != 30*time.Second {
		t.Errorf("after very many failures: at most %v", got)
	}
}

// The delays of many clients must fill the whole range evenly: that is what
// spreads them.
func TestBackoffJitterIsFull(t *testing.T) {
	const clients, bins = 10_000, 10
	for _, failures := range []int{0, 3, 9} {
		var histogram [bins]int
		for range clients {
			b := backoff{base: time.Second, limit: 30 * time.Second, reset: time.Minute, failures: failures}
			ceiling := b.ceiling()
			delay := b.next(0)
			if delay < 0 || delay > ceiling {
				t.Fatalf("delay %v is not within [0, %v]", delay, ceiling)
			}
			histogram[min(int(delay*bins/ceiling), bins-1)]++
		}
		for bin, n := range histogram {
			if n < clients/bins*8/10 || n > clients/bins*12/10 {
				t.Errorf("%d failures: %d of %d delays in tenth %d: %v", failures, n, clients, bin, histogram)
			}
		}
	}
}

func TestBackoffStartsOverAfterAConnectionThatLived(t *testing.T) {
	b := backoff{base: time.Second, limit: 30 * time.Second, reset: time.Minute}
	for range 8 {
		b.next(59 * time.Second)
	}
	if got := b.ceiling(); got != 30*time.Second {
		t.Errorf("short connections: at most %v, want the limit", got)
	}
	if got := b.next(time.Minute); got > time.Second {
		t.Errorf("after a minute open: %v, want at most the base", got)
	}
	if got := b.ceiling(); got != 2*time.Second {
		t.Errorf("the one after: at most %v, want 2s", got)
	}
}

func TestBackoffBaseFromTheServer(t *testing.T) {
	b := backoff{base: time.Second, limit: 30 * time.Second}
	b.setBase(24 * time.Hour)
	if got := b.ceiling(); got != longestServerDelay {
		t.Errorf("retry of a day: at most %v, want %v", got, longestServerDelay)
	}
	b.setBase(0)
	b.failures = 10
	if got := b.ceiling(); got != 1024*time.Millisecond {
		t.Errorf("retry of 0 after 10 failures: at most %v; a client would spin", got)
	}
	b = backoff{base: 50 * time.Millisecond, limit: 30 * time.Second, exact: true, failures: 3}
	for range 1000 {
		b.failures = 3
		if got := b.next(0); got < b.base || got > 400*time.Millisecond {
			t.Fatalf("to the letter: %v, want at least the base", got)
		}
	}
	b.failures = 0
	if got := b.next(0); got != b.base {
		t.Errorf("to the letter, first delay: %v, want %v", got, b.base)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for field, want := range map[string]time.Duration{
		"":                               0,
		"7":                              7 * time.Second,
		"0":                              0,
		"-7":                             0,
		"soon":                           0,
		"1.5":                            0,
		"86400":                          longestServerDelay,
		"18446744073709551615":           longestServerDelay,
		"Sun, 01 Mar 2026 12:00:20 GMT":  20 * time.Second,
		"Sun, 01 Mar 2026 11:00:00 GMT":  0,
		"Mon, 02 Mar 2026 12:00:00 GMT":  longestServerDelay,
		"Sunday, 01-Mar-26 12:00:03 GMT": 3 * time.Second,
	} {
		if got := retryAfter(http.Header{"Retry-After": {field}}, now); got != want {
			t.Errorf("Retry-After %q: %v, want %v", field, got, want)
		}
	}
}

func TestStatusesThatAreTriedAgain(t *testing.T) {
	for status, want := range map[int]struct{ temporary, again bool }{
		400: {false, false}, 401: {false, false}, 404: {false, false}, 408: {false, false}, 429: {true, true},
		500: {false, true}, 502: {true, true}, 503: {true, true}, 504: {true, true}, 599: {false, true},
	} {
		if passingStatus(status) != want.temporary || triedAgain(status) != want.again {
			t.Errorf("%d: %v, %v", status, passingStatus(status), triedAgain(status))
		}
	}
}
