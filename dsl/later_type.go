package dsl

import "github.com/courant-dev/courant/eval"

// OneOf is an attribute that has one of several types. It is not built yet: a
// design that uses it is refused.
//
//go:noinline
func OneOf(name string, args ...any) { eval.Record("OneOf", append([]any{name}, args...)...) }

// ResultType is a type with views. It is not built yet: a design that uses it
// is refused.
//
//go:noinline
func ResultType(identifier string, args ...any) DataType {
	return eval.Record("ResultType", append([]any{identifier}, args...)...)
}

// CollectionOf is an array of a [ResultType]. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func CollectionOf(elem any, fn ...func()) DataType {
	return eval.Record("CollectionOf", with(fn, elem)...)
}

// Attributes groups the attributes of a [ResultType]. It is not built yet: a
// design that uses it is refused.
//
//go:noinline
func Attributes(fn func()) { eval.Record("Attributes", fn) }

// View names the attributes that a view of a [ResultType] shows. It is not
// built yet: a design that uses it is refused.
//
//go:noinline
func View(name string, fn ...func()) { eval.Record("View", with(fn, name)...) }

// TypeName names the Go type of a [ResultType]. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func TypeName(name string) { eval.Record("TypeName", name) }

// ErrorName is the attribute that holds the name of an error. It is not built
// yet: a design that uses it is refused.
//
//go:noinline
func ErrorName(args ...any) { eval.Record("ErrorName", args...) }

// ExclusiveMinimum is the number that a value must be above of; see [Minimum].
// It is not built yet: a design that uses it is refused.
//
//go:noinline
func ExclusiveMinimum(value any) { eval.Record("ExclusiveMinimum", value) }

// ExclusiveMaximum is the number that a value must be below of; see [Maximum].
// It is not built yet: a design that uses it is refused.
//
//go:noinline
func ExclusiveMaximum(value any) { eval.Record("ExclusiveMaximum", value) }

// ConvertTo converts a type to a Go struct of yours. It is not built yet: a
// design that uses it is refused.
//
//go:noinline
func ConvertTo(value any) { eval.Record("ConvertTo", value) }

// CreateFrom makes a type from a Go struct of yours. It is not built yet: a
// design that uses it is refused.
//
//go:noinline
func CreateFrom(value any) { eval.Record("CreateFrom", value) }
