package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/courant-dev/courant/internal/gen"
	"github.com/courant-dev/courant/internal/load"
	"github.com/spf13/cobra"
)

// genCommand is one call of courant gen.
type genCommand struct {
	Process
	output  string
	check   bool
	verbose bool
	timeout time.Duration
}

func newGen(p Process) *cobra.Command {
	c := &genCommand{Process: p}
	cmd := &cobra.Command{
		Use:   "gen DESIGN",
		Short: "Generate code and documents from a design",
		Long: `Gen compiles and runs the design package DESIGN, a directory or an import path,
and writes what follows from it into gen/ beside that package.

Files in gen/ that you wrote stay as they are. Generated files are rewritten
when their content changes and removed when they are no longer generated.
Nothing else in your module is touched, go.mod included.

All faults of a design are told at once, each as file:line:column: message.
The exit status is 1 when there are any.`,
		Example: `  courant gen ./design                  into ./gen
  courant gen example.com/app/design    the same, from anywhere in the module
  courant gen ./design -o internal      into ./internal/gen
  courant gen ./design --check          write nothing; fail when gen/ is out of date
  courant gen ./design -v               say what takes how long`,
		Args: func(_ *cobra.Command, args []string) error {
			switch len(args) {
			case 0:
				return fmt.Errorf("which design? Name its package, such as: courant gen ./design")
			case 1:
				return nil
			}
			return fmt.Errorf("there are %d arguments, and gen takes one design", len(args))
		},
		RunE: run(func(ctx context.Context, args []string) error { return c.run(ctx, args[0]) }),
	}
	f := cmd.Flags()
	f.StringVarP(&c.output, "output", "o", "", "write into `DIR`/gen (default: beside the design package)")
	f.BoolVar(&c.check, "check", false, "write nothing; list the files that are out of date and fail if there are any")
	f.BoolVarP(&c.verbose, "verbose", "v", false, "list the files and the time of each phase")
	f.DurationVar(&c.timeout, "timeout", 30*time.Second, "how long the design may run")
	return cmd
}

func (c *genCommand) run(ctx context.Context, pattern string) error {
	waiting := startProgress(c.Stderr, "courant: compiling the design …")
	loaded, err := c.load(ctx, pattern)
	waiting.stop()
	if err != nil {
		return err
	}
	for _, w := range loaded.Design.Warnings {
		fmt.Fprintln(c.Stderr, "warning: "+load.ProblemLine(c.Dir, w))
	}
	dir := c.target(loaded.Package)
	importPath, err := load.ImportPath(dir)
	if err != nil {
		return err
	}

	start := time.Now()
	files, err := generate(&gen.Input{
		Design:     loaded.Design,
		ImportPath: importPath,
		DesignPath: loaded.Package.ImportPath,
	}, generators())
	if err != nil {
		return err
	}
	generated := time.Now()
	write := gen.Write
	if c.check {
		write = gen.Check
	}
	report, err := write(dir, files)
	if err != nil {
		return c.shorten(err)
	}
	phases := slices.Concat(loaded.Phases, []load.Phase{
		{Name: "generate", Took: generated.Sub(start)},
		{Name: "compare and write", Took: time.Since(generated)},
	})
	return c.tell(pattern, load.Shown(c.Dir, dir), report, phases)
}

// shorten makes the paths in errors of the writer relative, as all others are.
func (c *genCommand) shorten(err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			_ = c.shorten(err)
		}
	}
	var e *gen.Error
	if errors.As(err, &e) && filepath.IsAbs(e.Path) {
		e.Path = load.Shown(c.Dir, e.Path)
	}
	return err
}

func (c *genCommand) load(ctx context.Context, pattern string) (*load.Result, error) {
	cache, remove, err := cacheDir()
	if err != nil {
		return nil, err
	}
	defer remove()
	return load.Load(ctx, pattern, load.Options{
		Dir:     c.Dir,
		Timeout: c.timeout,
		Output:  c.Stderr,
		Cache:   cache,
		Version: readBuild().version,
	})
}

// target returns the directory gen.
func (c *genCommand) target(p load.Package) string {
	switch {
	case c.output == "" && p.Dir == p.Root:
		return filepath.Join(p.Root, "gen")
	case c.output == "":
		return filepath.Join(filepath.Dir(p.Dir), "gen")
	case filepath.IsAbs(c.output):
		return filepath.Join(c.output, "gen")
	}
	return filepath.Join(c.Dir, c.output, "gen")
}

// tell prints what was done, or fails a check.
func (c *genCommand) tell(pattern, dir string, r gen.Report, phases []load.Phase) error {
	if c.verbose || c.check {
		c.list(dir, r)
	}
	if c.verbose {
		printPhases(c.Stderr, phases)
	}
	all := len(r.Written) + len(r.Unchanged)
	switch {
	case r.UpToDate():
		fmt.Fprintf(c.Stdout, "%s: %s, up to date\n", dir, count(all))
	case c.check:
		fmt.Fprintf(c.Stderr, "%s is out of date; run\n\tcourant gen %s\n", dir, c.arguments(pattern))
		return errSilent
	default:
		fmt.Fprintf(c.Stdout, "%s: %s, %d written, %d removed\n", dir, count(all), len(r.Written), len(r.Removed))
	}
	return nil
}

// list prints the files that are written or removed, or would be.
func (c *genCommand) list(dir string, r gen.Report) {
	written, removed := "written", "removed"
	if c.check {
		written, removed = "out of date", "no longer generated"
	}
	for _, name := range r.Written {
		fmt.Fprintf(c.Stdout, "%s: %s\n", filepath.Join(dir, filepath.FromSlash(name)), written)
	}
	for _, name := range r.Removed {
		fmt.Fprintf(c.Stdout, "%s: %s\n", filepath.Join(dir, filepath.FromSlash(name)), removed)
	}
}

// arguments returns the arguments that would write what is out of date.
func (c *genCommand) arguments(pattern string) string {
	if c.output == "" {
		return pattern
	}
	return pattern + " -o " + c.output
}

func count(files int) string {
	if files == 1 {
		return "1 file"
	}
	return fmt.Sprintf("%d files", files)
}

func printPhases(w io.Writer, phases []load.Phase) {
	var sum time.Duration
	for _, p := range phases {
		sum += p.Took
		fmt.Fprintf(w, "%8.1f ms  %s\n", milliseconds(p.Took), p.Name)
	}
	fmt.Fprintf(w, "%8.1f ms  in all\n", milliseconds(sum))
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// cacheDir returns where design programs are kept, and what to do with the
// directory afterwards: a user without a place for caches gets a temporary one.
func cacheDir() (dir string, remove func(), err error) {
	if dir, err := os.UserCacheDir(); err == nil {
		dir = filepath.Join(dir, "courant")
		if os.MkdirAll(dir, 0o700) == nil {
			return dir, func() {}, nil
		}
	}
	if dir, err = os.MkdirTemp("", "courant-cache-"); err != nil {
		return "", nil, err
	}
	return dir, func() { _ = os.RemoveAll(dir) }, nil
}
