package e2e

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// release makes a script see this module as a released version, in a module
// cache of its own:
//
//	release v1.2.3
//
// What else is needed comes from the cache of the machine, as from a proxy.
func release(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: release VERSION")
	}
	proxy := ts.MkAbs(".proxy")
	ts.Check(writeRelease(ts.Getenv("REPO"), proxy, args[0]))
	shared := filepath.Join(ts.Getenv("GOMODCACHE"), "cache", "download")
	ts.Setenv("GOPROXY", "file://"+filepath.ToSlash(proxy)+",file://"+filepath.ToSlash(shared))
	ts.Setenv("GOSUMDB", "off")
	ts.Setenv("GOFLAGS", "-modcacherw") // not -trimpath: go tool would compile all again, without it
	ts.Setenv("GOMODCACHE", ts.MkAbs(".modcache"))
}

// writeRelease writes what a module proxy answers for the module in dir.
func writeRelease(dir, proxy, version string) error {
	m := module.Version{Path: "github.com/courant-dev/courant", Version: version}
	base := filepath.Join(proxy, filepath.FromSlash(m.Path), "@v")
	if err := os.MkdirAll(base, 0o755); err != nil {
		return err
	}
	info, err := json.Marshal(map[string]any{"Version": version, "Time": time.Unix(0, 0).UTC()})
	if err != nil {
		return err
	}
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return err
	}
	for name, data := range map[string][]byte{"list": []byte(version + "\n"), version + ".info": info, version + ".mod": mod} {
		if err := os.WriteFile(filepath.Join(base, name), data, 0o644); err != nil {
			return err
		}
	}
	files, err := moduleFiles(dir)
	if err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(base, version+".zip"))
	if err != nil {
		return err
	}
	defer f.Close()
	return zip.Create(f, m, files)
}

// moduleFiles returns the files of the module in dir: not its tests, and no
// directory that version control would not have.
func moduleFiles(dir string) ([]zip.File, error) {
	var files []zip.File
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			_, nested := os.Stat(filepath.Join(name, "go.mod"))
			if name != dir && (nested == nil || strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		if d.Type().IsRegular() && !strings.HasSuffix(d.Name(), "_test.go") {
			rel, err := filepath.Rel(dir, name)
			files = append(files, moduleFile{rel: filepath.ToSlash(rel), name: name})
			return err
		}
		return nil
	})
	return files, err
}

// moduleFile is a file of the module.
type moduleFile struct{ rel, name string }

func (f moduleFile) Path() string                 { return f.rel }
func (f moduleFile) Lstat() (os.FileInfo, error)  { return os.Lstat(f.name) }
func (f moduleFile) Open() (io.ReadCloser, error) { return os.Open(f.name) }
