package dsl

import "github.com/courant-dev/courant/eval"

// TermsOfService links the terms of use. It is not built yet and says nothing:
// a design that uses it gets a warning.
//
//go:noinline
func TermsOfService(terms string) { eval.Record("TermsOfService", terms) }

// Contact says whom to ask about the API. It is not built yet and says
// nothing: a design that uses it gets a warning.
//
//go:noinline
func Contact(fn func()) { eval.Record("Contact", fn) }

// License is the licence of the API. It is not built yet and says nothing: a
// design that uses it gets a warning.
//
//go:noinline
func License(fn func()) { eval.Record("License", fn) }

// Docs links documentation elsewhere. It is not built yet and says nothing: a
// design that uses it gets a warning.
//
//go:noinline
func Docs(fn func()) { eval.Record("Docs", fn) }

// Name is the name of a [Contact] or a [License]. It is not built yet: a
// design that uses it is refused.
//
//go:noinline
func Name(name string) { eval.Record("Name", name) }

// Email is the address of a [Contact]. It is not built yet: a design that uses
// it is refused.
//
//go:noinline
func Email(email string) { eval.Record("Email", email) }

// URL is the address of a [Contact], a [License] or [Docs]. It is not built
// yet: a design that uses it is refused.
//
//go:noinline
func URL(url string) { eval.Record("URL", url) }

// Meta gives hints to generators. It is not built yet and says nothing: a
// design that uses it gets a warning.
//
//go:noinline
func Meta(key string, values ...string) { eval.Record("Meta", append([]any{key}, list(values)...)...) }

// RemoveMeta takes a hint of [Meta] back. It is not built yet and says
// nothing: a design that uses it gets a warning.
//
//go:noinline
func RemoveMeta(key string) { eval.Record("RemoveMeta", key) }

// Randomizer chooses examples at random; those of documents are always the
// same. It is not built yet and says nothing: a design that uses it gets a
// warning.
//
//go:noinline
func Randomizer(randomizer any) { eval.Record("Randomizer", randomizer) }

// Variable is a variable of a [URI]. It is not built yet: a design that uses
// it is refused.
//
//go:noinline
func Variable(name string, args ...any) { eval.Record("Variable", append([]any{name}, args...)...) }
