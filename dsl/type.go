package dsl

import (
	"github.com/courant-dev/courant/eval"
	"github.com/courant-dev/courant/model"
)

// The primitive types. The comment says what they are in Go and in JSON.
const (
	Boolean   = eval.Primitive(model.Boolean)   // bool
	Int       = eval.Primitive(model.Int)       // int64
	Int32     = eval.Primitive(model.Int32)     // int32
	Int64     = eval.Primitive(model.Int64)     // int64
	UInt      = eval.Primitive(model.UInt)      // uint64
	UInt32    = eval.Primitive(model.UInt32)    // uint32
	UInt64    = eval.Primitive(model.UInt64)    // uint64
	Float32   = eval.Primitive(model.Float32)   // float32
	Float64   = eval.Primitive(model.Float64)   // float64
	String    = eval.Primitive(model.String)    // string
	Bytes     = eval.Primitive(model.Bytes)     // []byte; base64 in JSON, query, path and headers
	Any       = eval.Primitive(model.Any)       // any; whatever JSON holds
	Timestamp = eval.Primitive(model.Timestamp) // time.Time; RFC 3339, such as "2006-01-02T15:04:05Z"
	Duration  = eval.Primitive(model.Duration)  // time.Duration; ISO 8601, such as "PT1M30S"
)

// The built-in types that a design cannot look into.
const (
	// Empty is no value: Payload(Empty) is a method without input, Body(Empty)
	// an answer without body.
	Empty = eval.Empty
	// ErrorResult is the built-in error, which is also what [Error] means
	// without a type.
	ErrorResult = eval.ErrorResult
)

// Type declares a user type and returns it, to stand where a type is wanted.
// It stands at the top of a design. The forms are
//
//	var Note = Type("Note", func() {                // an object
//		Description("A note that people share.")
//		Attribute("title", String)
//		Attribute("replies", ArrayOf("Note"))   // a type refers to itself by its name
//		Required("title")
//	})
//	var Email = Type("Email", String, func() {      // another type, with rules
//		Format(FormatEmail)
//	})
//	var Tags = Type("Tags", ArrayOf(String))        // a collection
//	var Status = Type("Status", String, func() {    // a Go type with constants
//		Enum("open", "done")
//	})
//	var Memo = Type("Memo", Note, func() {          // an object with the attributes of another
//		Attribute("author", String)
//	})
//
// In Go an object is a struct that is passed by pointer, anything else a named
// type. Types that no method reaches are checked and not generated.
//
//go:noinline
func Type(name string, args ...any) DataType {
	return eval.Record("Type", append([]any{name}, args...)...)
}

// ArrayOf is the type of arrays of elem: []T in Go. The function says what
// every element must satisfy.
//
//	Attribute("tags", ArrayOf(String, func() {
//		MaxLength(20)       // of each tag
//	}), func() {
//		MaxLength(10)       // of the array
//	})
//
//go:noinline
func ArrayOf(elem any, fn ...func()) DataType { return eval.Record("ArrayOf", with(fn, elem)...) }

// ArrayOfRequired is [ArrayOf]: elements are never null here.
//
//	Attribute("tags", ArrayOfRequired(String))
//
//go:noinline
func ArrayOfRequired(elem any, fn ...func()) DataType {
	return eval.Record("ArrayOfRequired", with(fn, elem)...)
}

// MapOf is the type of maps: map[K]V in Go, an object in JSON. Keys are
// scalars; those that are no strings travel as text. The function holds [Key]
// and [Elem].
//
//	MapOf(String, Int, func() {
//		Key(func() { Pattern("^[a-z]+$") })
//		Elem(func() { Minimum(0) })
//	})
//
//go:noinline
func MapOf(key, elem any, fn ...func()) DataType {
	return eval.Record("MapOf", with(fn, key, elem)...)
}

// Key says what the keys of a map must satisfy. It stands in [MapOf], and in
// an attribute that is a map.
//
//	Attribute("scores", MapOf(String, Int), func() {
//		Key(func() { MinLength(1) })
//	})
//
//go:noinline
func Key(fn func()) { eval.Record("Key", fn) }

// Elem says what the elements of a collection must satisfy. It stands in
// [MapOf], and in an attribute that is an array or a map.
//
//	Attribute("scores", MapOf(String, Int), func() {
//		Elem(func() { Minimum(0) })
//	})
//
//go:noinline
func Elem(fn func()) { eval.Record("Elem", fn) }

// Extend gives an object the attributes of another one, required ones
// included. It stands in [Type] and wherever an object is written in place. An
// attribute that is declared again replaces the one that was inherited.
//
//	var Memo = Type("Memo", func() {
//		Extend(Note)
//		Attribute("author", String)
//	})
//
//go:noinline
func Extend(t any) { eval.Record("Extend", t) }

// Reference lets an object name attributes of another one: an [Attribute]
// without a type is what the other says of it, but for being required. Nothing
// is inherited that is not named.
//
//	Payload(func() {
//		Reference(Note)
//		Attribute("title")      // type, description and rules of Note's
//		Required("title")
//	})
//
//go:noinline
func Reference(t any) { eval.Record("Reference", t) }
