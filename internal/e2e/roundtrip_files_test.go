package e2e

import (
	"bytes"
	"context"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/courant-dev/courant/internal/load"
	"github.com/courant-dev/courant/model"
)

// The lines that generated code may have, examples of clients aside.
const (
	linesPerService    = 90
	linesPerMethod     = 40
	linesPerTopic      = 45 // what publishes, reads and serves
	linesPerType       = 10 // or error
	linesPerAttribute  = 3  // of an object
	linesPerConstraint = 8
	linesPerAlias      = 4   // of a type that services share
	linesOfFirstDesign = 150 // that of the page of the language
)

// checkFiles proves that what a design generated is as gofmt writes it, and no
// longer than it may be.
func (m *tripModule) checkFiles(t *testing.T, design string) {
	t.Helper()
	lines := 0
	root := os.DirFS(filepath.Join(m.dir, filepath.Dir(design), "gen"))
	check(t, fs.WalkDir(root, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") {
			return err
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		formatted, err := format.Source(text)
		if err == nil && !bytes.Equal(formatted, text) {
			t.Errorf("%s is not as gofmt writes it", name)
		}
		if filepath.Base(name) != "example_test.go" {
			lines += bytes.Count(text, []byte("\n"))
		}
		return err
	}))
	limit, err := strconv.Atoi(m.run(t, "budget", "./"+design))
	check(t, err)
	if strings.HasPrefix(design, "first/") {
		limit = linesOfFirstDesign
	}
	if lines > limit {
		t.Errorf("%s: %d lines are generated, %d is the limit", design, lines, limit)
	}
}

// printBudget is the command budget, in a process of this test's binary: it
// prints how many lines may be generated of the design that its argument names.
// In the environment of courant gen, the design is not compiled again.
func printBudget() {
	design, err := loadDesign(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(budget(design))
}

func loadDesign(pattern string) (*model.Design, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	loaded, err := load.Load(context.Background(), pattern,
		load.Options{Dir: dir, Output: os.Stderr, Cache: filepath.Join(cache, "courant")})
	if err != nil {
		return nil, err
	}
	return loaded.Design, nil
}

// budget returns how many lines may be generated of a design.
func budget(d *model.Design) int {
	lines := 0
	for _, s := range d.Services {
		lines += linesPerService + linesPerMethod*len(s.Methods) + linesPerType*len(s.Errors)
		for _, m := range s.Methods {
			if m.Topic != nil {
				lines += linesPerTopic
			}
			for _, a := range []*model.Attribute{m.Payload, m.Result, m.Event} {
				lines += linesPerConstraint * constraints(a)
			}
		}
	}
	for _, t := range d.Types {
		lines += linesPerType + linesPerAttribute*len(t.Def.Attributes)
		lines += linesPerConstraint * constraints(&model.Attribute{Type: t.Def, Rules: t.Rules})
		if len(t.Services) > 1 {
			lines += linesPerAlias * len(t.Services)
		}
	}
	return lines
}

// constraints returns how many rules a and its parts have.
func constraints(a *model.Attribute) (n int) {
	if a == nil {
		return 0
	}
	r := a.Rules
	for _, isSet := range []bool{
		r.Enum != nil, r.Format != 0, r.Pattern != "", r.Minimum != "", r.Maximum != "", r.MinLength != nil, r.MaxLength != nil,
	} {
		if isSet {
			n++
		}
	}
	for _, inner := range append([]*model.Attribute{a.Type.Key, a.Type.Elem}, a.Type.Attributes...) {
		n += constraints(inner)
	}
	return n
}
