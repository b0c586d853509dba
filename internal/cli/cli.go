package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// The exit statuses.
const (
	exitDone    = 0
	exitFailed  = 1 // problems in the design, or files out of date
	exitMisused = 2 // wrong arguments
)

// Process is what a command knows of the process it runs in.
type Process struct {
	Args   []string // without the program's name
	Dir    string   // working directory, absolute
	Stdout io.Writer
	Stderr io.Writer
}

// failure is the error of a command that was called in the right way.
type failure struct{ err error }

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// errSilent fails a command that has said all it has to say.
var errSilent = errors.New("failed")

// Main runs the command that p.Args name and returns the exit status.
func Main(ctx context.Context, p Process) int {
	root := newRoot(p)
	root.SetArgs(p.Args)
	cmd, err := root.ExecuteContextC(ctx)
	var f *failure
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errSilent):
		return exitFailed
	case errors.As(err, &f):
		fmt.Fprintln(p.Stderr, err)
		return exitFailed
	}
	fmt.Fprintf(p.Stderr, "courant: %v\nRun '%s --help' for usage.\n", err, cmd.CommandPath())
	return exitMisused
}

func newRoot(p Process) *cobra.Command {
	root := &cobra.Command{
		Use:   "courant",
		Short: "Design a streaming API once, in Go; get a server, clients and documents",
		Long: `Courant turns a design, written in Go, into a typed server, a client that
reconnects by itself and an OpenAPI document, with Server-Sent Events as the
first-class transport.`,
		Example: `  courant init ./chat          a new module that runs at once
  courant gen ./design         files beside the design, in gen/
  courant gen ./design --check in a build: fail when gen/ is out of date
  courant soak --help          load a server, break it, account for every event`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	root.AddCommand(newGen(p), newInit(p), newSoak(p), newVersion(p))
	return root
}

// run adapts a command: its errors are failures, not misuse.
func run(f func(context.Context, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		if err := f(cmd.Context(), args); err != nil {
			return &failure{err}
		}
		return nil
	}
}
