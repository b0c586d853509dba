package dsl

import "github.com/courant-dev/courant/eval"

// GapPolicy is what [OnGap] takes. It is not built yet.
type GapPolicy int

// The policies of [OnGap].
const (
	GapContinue GapPolicy = iota + 1 // tell the client and go on with what is there
	GapFail                          // end the stream with an error
	GapRestart                       // begin with the oldest event that is there
)

// StreamingPayload is a stream of values that the client sends. It is not
// built yet: a design that uses it is refused.
//
//go:noinline
func StreamingPayload(val any, args ...any) {
	eval.Record("StreamingPayload", append([]any{val}, args...)...)
}

// Deprecated says that a method should no longer be used. It is not built yet
// and says nothing: a design that uses it gets a warning.
//
//go:noinline
func Deprecated() { eval.Record("Deprecated") }

// Topic says that the events of a method come from an event log. It is not
// built yet: a design that uses it is refused.
//
//go:noinline
func Topic(pattern string, fn ...func()) { eval.Record("Topic", with(fn, pattern)...) }

// MaxEvents is how many events a [Topic] keeps. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func MaxEvents(n int) { eval.Record("MaxEvents", n) }

// MaxAge is how long a [Topic] keeps events. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func MaxAge(age string) { eval.Record("MaxAge", age) }

// OnGap says what a client gets whose last event ID is no longer in the
// [Topic]. It is not built yet: a design that uses it is refused.
//
//go:noinline
func OnGap(policy GapPolicy) { eval.Record("OnGap", int(policy)) }
