// Package dsl is the design language: the words that a design is written in.
//
// It holds the words, their documentation and nothing else: what they mean is
// decided by package eval. A design is a Go package that imports the words with
// a dot and calls them at its top:
//
//	package design
//
//	import . "github.com/courant-dev/courant/dsl"
//
//	var Event = Type("Event", func() {
//		Attribute("message", String, "Message body")
//		Required("message")
//	})
//
//	var _ = Service("sse", func() {
//		Method("stream", func() {
//			StreamingResult(Event)
//			HTTP(func() {
//				GET("/events/stream")
//				ServerSentEvents()
//			})
//		})
//	})
//
// # Terminology
//
// A word is a function of this package; the function given to it is its body.
// A service is a set of methods. A method has a payload (its input), a result
// (its one answer) or a stream of events, and errors. A type says what a value
// can be; an attribute is a named value of an object.
//
// # Order
//
// Types and services may refer to each other in any order and across files.
// A type is named by the Go variable that holds it, or by its name as a
// string, which is how a type refers to itself.
//
// Faults of a design are reported all at once, each at the place of the word
// that is wrong. Words that are known from Goa and not built yet are faults
// that say so.
package dsl

import "github.com/courant-dev/courant/eval"

// DataType is what may stand where a type is wanted: a primitive such as
// [String], or what [Type], [ArrayOf] and [MapOf] return. The name of a type,
// as a string, may stand there too.
type DataType = eval.DataType

// with returns the arguments of a call whose functions are optional.
func with(fns []func(), args ...any) []any {
	for _, fn := range fns {
		args = append(args, fn)
	}
	return args
}

// list returns names as arguments of a call.
func list(names []string) []any {
	args := make([]any, len(names))
	for i, n := range names {
		args[i] = n
	}
	return args
}
