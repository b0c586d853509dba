package policy

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// module is the path of the module whose packages the rules are about. Modules
// inside it have paths that begin with it.
const module = "github.com/courant-dev/courant"

// repository is every hand-written Go file of every module.
type repository struct {
	root  string
	set   *token.FileSet
	files []*file
}

// file is one hand-written Go file.
type file struct {
	name string // slash-separated, from the root
	ast  *ast.File
	size int // lines
}

func (f *file) isTest() bool { return strings.HasSuffix(f.name, "_test.go") }

// dir is the path of the file's package from the root, "." for the root.
func (f *file) dir() string { return path.Dir(f.name) }

// isNoCode are directories without Go code of ours.
func isNoCode(name string) bool {
	return name == "testdata" || name == "node_modules" || name != "." && strings.HasPrefix(name, ".")
}

// load parses the repository. It leaves out what is generated.
func load(t *testing.T) *repository {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	r := &repository{root: root, set: token.NewFileSet()}
	err = fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && isNoCode(d.Name()):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		return r.add(name)
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *repository) add(name string) error {
	text, err := os.ReadFile(filepath.Join(r.root, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	parsed, err := parser.ParseFile(r.set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	if !ast.IsGenerated(parsed) {
		r.files = append(r.files, &file{name: name, ast: parsed, size: bytes.Count(text, []byte{'\n'})})
	}
	return nil
}

// packages returns the files that are no tests by directory.
func (r *repository) packages() map[string][]*file {
	out := map[string][]*file{}
	for _, f := range r.files {
		if !f.isTest() {
			out[f.dir()] = append(out[f.dir()], f)
		}
	}
	return out
}
