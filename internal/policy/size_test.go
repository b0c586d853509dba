package policy

import (
	"go/ast"
	"path"
	"strings"
	"testing"
)

// The limits of hand-written code, tests included. The table of a test is data
// and does not count as its function's.
const (
	maxFile     = 500
	maxFunction = 70
)

// longFunctions may be longer than [maxFunction], each for its reason.
var longFunctions = map[string]string{}

// vagueNames say nothing of what a file holds.
var vagueNames = []string{"util", "utils", "common", "helper", "helpers", "types", "misc", "base"}

func TestFilesAreShort(t *testing.T) {
	for _, f := range load(t).files {
		if f.size > maxFile {
			t.Errorf("%s has %d lines, %d is the limit: split it by its nouns", f.name, f.size, maxFile)
		}
	}
}

func TestFunctionsAreShort(t *testing.T) {
	r := load(t)
	long := map[string]bool{}
	for _, f := range r.files {
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines := r.lines(fn)
			if f.isTest() {
				lines -= r.table(fn)
			}
			if lines <= maxFunction {
				continue
			}
			name := f.dir() + "." + fn.Name.Name
			long[name] = true
			if longFunctions[name] == "" {
				t.Errorf("%s: %s has %d lines, %d is the limit", f.name, name, lines, maxFunction)
			}
		}
	}
	for name := range longFunctions {
		if !long[name] {
			t.Errorf("%s is allowed to be long and is not: remove it from the list", name)
		}
	}
}

// lines is how many lines a node has.
func (r *repository) lines(n ast.Node) int {
	return r.set.Position(n.End()).Line - r.set.Position(n.Pos()).Line + 1
}

// table is how many lines the composite literals in fn have, those inside
// others not counted again.
func (r *repository) table(fn *ast.FuncDecl) int {
	lines := 0
	ast.Inspect(fn, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if ok {
			lines += r.lines(literal) - 1
		}
		return !ok
	})
	return lines
}

func TestFilesAreNamedForWhatTheyHold(t *testing.T) {
	for _, f := range load(t).files {
		base := strings.TrimSuffix(strings.TrimSuffix(path.Base(f.name), ".go"), "_test")
		for _, vague := range vagueNames {
			if base == vague || path.Base(f.dir()) == vague {
				t.Errorf("%s: %q says nothing of what it holds", f.name, vague)
			}
		}
	}
}
