package e2e

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/courant-dev/courant/internal/cli"
	"github.com/rogpeppe/go-internal/testscript"
)

// scripts is the directory of the scripts.
const scripts = "testdata"

var update = flag.Bool("update", false, "write what cmp got into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"courant": courant, "budget": printBudget})
}

// courant is the command, in a process of this test's binary.
func courant() {
	dir, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	os.Exit(cli.Main(context.Background(), cli.Process{
		Args:   os.Args[1:],
		Dir:    dir,
		Stdout: os.Stdout,
		Stderr: os.Stderr,
	}))
}

func TestScripts(t *testing.T) {
	repo, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	settings := goEnv(t, "GOCACHE", "GOMODCACHE", "GOROOT")
	testscript.Run(t, testscript.Params{
		Dir:                 scripts,
		RequireExplicitExec: false,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, settings...)
			env.Setenv("REPO", repo)
			env.Setenv("HOME", filepath.Join(env.WorkDir, ".home"))
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, ".home", "cache"))
			env.Setenv("GOPROXY", "off")
			env.Setenv("GOSUMDB", "off") // what is downloaded was verified
			env.Setenv("GOENV", "off")
			env.Setenv("GOTOOLCHAIN", "local")
			env.Setenv("GOFLAGS", "-trimpath") // what has not changed is not compiled, whatever the directory
			return expandModules(env.WorkDir, repo)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"faults":  runFaults,
			"go":      runGo,
			"release": release,
		},
	})
}

// runGo runs the go command, so that scripts need no exec in front.
func runGo(ts *testscript.TestScript, neg bool, args []string) {
	err := ts.Exec("go", args...)
	switch {
	case err != nil && !neg:
		ts.Fatalf("go %s: %v", strings.Join(args, " "), err)
	case err == nil && neg:
		ts.Fatalf("go %s: unexpected success", strings.Join(args, " "))
	}
}

// expandModules puts the directory of this module into the go.mod files below
// dir.
func expandModules(dir, repo string) error {
	return filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.Name() != "go.mod" {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(name, []byte(strings.ReplaceAll(string(text), "$REPO", repo)), 0o644)
	})
}

// goEnv returns settings of the go command as name=value.
func goEnv(t *testing.T, names ...string) []string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	values := strings.Split(strings.TrimSpace(string(out)), "\n")
	for i := range values {
		values[i] = names[i] + "=" + values[i]
	}
	return values
}
