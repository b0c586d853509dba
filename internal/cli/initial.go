package cli

import (
	"embed"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

// initial are the files of a new module. They belong to the user afterwards.
//
//go:embed initial
var initial embed.FS

// blanks is what the files of a new module leave open.
type blanks struct {
	Module  string // path of the new module
	Name    string // what it is called in titles
	Version string // of the courant module
	Replace string // directory of the courant module, quoted for go.mod; empty for a released one
}

// write fills the files in and writes them below dir.
func (b blanks) write(dir string) error {
	files, err := fs.Sub(initial, "initial")
	if err != nil {
		return err
	}
	return fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(dir, filepath.FromSlash(strings.TrimSuffix(name, ".tmpl")))
		if d.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		if filepath.Base(target) == "gitignore" {
			target = filepath.Join(dir, ".gitignore")
		}
		t, err := template.ParseFS(files, name)
		if err != nil {
			return err
		}
		f, err := os.Create(target)
		if err != nil {
			return err
		}
		if err := t.Execute(f, b); err != nil {
			_ = f.Close()
			return err
		}
		return f.Close()
	})
}
