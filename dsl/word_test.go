package dsl_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// words returns the exported functions of package dsl, and the names of the
// files where they stand.
func words(t *testing.T) map[*ast.FuncDecl]string {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	out := map[*ast.FuncDecl]string{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.IsExported() {
				out[fn] = e.Name()
			}
		}
	}
	return out
}

// TestWordsRecordThemselves proves that each word records its own name, by a
// call of its own: the place of a word is that of its caller.
func TestWordsRecordThemselves(t *testing.T) {
	for fn := range words(t) {
		records := 0
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); !ok || sel.Sel.Name != "Record" {
				return true
			}
			records++
			if name := call.Args[0].(*ast.BasicLit).Value; name != `"`+fn.Name.Name+`"` {
				t.Errorf("%s records %s", fn.Name, name)
			}
			return true
		})
		if records == 0 {
			t.Errorf("%s does not call eval.Record", fn.Name)
		}
	}
}

// TestWordsDoNotInline proves that the compiler is told so: where words are
// inlined into each other's functions, a large design takes minutes to compile.
func TestWordsDoNotInline(t *testing.T) {
	for fn := range words(t) {
		if fn.Doc == nil || !strings.HasSuffix(fn.Doc.List[len(fn.Doc.List)-1].Text, "//go:noinline") {
			t.Errorf("%s lacks //go:noinline", fn.Name)
		}
	}
}

// TestWordsShowTheirUse proves that every word that is built has an example.
func TestWordsShowTheirUse(t *testing.T) {
	for fn, file := range words(t) {
		doc := fn.Doc.Text()
		switch {
		case !strings.HasPrefix(doc, fn.Name.Name+" "):
			t.Errorf("the comment of %s does not begin with its name", fn.Name)
		case strings.HasPrefix(file, "later_"):
			if !strings.Contains(strings.ReplaceAll(doc, "\n", " "), "It is not built yet") {
				t.Errorf("the comment of %s does not say that it is not built", fn.Name)
			}
		case !strings.Contains(doc, "\n\t"):
			t.Errorf("the comment of %s has no example", fn.Name)
		}
	}
}
