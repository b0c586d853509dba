package load

import (
	"context"
	"io"
	"time"

	"github.com/courant-dev/courant/model"
)

// Options say how to load. The zero Options are not usable: Dir, Output and
// Cache must be set.
type Options struct {
	Dir     string        // where the user is: absolute; paths in messages are relative to it
	Timeout time.Duration // of the design program; 0 for 30 s
	Output  io.Writer     // gets what the design prints, on either of its streams
	Cache   string        // absolute directory for design programs; may be lost at any time
	Version string        // of the courant command; empty when it has none
}

// defaultTimeout is how long a design program may run.
const defaultTimeout = 30 * time.Second

// Result is a design and where it was found.
type Result struct {
	Design  *model.Design
	Package Package
	Phases  []Phase
}

// Phase is a part of the work and the time it took.
type Phase struct {
	Name string
	Took time.Duration
}

// loader is one call of Load.
type loader struct {
	Options
	phases []Phase
}

// Load compiles and runs the design package that pattern names: a directory,
// absolute or relative to Dir, or an import path.
//
// Faults of the design are a [*ProblemsError], all at once; every other error
// is complete as it stands and meant for the user, places relative to Dir.
func Load(ctx context.Context, pattern string, o Options) (*Result, error) {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	l := &loader{Options: o}
	pkg, err := l.find(pattern)
	if err != nil {
		return nil, err
	}
	done := l.phase("check the program")
	place := newPlace(o.Cache, pkg.Dir)
	rec := place.read()
	program := place.program(rec)
	if program != "" && rec.key(pkg) != rec.Key {
		program = ""
	}
	done()
	if program == "" {
		if rec, program, err = l.build(ctx, pkg, place, rec); err != nil {
			return nil, err
		}
	}
	design, err := l.run(ctx, pkg, rec, program)
	if err != nil {
		return nil, err
	}
	return &Result{Design: design, Package: pkg, Phases: l.phases}, nil
}

// phase begins a phase; the result ends it.
func (l *loader) phase(name string) func() {
	start := time.Now()
	return func() { l.phases = append(l.phases, Phase{Name: name, Took: time.Since(start)}) }
}
