package eventlog

import (
	"time"

	"github.com/courant-dev/courant/sse"
)

// Epoch is the identity of a log. It is never 0.
type Epoch uint32

// Position is a place in a topic: behind the record with that offset. The zero
// Position is before the oldest record there is, in any epoch; so is offset 0
// of the log's epoch.
type Position struct {
	Epoch  Epoch
	Offset uint64
}

// Entry is an event on its way into a log.
type Entry struct {
	// Event is what is appended: Type, Data, and Retry with HasRetry. Its ID is
	// not kept; it comes from the position, see [AppendID].
	Event sse.Event

	// Key makes the append idempotent: when the topic has an entry of the same
	// key already, nothing is appended, and its position is returned. Each log
	// says how long it remembers keys, which is two minutes or more, or MaxAge where
	// that is less. Empty for none; at most 128 bytes.
	Key string
}

// Record is an event that is in a log.
type Record struct {
	Position Position

	// Prev is the offset of the record before it in the topic. 0 if it is the
	// first one, or if the log cannot tell. Of the oldest record it is some
	// smaller offset, and not 0, when MaxEvents has trimmed others: who was before the
	// first one has lost them.
	Prev uint64

	Time  time.Time // when it was appended, by the clock of the log
	Event sse.Event // without an ID. The receiver may keep it, and must not change it
}

// Bounds is what a log has of a topic.
type Bounds struct {
	Epoch  Epoch
	Oldest uint64 // the offset of the oldest record; 0 if there is none
	Last   uint64 // the offset of the newest record; if there is none, that of the newest one there was, or 0
}

// End is the position behind the newest record.
func (b Bounds) End() Position { return Position{b.Epoch, b.Last} }
