package load

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/parser"
	"go/token"
	"hash"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// key returns the digest of all that the design program depends on. Contents
// are read, not times compared: the files are few, and a file that was saved
// twice within a tick of the clock must not be missed. What is in the module
// cache or in the standard library does not change.
func (rec *record) key(pkg Package) string {
	h := sha256.New()
	rec.note(h, pkg, noteFile)
	for _, dir := range rec.Trees {
		noteTree(h, dir)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// shape returns the digest of all that decides from which directories the
// program is built: the same as for the key, but of a source only its imports.
func (rec *record) shape(pkg Package) string {
	h := sha256.New()
	rec.note(h, pkg, noteHeader)
	return hex.EncodeToString(h.Sum(nil))
}

func (rec *record) note(h hash.Hash, pkg Package, source func(hash.Hash, string)) {
	note(h, schema, mainProgram, pkg.Dir, pkg.ImportPath)
	noteGo(h)
	// Looked up each time: a file of the kind may have come into being.
	note(h, above(pkg.Dir, "go.mod"), workFile(pkg.Dir))
	for _, file := range rec.Files {
		noteFile(h, file)
	}
	for _, dir := range rec.Dirs {
		noteDir(h, dir, source)
	}
}

func digest(texts ...string) string {
	h := sha256.New()
	note(h, texts...)
	return hex.EncodeToString(h.Sum(nil))
}

// note adds texts so that no two lists of them are alike.
func note(h hash.Hash, texts ...string) {
	for _, t := range texts {
		fmt.Fprintf(h, "%d:%s\n", len(t), t)
	}
}

// noteGo adds the go command and its settings.
func noteGo(h hash.Hash) {
	if file, err := exec.LookPath("go"); err == nil {
		if info, err := os.Stat(file); err == nil {
			note(h, file, fmt.Sprint(info.Size(), info.ModTime().UnixNano()))
		}
	}
	settings := []string{}
	for _, kv := range os.Environ() {
		if strings.HasPrefix(kv, "GO") || strings.HasPrefix(kv, "CGO_") {
			settings = append(settings, kv)
		}
	}
	slices.Sort(settings)
	note(h, settings...)
	file := os.Getenv("GOENV")
	if file == "" {
		if dir, err := os.UserConfigDir(); err == nil {
			file = filepath.Join(dir, "go", "env")
		}
	}
	noteFile(h, file)
}

func noteFile(h hash.Hash, file string) {
	f, err := os.Open(file)
	if err != nil {
		note(h, file, "none")
		return
	}
	defer f.Close()
	note(h, file)
	n, err := io.Copy(h, f)
	note(h, fmt.Sprint(n, err))
}

// noteDir adds the files from which the go command could make the package.
func noteDir(h hash.Hash, dir string, source func(hash.Hash, string)) {
	entries, err := os.ReadDir(dir)
	note(h, dir, fmt.Sprint(err))
	for _, e := range entries {
		if isSource(e) {
			source(h, filepath.Join(dir, e.Name()))
		}
	}
}

// noteHeader adds a file up to the end of its imports: build constraints, the
// package, what is imported. A file that embeds others is added as a whole.
func noteHeader(h hash.Hash, file string) {
	text, err := os.ReadFile(file)
	note(h, file, fmt.Sprint(err))
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, file, text, parser.ImportsOnly)
	if err == nil && !bytes.Contains(text, []byte("//go:embed")) {
		end := f.Name.End()
		if n := len(f.Decls); n > 0 {
			end = f.Decls[n-1].End()
		}
		text = text[:set.PositionFor(end, false).Offset]
	}
	note(h, string(text))
}

func isSource(e fs.DirEntry) bool {
	if e.IsDir() || strings.HasSuffix(e.Name(), "_test.go") {
		return false
	}
	switch filepath.Ext(e.Name()) {
	case ".go", ".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx", ".f", ".F", ".for", ".f90", ".s", ".S", ".sx", ".swig", ".swigcxx", ".syso":
		return true
	}
	return false
}

// noteTree adds what could be embedded from dir, by size and time: it may be
// large.
func noteTree(h hash.Hash, dir string) {
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == ".git" {
			return filepath.SkipDir
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if d.IsDir() {
			note(h, name)
			return nil
		}
		note(h, name, fmt.Sprint(info.Size(), info.ModTime().UnixNano(), info.Mode()))
		return nil
	})
	note(h, fmt.Sprint(err))
}

// changedSince reports whether something that the key covers was changed at or
// after the time, in nanoseconds.
func (rec *record) changedSince(nano int64) bool {
	changed := func(name string) bool {
		info, err := os.Stat(name)
		return err == nil && info.ModTime().UnixNano() >= nano
	}
	for _, dir := range rec.Dirs {
		entries, err := os.ReadDir(dir)
		if err != nil || slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
			return isSource(e) && changed(filepath.Join(dir, e.Name()))
		}) {
			return true
		}
	}
	return slices.ContainsFunc(rec.Files, changed)
}
