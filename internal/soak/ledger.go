package soak

import (
	"sync/atomic"
	"time"
)

// outcome says what became of the publishing of one event.
type outcome uint32

const (
	pending   outcome = iota // its request is under way
	certain                  // published, at the first attempt that reached the server
	repeated                 // published, after an attempt of which nobody knows
	uncertain                // there, or not
	refused                  // answered with a 4xx
)

// ledgerBlock is how many events a block has.
const ledgerBlock = 1024

type block struct {
	times    [ledgerBlock]atomic.Int64
	outcomes [ledgerBlock]atomic.Uint32
}

// A ledger is what the publisher of one topic has done, event by event, in 12
// bytes for each. One goroutine writes it, any may read.
type ledger struct {
	begun  atomic.Int64 // events whose request was sent, or is about to be
	blocks atomic.Pointer[[]*block]
}

func newLedger() *ledger {
	l := new(ledger)
	l.blocks.Store(new([]*block))
	return l
}

// begin notes that the next event is sent at now, and returns its number.
func (l *ledger) begin(now time.Duration) int64 {
	n := l.begun.Load()
	blocks := *l.blocks.Load()
	if int(n/ledgerBlock) == len(blocks) {
		// Readers of the old slice do not see the element that may be appended behind it.
		blocks = append(blocks, new(block))
		l.blocks.Store(&blocks)
	}
	blocks[n/ledgerBlock].times[n%ledgerBlock].Store(int64(now))
	l.begun.Store(n + 1)
	return n
}

// stamp changes when the event was sent.
func (l *ledger) stamp(n int64, now time.Duration) {
	(*l.blocks.Load())[n/ledgerBlock].times[n%ledgerBlock].Store(int64(now))
}

// settle notes what became of the event.
func (l *ledger) settle(n int64, o outcome) {
	(*l.blocks.Load())[n/ledgerBlock].outcomes[n%ledgerBlock].Store(uint32(o))
}

// has reports whether an event of that number was sent.
func (l *ledger) has(n int64) bool { return n >= 0 && n < l.begun.Load() }

// outcome returns what is known of an event that the ledger has.
func (l *ledger) outcome(n int64) outcome {
	return outcome((*l.blocks.Load())[n/ledgerBlock].outcomes[n%ledgerBlock].Load())
}

// sent returns when an event that the ledger has was sent.
func (l *ledger) sent(n int64) time.Duration {
	return time.Duration((*l.blocks.Load())[n/ledgerBlock].times[n%ledgerBlock].Load())
}

// published counts the events of [from, to) that are certainly there.
func (l *ledger) published(from, to int64) int64 {
	var sum int64
	for n := from; n < to; n++ {
		if o := l.outcome(n); o == certain || o == repeated {
			sum++
		}
	}
	return sum
}
