package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// listed is a package as go list describes it.
type listed struct {
	ImportPath     string
	Name           string
	Dir            string
	Standard       bool
	DepOnly        bool
	GoFiles        []string
	CgoFiles       []string
	IgnoredGoFiles []string
	TestGoFiles    []string
	XTestGoFiles   []string
	EmbedPatterns  []string
	Imports        []string
	Module         *listedModule
	Error          *listedError
}

type listedModule struct {
	Path    string
	Version string
	GoMod   string
	Main    bool
	Replace *listedModule
}

type listedError struct{ Err string }

const listFields = "-json=ImportPath,Name,Dir,Standard,DepOnly,GoFiles,CgoFiles,IgnoredGoFiles,TestGoFiles,XTestGoFiles,EmbedPatterns,Imports,Module,Error"

// list returns the design package, which is last, and all that it imports.
func (l *loader) list(ctx context.Context, pkg Package) ([]listed, error) {
	var stdout, stderr bytes.Buffer
	cmd := goCommand(ctx, pkg, "list", "-e", "-deps", modFlag(pkg), listFields, ".")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	runErr := cmd.Run()
	var all []listed
	for d := json.NewDecoder(&stdout); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	if runErr != nil || len(all) == 0 {
		return nil, l.goFailed("go list", stderr.Bytes(), runErr, pkg)
	}
	return all, nil
}

// isFixed reports whether the package cannot change: it is from the standard
// library or, in a version, from the module cache.
func (p *listed) isFixed(vendored bool) bool {
	if p.Standard {
		return true
	}
	if vendored || p.Module == nil || p.Module.Main {
		return false
	}
	m := p.Module
	if m.Replace != nil {
		m = m.Replace
	}
	return m.Version != ""
}

// newRecord returns the record of a design with these packages; the key and
// the program are still missing.
func newRecord(pkg Package, all []listed) *record {
	rec := &record{Files: moduleFiles(pkg)}
	vendored := modFlag(pkg) == "-mod=vendor"
	for i := range all {
		p := &all[i]
		if p.ImportPath == courantPath+"/eval" && p.Module != nil {
			rec.Required = p.Module.Version
			if p.Module.Replace != nil {
				rec.Required = p.Module.Replace.Version
			}
		}
		if p.isFixed(vendored) || p.Dir == "" {
			continue
		}
		rec.Dirs = append(rec.Dirs, p.Dir)
		if len(p.EmbedPatterns) > 0 {
			rec.Trees = append(rec.Trees, p.Dir)
		}
		if p.Module != nil && p.Module.GoMod != "" {
			rec.Files = append(rec.Files, p.Module.GoMod)
		}
	}
	for _, names := range []*[]string{&rec.Files, &rec.Dirs, &rec.Trees} {
		slices.Sort(*names)
		*names = slices.Compact(*names)
	}
	return rec
}

// moduleFiles returns the files that choose the versions of modules.
func moduleFiles(pkg Package) []string {
	module := filepath.Join(pkg.Root, "go.mod")
	files := []string{module, filepath.Join(pkg.Root, "go.sum"), filepath.Join(pkg.Root, "vendor", "modules.txt")}
	files = append(files, replacements(module)...)
	work := workFile(pkg.Dir)
	if work == "" {
		return files
	}
	dir := filepath.Dir(work)
	files = append(files, work, work+".sum", filepath.Join(dir, "vendor", "modules.txt"))
	data, err := os.ReadFile(work)
	if err != nil {
		return files
	}
	f, err := modfile.ParseWork(work, data, nil)
	if err != nil {
		return files
	}
	for _, u := range f.Use {
		used := filepath.Join(rooted(dir, u.Path), "go.mod")
		files = append(append(files, used), replacements(used)...)
	}
	return append(files, replaced(dir, f.Replace)...)
}

// replacements returns the go.mod files of the directories that stand for
// modules in the go.mod file.
func replacements(file string) []string {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	f, err := modfile.Parse(file, data, nil)
	if err != nil {
		return nil
	}
	return replaced(filepath.Dir(file), f.Replace)
}

func replaced(dir string, rs []*modfile.Replace) []string {
	var files []string
	for _, r := range rs {
		if r.New.Version == "" {
			files = append(files, filepath.Join(rooted(dir, r.New.Path), "go.mod"))
		}
	}
	return files
}

// modFlag returns the flag that keeps go.mod as it is, whatever GOFLAGS says.
func modFlag(pkg Package) string {
	roots := []string{pkg.Root}
	if work := workFile(pkg.Dir); work != "" {
		roots = []string{filepath.Dir(work)}
	}
	for _, root := range roots {
		if _, err := os.Stat(filepath.Join(root, "vendor", "modules.txt")); err == nil {
			return "-mod=vendor"
		}
	}
	return "-mod=readonly"
}

// isCourant reports whether the import path is in the courant module.
func isCourant(importPath string) bool {
	return importPath == courantPath || strings.HasPrefix(importPath, courantPath+"/")
}
