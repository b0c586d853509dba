package load

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// courantPath is the module whose language a design is written in.
const courantPath = "github.com/courant-dev/courant"

// Package is a design package.
type Package struct {
	Dir        string // absolute
	ImportPath string
	Module     string // path of its module
	Root       string // directory of its module, absolute
}

// find resolves pattern without running the go command, because that alone
// takes longer than everything else does when nothing has changed.
func (l *loader) find(pattern string) (Package, error) {
	defer l.phase("find the package")()
	if strings.HasSuffix(pattern, ".go") {
		return Package{}, fmt.Errorf("%s is a file: name the directory or the import path of the design package, such as ./%s",
			pattern, filepath.ToSlash(filepath.Dir(pattern)))
	}
	if strings.Contains(pattern, "...") {
		return Package{}, fmt.Errorf("%s names several packages: a design is one", pattern)
	}
	dir := pattern
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(l.Dir, dir)
	}
	info, err := os.Stat(dir)
	switch {
	case err == nil && info.IsDir():
		return l.inspect(dir)
	case isPath(pattern):
		return Package{}, fmt.Errorf("there is no directory %s", pattern)
	}
	return l.findImport(pattern)
}

// isPath reports whether pattern cannot be an import path.
func isPath(pattern string) bool {
	slashed := filepath.ToSlash(pattern)
	return filepath.IsAbs(pattern) || slashed == "." || slashed == ".." ||
		strings.HasPrefix(slashed, "./") || strings.HasPrefix(slashed, "../") || strings.Contains(pattern, `\`)
}

// findImport finds an import path in the module around Dir or in one of its
// workspace.
func (l *loader) findImport(importPath string) (Package, error) {
	file := above(l.Dir, "go.mod")
	modules := l.workspace()
	if file != "" {
		modules = append([]string{filepath.Dir(file)}, modules...)
	}
	if len(modules) == 0 {
		return Package{}, fmt.Errorf("there is no directory %s here, and no module in which to look for a package %s", importPath, importPath)
	}
	var names []string
	for _, root := range modules {
		name, err := modulePath(filepath.Join(root, "go.mod"))
		if err != nil {
			continue
		}
		rest, ok := strings.CutPrefix(importPath+"/", name+"/")
		if !ok {
			names = append(names, name)
			continue
		}
		dir := filepath.Join(root, filepath.FromSlash(path.Clean("/"+rest)))
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return Package{}, fmt.Errorf("there is no package %s: the directory %s does not exist", importPath, l.shown(dir))
		}
		return l.inspect(dir)
	}
	return Package{}, fmt.Errorf("there is no directory %s here, and %s is no package of module %s",
		importPath, importPath, strings.Join(names, " or "))
}

// workspace returns the directories of the modules of go.work.
func (l *loader) workspace() []string {
	file := workFile(l.Dir)
	if file == "" {
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	work, err := modfile.ParseWork(file, data, nil)
	if err != nil {
		return nil // the go command has a better message for it
	}
	var dirs []string
	for _, u := range work.Use {
		dirs = append(dirs, rooted(filepath.Dir(file), u.Path))
	}
	return dirs
}

// inspect makes a Package of its directory.
func (l *loader) inspect(dir string) (Package, error) {
	// Resolved, because the go command and the places in the design are.
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return Package{}, err
	}
	file := above(dir, "go.mod")
	if file == "" {
		return Package{}, fmt.Errorf("%s is in no module: create one with\n\tgo mod init example.com/app", l.shown(dir))
	}
	module, err := modulePath(file)
	if err != nil {
		return Package{}, fmt.Errorf("%s: %w", l.shown(file), err)
	}
	root := filepath.Dir(file)
	rel, err := filepath.Rel(root, dir)
	if err != nil {
		return Package{}, err
	}
	return Package{Dir: dir, ImportPath: path.Join(module, filepath.ToSlash(rel)), Module: module, Root: root}, nil
}

func modulePath(file string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	if p := modfile.ModulePath(data); p != "" {
		return p, nil
	}
	return "", errors.New("no module line")
}

// above returns the file called name in dir or the nearest directory above.
func above(dir, name string) string {
	for {
		file := filepath.Join(dir, name)
		if info, err := os.Stat(file); err == nil && !info.IsDir() {
			return file
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return ""
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// workFile returns the go.work file in force in dir, or "".
func workFile(dir string) string {
	switch file := os.Getenv("GOWORK"); file {
	case "off":
		return ""
	case "":
		return above(dir, "go.work")
	default:
		return file
	}
}

func rooted(dir, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, filepath.FromSlash(name))
}

// shown returns file as the user would name it from where they are.
func (l *loader) shown(file string) string { return Shown(l.Dir, file) }

// Shown returns the absolute path file relative to dir when it is inside, else
// as it is.
func Shown(dir, file string) string {
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		if rel, err := filepath.Rel(resolved, file); err == nil && filepath.IsLocal(rel) {
			return rel
		}
	}
	if rel, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return file
}

// ImportPath returns the import path of the directory, which is absolute and
// need not exist.
func ImportPath(dir string) (string, error) {
	file := above(dir, "go.mod")
	if file == "" {
		return "", fmt.Errorf("%s is in no module", dir)
	}
	module, err := modulePath(file)
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	rel, err := filepath.Rel(filepath.Dir(file), dir)
	if err != nil {
		return "", err
	}
	return path.Join(module, filepath.ToSlash(rel)), nil
}
