package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/courant-dev/courant/model"
)

// answer is what a design program writes.
type answer struct {
	Version  int
	Design   *model.Design
	Problems []*model.Problem
}

// run runs the program and reads its answer.
func (l *loader) run(ctx context.Context, pkg Package, rec *record, program string) (*model.Design, error) {
	done := l.phase("run the design")
	data, err := l.execute(ctx, pkg, program)
	done()
	if err != nil {
		return nil, err
	}
	defer l.phase("read the model")()
	var head struct{ Version int }
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("the design program's answer: %w", err)
	}
	if head.Version != model.Version {
		return nil, l.otherVersion(rec, fmt.Sprintf("it reads version %d of the model, and the module writes %d", model.Version, head.Version), "")
	}
	var a answer
	if err := json.Unmarshal(data, &a); err != nil {
		return nil, fmt.Errorf("the design program's answer: %w", err)
	}
	switch {
	case len(a.Problems) > 0:
		return nil, newProblemsError(l.Dir, a.Problems)
	case a.Design == nil:
		return nil, errors.New("the design program answered without a design")
	case len(a.Design.Services) == 0:
		return nil, fmt.Errorf("%s has no Service: a design has one at least, such as\n\tvar _ = Service(\"greeter\", func() { … })", l.shown(pkg.Dir))
	}
	findColumns(a.Design.Warnings)
	return a.Design, nil
}

// afterQuit is how long a program has to print its stacks.
const afterQuit = 5 * time.Second

// execute runs the program, in the directory of the design as go test would,
// and returns its answer.
func (l *loader) execute(ctx context.Context, pkg Package, program string) ([]byte, error) {
	tmp, err := os.MkdirTemp("", "courant-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	file := filepath.Join(tmp, "model.json")

	limited, cancel := context.WithTimeout(ctx, l.Timeout)
	defer cancel()
	crash := newCrashWriter(l.Output)
	cmd := exec.CommandContext(limited, program, file)
	cmd.Dir = pkg.Dir
	cmd.Env = append(os.Environ(), "GOTRACEBACK=single", "PWD="+pkg.Dir)
	cmd.Stdout, cmd.Stderr = l.Output, crash
	cmd.Cancel = func() error { return quit(cmd.Process) }
	cmd.WaitDelay = afterQuit
	runErr := cmd.Run()

	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if limited.Err() != nil {
		return nil, l.timedOut(crash.dump(), pkg)
	}
	if d := crash.dump(); d.found {
		return nil, l.crashed(d, pkg)
	}
	data, err := os.ReadFile(file)
	if err == nil && runErr == nil {
		return data, nil
	}
	return nil, l.left(runErr, pkg)
}

// left says that the program ended before its end.
func (l *loader) left(runErr error, pkg Package) error {
	var exit *exec.ExitError
	if runErr != nil && !errors.As(runErr, &exit) {
		return fmt.Errorf("run the design: %w", runErr)
	}
	how := "status 0"
	if exit != nil {
		how = exit.ProcessState.String()
	}
	return fmt.Errorf("%s ended before it was evaluated (%s): a design must not call os.Exit or log.Fatal", l.shown(pkg.Dir), how)
}
