package cli

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

const courantPath = "github.com/courant-dev/courant"

// build says what this command was built from.
type build struct {
	version  string // of the courant module; empty when it was built from a directory
	revision string // of the directory, where the go command noted it
	modified bool   // the directory differs from the revision
}

// readBuild finds the courant module among those of the program: under
// "go tool courant" it is a dependency of the user's.
func readBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return build{}
	}
	for _, m := range append([]*debug.Module{&info.Main}, info.Deps...) {
		if m.Path == courantPath && m.Replace == nil && m.Sum != "" {
			return build{version: m.Version}
		}
	}
	var b build
	if info.Main.Path != courantPath {
		return b
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.revision = s.Value
		case "vcs.modified":
			b.modified = s.Value == "true"
		}
	}
	return b
}

// String returns what courant version prints.
func (b build) String() string {
	s := fmt.Sprintf("courant %s %s %s/%s", cmp.Or(b.version, "(from source)"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if b.revision != "" {
		s += ", revision " + b.revision
	}
	if b.modified {
		s += " with changes"
	}
	return s
}

func newVersion(p Process) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of courant and of the Go it was built with",
		Args:  cobra.NoArgs,
		RunE: run(func(context.Context, []string) error {
			_, err := fmt.Fprintln(p.Stdout, readBuild())
			return err
		}),
	}
}
