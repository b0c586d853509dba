package load

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// mainProgram is the main package of a design program, with DESIGN for the
// import path.
//
//go:embed main.go.txt
var mainProgram string

// mainDir is where the main package pretends to be: below the design package,
// because from there it may import whatever package the design is, an internal
// one too.
const mainDir = "courantmain"

// built is what came of go build.
type built struct {
	output []byte
	err    error
}

// build compiles the design program and records what it was built from. The
// record of the build before, or an empty one, is old.
func (l *loader) build(ctx context.Context, pkg Package, p place, old *record) (*record, string, error) {
	defer l.phase("build the program")()
	if _, err := exec.LookPath("go"); err != nil {
		return nil, "", errors.New("a design is compiled with the go command, and there is none in PATH: see https://go.dev/doc/install")
	}
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return nil, "", fmt.Errorf("the cache directory: %w", err)
	}
	start := time.Now().UnixNano()
	program := filepath.Join(p.dir, executable(fmt.Sprintf("program-%x", start)))
	rec, err := l.compileAndList(ctx, pkg, p, old, program)
	if err != nil {
		_ = os.Remove(program)
		return nil, "", cmp.Or(ctx.Err(), err)
	}
	rec.Program = filepath.Base(program)
	rec.Key, rec.Shape = rec.key(pkg), rec.shape(pkg)
	// What was saved while it compiled may be in the key and not in the program.
	if !rec.changedSince(start) {
		if err := p.write(rec); err != nil {
			return nil, "", fmt.Errorf("the cache directory: %w", err)
		}
	}
	p.prune()
	return rec, program, nil
}

// compileAndList compiles the program and returns the record of what it is
// built from. Where imports are what they were before, so are the directories,
// and go list is spared.
func (l *loader) compileAndList(ctx context.Context, pkg Package, p place, old *record, program string) (*record, error) {
	compiling := make(chan built, 1)
	go func() { compiling <- l.compile(ctx, pkg, p, program) }()
	var b built
	if old.Shape != "" && old.shape(pkg) == old.Shape {
		if b = <-compiling; b.err == nil {
			rec := *old
			return &rec, nil
		}
		compiling <- b
	}
	all, err := l.list(ctx, pkg)
	b = <-compiling
	if err != nil {
		return nil, err
	}
	if err := l.diagnose(pkg, all, b); err != nil {
		return nil, err
	}
	rec := newRecord(pkg, all)
	if b.err != nil {
		return nil, l.buildFailed(b, pkg, rec)
	}
	return rec, nil
}

// compile runs go build for the program.
func (l *loader) compile(ctx context.Context, pkg Package, p place, program string) built {
	tmp, err := os.MkdirTemp(p.dir, mainDir+"-")
	if err != nil {
		return built{err: err}
	}
	defer os.RemoveAll(tmp)
	source, overlay := filepath.Join(tmp, "main.go"), filepath.Join(tmp, "overlay.json")
	replace, err := json.Marshal(map[string]map[string]string{
		"Replace": {filepath.Join(pkg.Dir, mainDir, "main.go"): source},
	})
	if err != nil {
		return built{err: err}
	}
	if err := os.WriteFile(overlay, replace, 0o600); err != nil {
		return built{err: err}
	}
	text := strings.Replace(mainProgram, "DESIGN", pkg.ImportPath, 1)
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		return built{err: err}
	}
	// -buildvcs would ask git, -trimpath would take the places away, and the
	// rest is neither wanted nor fast.
	cmd := goCommand(ctx, pkg, "build", modFlag(pkg), "-overlay="+overlay, "-o="+program,
		"-buildvcs=false", "-trimpath=false", "-race=false", "-cover=false", "-buildmode=default",
		"-gcflags="+pkg.ImportPath+"=-N -l -dwarf=false", "-ldflags=-s -w", "./"+mainDir)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	return built{output: out.Bytes(), err: err}
}

// goCommand returns the go command in the design's directory. The program runs
// here, whatever the user is compiling for.
func goCommand(ctx context.Context, pkg Package, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = pkg.Dir
	cmd.Env = append(os.Environ(), "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH, "PWD="+pkg.Dir)
	return cmd
}
