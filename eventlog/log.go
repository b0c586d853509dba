package eventlog

import (
	"context"
	"iter"
	"time"
)

// Store keeps logs. A log that is opened twice by one name is the same log.
// Implementations are safe for concurrent use.
type Store interface {
	// Open returns the log of that name, which is made when it is not there.
	// Limits hold from now on, for records that are there already too; who opens
	// one log with different limits gets those that were given last.
	//
	// A name is valid UTF-8 of 1 to 128 bytes, such as "rooms/{room}"; one that
	// is not is a [NameError].
	Open(ctx context.Context, name string, limits Limits) (Log, error)

	// Close lets go of what the store holds. Reads that wait end with
	// [ErrClosed], and so does what is called afterwards.
	Close() error
}

// Limits say which records a log may trim. A zero field is no limit.
type Limits struct {
	// MaxEvents: a client that is at most so many events of its topic behind
	// resumes without a gap, as far as the other limits allow. A log keeps at
	// least these, and a few more where that is cheaper, as long as memory and
	// disk are bounded.
	MaxEvents int

	// MaxAge is how long after it was appended a record is trimmed.
	MaxAge time.Duration

	// MaxBytes bounds the data and types of a topic's records. The newest record
	// stays, whatever its size.
	MaxBytes int64
}

// Log is an ordered record of events for each of its topics.
//
// All methods are safe for concurrent use. A topic is valid UTF-8 of 1 to 512
// bytes; any other is a [NameError]. All errors but [NameError],
// [TruncatedError], [TooLargeError], [ErrFull] and [ErrClosed] are those of the back end, and say that it may be
// worth to try again, unless they are the context's.
type Log interface {
	// Append adds entries to the end of a topic, in order. It returns when they
	// are as safe as the log promises, with their positions.
	//
	// Entries of one call stand in order, those of other calls that run at the same
	// time before, behind or between them. With an error, the positions are those of the
	// entries that are known to be appended: the first ones; of the others there
	// is no telling. Who appends again gives each entry a Key. It is [ErrFull] when
	// there is no room.
	//
	// Append keeps nothing of the entries.
	Append(ctx context.Context, topic string, entries ...Entry) ([]Position, error)

	// Read yields the records of a topic after a position, oldest first: every one
	// that was there when Read began, none twice, and none left out. It ends at the
	// end of the log, or after the one error it yields; a record that comes with
	// an error is zero.
	//
	// It yields a [*TruncatedError] if there is no telling whether a record after
	// the position is gone; also in between, when records were trimmed faster than
	// they were read.
	Read(ctx context.Context, topic string, after Position) iter.Seq2[Record, error]

	// Follow is Read, but goes on with what is appended, soon after it was. It ends only
	// with an error, which is ctx's when that is done.
	//
	// Where the log's back end is away for a while, Follow waits for it; when it
	// is back, Follow goes on behind the last record, or yields a
	// [*TruncatedError].
	Follow(ctx context.Context, topic string, after Position) iter.Seq2[Record, error]

	// Bounds returns what is there of a topic.
	Bounds(ctx context.Context, topic string) (Bounds, error)

	// Trim removes the records of a topic up to the position, and that of the
	// position. One of another epoch is a [*TruncatedError], and nothing is
	// removed; a position beyond the end removes all. It is no error if nothing
	// is there.
	Trim(ctx context.Context, topic string, through Position) error
}
