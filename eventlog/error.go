package eventlog

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// ErrClosed is what the methods of a [Store] that was closed return, and those
// of its logs.
var ErrClosed = errors.New("eventlog: the log is closed")

// ErrFull says that the back end of a log takes no records until somebody makes
// room: its disk or memory is full, or as full as it may be. What is there can
// be read. Logs wrap it with what the back end says.
var ErrFull = errors.New("eventlog: the log is full")

// Reason is why a log cannot go on after a position.
type Reason string

// The reasons of a [TruncatedError].
const (
	// Trimmed: the record of the position is gone, and perhaps some after it.
	Trimmed Reason = "trimmed"
	// Unknown: the log never had a record of that offset, or no longer has: it
	// is beyond the end, as after a back end came back with older data.
	Unknown Reason = "unknown"
	// OtherEpoch: the position is in another log than this one, such as the one
	// that was here before.
	OtherEpoch Reason = "epoch"
)

// TruncatedError says that records after the position that was asked for may be
// lost. Who takes that reads on from the zero [Position].
type TruncatedError struct {
	Topic  string
	Asked  Position
	Oldest Position // of the oldest record that is there; offset 0 if there is none
	Reason Reason
}

func (e *TruncatedError) Error() string {
	return fmt.Sprintf("eventlog: topic %q: the records after offset %d are not all there (%s)",
		e.Topic, e.Asked.Offset, e.Reason)
}

// NameError says that a topic, the name of a log or a key cannot be one.
type NameError struct {
	Kind    string // "topic", "log" or "key"
	Name    string
	Message string // such as "must not be empty"
}

func (e *NameError) Error() string {
	return "eventlog: " + e.Kind + " " + strconv.Quote(e.Name) + " " + e.Message
}

// TooLargeError says that an entry is larger than the log takes. Nothing of the
// call was appended.
type TooLargeError struct {
	Size, Limit int64 // bytes
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("eventlog: an entry of %d bytes, the log takes %d", e.Size, e.Limit)
}

// The largest names, in bytes.
const (
	MaxTopic   = 512
	MaxLogName = 128
	MaxKey     = 128
)

// CheckTopic returns a [*NameError] for what cannot be a topic. Logs call it.
func CheckTopic(topic string) error { return checkName("topic", topic, MaxTopic) }

// CheckLogName returns a [*NameError] for what cannot be the name of a log.
// Stores call it.
func CheckLogName(name string) error { return checkName("log", name, MaxLogName) }

// CheckKey returns a [*NameError] for what cannot be the key of an entry; the
// empty key can. Logs call it.
func CheckKey(key string) error {
	if key == "" {
		return nil
	}
	return checkName("key", key, MaxKey)
}

func checkName(kind, name string, most int) error {
	switch {
	case name == "":
		return &NameError{kind, name, "must not be empty"}
	case len(name) > most:
		return &NameError{kind, name[:most], "must be at most " + strconv.Itoa(most) + " bytes long"}
	case !utf8.ValidString(name):
		return &NameError{kind, name, "must be valid UTF-8"}
	}
	return nil
}
