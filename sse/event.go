package sse

import (
	"bytes"
	"time"
)

// An Event is one event, as it is dispatched.
//
// Of a decoded event, Data belongs to the decoder and is valid until the next
// call of [Decoder.Decode]; [Event.Clone] keeps it. Type and ID may be kept as
// they are.
type Event struct {
	Type     string        // decoded: "message" where the stream names none
	ID       string        // decoded: the last event ID in force, even if an earlier block set it
	HasID    bool          // the block has an id field; with an empty ID it resets the last event ID
	Retry    time.Duration // the reconnection time that the block sets, in whole milliseconds on the wire
	HasRetry bool          // the block has a retry field
	Data     []byte        // lines joined by LF
}

// Clone returns a copy of e that shares no memory with the decoder.
func (e Event) Clone() Event {
	e.Data = bytes.Clone(e.Data)
	return e
}
