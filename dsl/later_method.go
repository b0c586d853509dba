package dsl

import "github.com/courant-dev/courant/eval"

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
