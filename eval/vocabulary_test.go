package eval

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestVocabulary proves that the words of package dsl and of this package are
// the same: those that dsl documents as built are built here.
func TestVocabulary(t *testing.T) {
	files, err := filepath.Glob("../dsl/*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, src, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() {
				continue
			}
			w, known := vocabulary[fn.Name.Name]
			seen[fn.Name.Name] = true
			if built := known && w.state == built; built == strings.Contains(file, "later_") {
				t.Errorf("%s of %s: built here is %t", fn.Name, filepath.Base(file), built)
			}
		}
	}
	for name := range vocabulary {
		if !seen[name] {
			t.Errorf("package dsl has no word %s", name)
		}
	}
	if i := slices.Index(scopeNames[:], ""); i >= 0 {
		t.Errorf("scope %d has no name", i)
	}
}
