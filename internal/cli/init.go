package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// initCommand is one call of courant init.
type initCommand struct {
	Process
	module string
}

func newInit(p Process) *cobra.Command {
	c := &initCommand{Process: p}
	cmd := &cobra.Command{
		Use:   "init DIR",
		Short: "Create a module with a design, a service, programs and a test",
		Long: `Init creates a module in DIR, which must not exist or be empty: a small service
that publishes notifications with a POST and streams them, a server, a client, a
page and a test. All of it is yours; only gen/ is generated again.

The module requires the courant that created it, and its Makefile runs the
generator of that same version.`,
		Example: `  courant init ./chat
  courant init ./chat --module example.com/team/chat`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("which directory? Name one, such as: courant init ./chat")
			}
			return nil
		},
		RunE: run(func(ctx context.Context, args []string) error { return c.run(ctx, args[0]) }),
	}
	cmd.Flags().StringVar(&c.module, "module", "", "`PATH` of the new module (default: example.com/ and the directory's name)")
	return cmd
}

func (c *initCommand) run(ctx context.Context, name string) error {
	dir := name
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(c.Dir, dir)
	}
	b, err := c.blanks(dir)
	if err != nil {
		return err
	}
	if err := c.prepare(name, dir); err != nil {
		return err
	}
	if err := b.write(dir); err != nil {
		return err
	}
	waiting := startProgress(c.Stderr, "courant: preparing "+name+" …")
	err = c.complete(ctx, dir, b)
	waiting.stop()
	if err != nil {
		return fmt.Errorf("%w\n%s has its files, and is not complete: mend this, then run there\n\tgo tool courant gen ./design && go mod tidy", err, name)
	}
	fmt.Fprintf(c.Stdout, `%s is ready. Next:

  cd %s
  make run                 serve http://localhost:8080, with a page that watches
  go run ./cmd/client      watch in a terminal; survives restarts of the server
  make test

Then change design/design.go, and run make gen.
`, b.Module, name)
	return nil
}

// blanks decides what the new module is called and which courant it requires.
func (c *initCommand) blanks(dir string) (blanks, error) {
	b := blanks{Module: c.module}
	if b.Module == "" {
		b.Module = "example.com/" + pathElement(filepath.Base(dir))
	}
	if err := module.CheckPath(b.Module); err != nil {
		return b, fmt.Errorf("%w; name another with --module", err)
	}
	prefix, _, _ := module.SplitPathVersion(b.Module)
	b.Name = path.Base(prefix)
	if b.Version = readBuild().version; b.Version != "" {
		return b, nil
	}
	clone, err := sourceDir()
	b.Version, b.Replace = "v0.0.0", modfile.AutoQuote(clone)
	return b, err
}

// pathElement returns name as it may stand in a module path.
func pathElement(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return '-'
	}, name)
	if name = strings.Trim(name, "-._"); name == "" {
		return "app"
	}
	return name
}

// sourceDir returns the directory of the courant module that this command was
// built from.
func sourceDir() (string, error) {
	_, file, _, _ := runtime.Caller(0)
	dir := filepath.Dir(filepath.Dir(filepath.Dir(file)))
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil || !filepath.IsAbs(file) || modfile.ModulePath(text) != courantPath {
		return "", errors.New("this courant command has no version, and the directory it was built from is not there: install a released one with\n\tgo install " +
			courantPath + "/cmd/courant@latest")
	}
	return dir, nil
}

// prepare makes sure that dir is an empty directory of no workspace.
func (c *initCommand) prepare(name, dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case err == nil && len(entries) > 0:
		return fmt.Errorf("%s is not empty: nothing was written", name)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if os.Getenv("GOWORK") != "off" {
		for parent := filepath.Dir(dir); ; parent = filepath.Dir(parent) {
			work := filepath.Join(parent, "go.work")
			if _, err := os.Stat(work); err == nil {
				return fmt.Errorf("%s is in force in %s: choose another place, or set GOWORK=off", work, name)
			}
			if parent == filepath.Dir(parent) {
				break
			}
		}
	}
	return os.MkdirAll(dir, 0o755)
}

// complete generates and fills in go.mod and go.sum.
func (c *initCommand) complete(ctx context.Context, dir string, b blanks) error {
	if b.Replace == "" {
		// Adds to go.sum what compiling the design takes.
		if err := c.goCommand(ctx, dir, "get", courantPath+"/dsl@"+b.Version); err != nil {
			return err
		}
	}
	inside := c.Process
	inside.Dir = dir
	var quiet strings.Builder
	inside.Stdout = &quiet
	g := &genCommand{Process: inside, timeout: time.Minute}
	if err := g.run(ctx, "design"); err != nil {
		return err
	}
	return c.goCommand(ctx, dir, "mod", "tidy")
}

// goCommand runs the go command and is silent unless it fails.
func (c *initCommand) goCommand(ctx context.Context, dir string, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PWD="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}
