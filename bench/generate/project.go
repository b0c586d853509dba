package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// tool is a generator: its command, and what a design for it imports.
type tool struct {
	command string
	module  string // of the design language
	version string // that go.mod requires
	replace string // directory to take the module from; empty for none
}

type tools struct{ courant, goa tool }

// buildTools builds both commands into dir.
func buildTools(repo, dir string) (tools, error) {
	t := tools{
		courant: tool{filepath.Join(dir, "courant"), "github.com/courant-dev/courant", "v0.0.0", repo},
		goa:     tool{filepath.Join(dir, "goa"), "goa.design/goa/v3", "v3.30.0", ""},
	}
	if err := goCommand(repo, nil, "build", "-o", t.courant.command, "./cmd/courant"); err != nil {
		return t, err
	}
	return t, goCommand(filepath.Join(repo, "bench"), nil, "build", "-o", t.goa.command, "goa.design/goa/v3/cmd/goa")
}

// project is a module with a design for one of the tools.
type project struct {
	tool  tool
	dir   string
	text  string
	edits int
	cache string // build cache of its own; empty for the user's
}

func newProject(dir string, t tool, services, methods int) (*project, error) {
	p := &project{tool: t, dir: dir, text: design(t.module+"/dsl", services, methods)}
	if err := os.MkdirAll(filepath.Join(dir, "design"), 0o755); err != nil {
		return nil, err
	}
	mod := fmt.Sprintf("module example.com/bench\n\ngo 1.26\n\nrequire %s %s\n", t.module, t.version)
	if t.replace != "" {
		mod += fmt.Sprintf("\nreplace %s => %s\n", t.module, t.replace)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o600); err != nil {
		return nil, err
	}
	if err := p.edit(); err != nil {
		return nil, err
	}
	return p, goCommand(dir, nil, "mod", "tidy")
}

// edit changes the design as a user would: the text of a description.
func (p *project) edit() error {
	p.edits++
	text := p.text + fmt.Sprintf("\nvar _ = API(\"bench\", func() { Description(\"Edit %d\") })\n", p.edits)
	return os.WriteFile(filepath.Join(p.dir, "design", "design.go"), []byte(text), 0o600)
}

// emptyCache gives the project a new build cache.
func (p *project) emptyCache() error {
	if p.cache != "" {
		if err := os.RemoveAll(p.cache); err != nil {
			return err
		}
	}
	var err error
	p.cache, err = os.MkdirTemp("", "courant-bench-cache-")
	return err
}

// generate runs the tool and returns the wall and the processor time of it and
// its children.
func (p *project) generate() (wall, cpu time.Duration, err error) {
	cmd := exec.Command(p.tool.command, "gen", "example.com/bench/design")
	cmd.Dir = p.dir
	cmd.Env = os.Environ()
	if p.cache != "" {
		cmd.Env = append(cmd.Env, "GOCACHE="+p.cache, "XDG_CACHE_HOME="+p.cache)
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return 0, 0, fmt.Errorf("%s gen: %w\n%s", p.tool.command, err, out.Bytes())
	}
	return time.Since(start), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

func goCommand(dir string, env []string, args ...string) error {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOWORK=off"), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go %v: %w\n%s", args, err, out)
	}
	return nil
}
