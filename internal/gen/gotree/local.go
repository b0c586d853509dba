package gotree

import (
	"go/token"
	"slices"
	"unicode"

	"github.com/courant-dev/courant/internal/goname"
)

// localName returns the name under which generated files import the package
// of a service. It differs from the package's own where that would hide
// something generated code uses, and does not depend on the file.
func localName(pkg string) string {
	if taken[pkg] {
		return pkg + "svc"
	}
	return pkg
}

// taken are the names that mean something in generated code: predeclared
// identifiers, packages that it imports, its parameters and variables.
var taken = set(
	"any", "append", "bool", "byte", "cap", "clear", "close", "comparable", "complex", "complex64",
	"complex128", "copy", "delete", "error", "false", "float32", "float64", "imag", "int", "int8",
	"int16", "int32", "int64", "iota", "len", "make", "max", "min", "new", "nil", "panic", "print",
	"println", "real", "recover", "rune", "string", "true", "uint", "uint8", "uint16", "uint32",
	"uint64", "uintptr",

	"client", "context", "courant", "errors", "fmt", "http", "hub", "io", "iter", "json", "log", "server",
	"strconv", "time", "topics", "types", "valid", "value", "wire",

	"after", "baseurl", "c", "ctx", "data", "e", "elem", "err", "event", "events", "h", "i", "id", "k", "key",
	"mux", "opts", "p", "plain", "r", "result", "s", "stream", "svc", "t", "topic", "v",
)

// Parameter returns a name for the parameter that the attribute called name
// becomes. It hides nothing that generated code uses, and is none of others.
func Parameter(name string, others ...string) string {
	r := []rune(goname.Exported(name))
	small := 0
	for small < len(r) && unicode.IsUpper(r[small]) && (small == 0 || small+1 == len(r) || !unicode.IsLower(r[small+1])) {
		r[small] = unicode.ToLower(r[small])
		small++
	}
	id := string(r)
	for taken[id] || token.IsKeyword(id) || slices.Contains(others, id) {
		id += "Value"
	}
	return id
}

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}
