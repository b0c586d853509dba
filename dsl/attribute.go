package dsl

import "github.com/courant-dev/courant/eval"

// Attribute is a named value of an object. It stands in [Type], in [Payload],
// [Result], [StreamingResult], [Error] and in Attribute itself. The forms are
//
//	Attribute("title")                                // a String
//	Attribute("count", Int)
//	Attribute("author", "User")                       // a type by its name
//	Attribute("count", Int, "How often it was read")  // with a description
//	Attribute("title", func() {                       // a String with rules
//		MinLength(1)
//	})
//	Attribute("count", Int, func() { … })
//	Attribute("count", Int, "How often", func() { Minimum(0) })
//	Attribute("author", func() {                      // an object, written in place
//		Attribute("name", String)
//		Required("name")
//	})
//
// An attribute is optional unless [Required] names it: in Go a pointer, nil
// for absent, or a slice or map that may be nil; with a [Default] it is a plain
// value. An object written in place, and a String with an [Enum], become Go
// types named after both: TaskStatus for "status" of Task.
//
// Two attributes of one object need different names in Go; user_id and userID
// are both UserID.
//
// In the function of [Body] it only names an attribute.
//
//go:noinline
func Attribute(name string, args ...any) {
	eval.Record("Attribute", append([]any{name}, args...)...)
}

// Field is [Attribute] with the number that the attribute has in Protocol
// Buffers, which other transports will need. Over HTTP the number says nothing.
//
//	Field(1, "title", String, "What it is about")
//
//go:noinline
func Field(tag any, name string, args ...any) {
	eval.Record("Field", append([]any{tag, name}, args...)...)
}

// Required names the attributes that must be there. It stands where the
// attributes stand, in any order with them. A payload without one of them is
// answered with status 400.
//
//	Required("title", "author")
//
//go:noinline
func Required(names ...string) { eval.Record("Required", list(names)...) }

// Default is the value of an optional attribute that is absent. In Go the
// attribute is then a plain value instead of a pointer, and always sent. It
// stands in [Attribute] and must satisfy the attribute's rules.
//
//	Attribute("limit", Int, func() {
//		Default(20)
//		Maximum(100)
//	})
//	Attribute("pause", Duration, func() { Default("1m30s") })
//
//go:noinline
func Default(value any) { eval.Record("Default", value) }

// Example is a value for the documents. It stands in [Attribute], in [Type]
// and in the other words that describe a value, as often as you like, and must
// satisfy the rules. The forms are
//
//	Example("milk")
//	Example("a short one", "milk")          // with a summary
//	Example("a short one", func() {
//		Description("As most people write it.")
//		Value("milk")
//	})
//	Example(Val{"title": "milk", "count": 2})
//
// Where a design has none, documents get examples of their own.
//
//go:noinline
func Example(args ...any) { eval.Record("Example", args...) }

// Value is the value of an [Example] that is written as a function.
//
//	Example("a short one", func() { Value("milk") })
//
//go:noinline
func Value(value any) { eval.Record("Value", value) }

// Val is an object as a value, in [Example] and [Default].
//
//	Example(Val{"title": "milk"})
type Val = eval.Val
