package e2e

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"
)

// runFaults is the command faults: it compares what courant gen says of every
// directory of the script that has a file want with that file, in which $REPO is
// the directory of this module. With -update, it writes what was said into the
// script.
//
// The directories that it names are designs, one by one. All others are packages
// of one design, because all faults of a design are told at once, each with its
// place: the fault of one must neither hide nor change that of another.
func runFaults(ts *testscript.TestScript, neg bool, alone []string) {
	if neg {
		ts.Fatalf("usage: faults [directory...]")
	}
	wants, err := filepath.Glob(filepath.Join(ts.MkAbs("."), "*", "want"))
	ts.Check(err)
	said := map[string]string{}
	var together []string
	for _, want := range wants {
		dir := filepath.Base(filepath.Dir(want))
		if slices.Contains(alone, dir) {
			said[dir] = gen(ts, "./"+dir)
		} else {
			together = append(together, dir)
		}
	}
	if len(wants) == 0 || len(said) < len(alone) {
		ts.Fatalf("no file want, or none in one of %q", alone)
	}
	if len(together) > 0 {
		genTogether(ts, together, said)
	}
	compareFaults(ts, said)
}

// gen returns what courant gen says of a design.
func gen(ts *testscript.TestScript, design string) string {
	err := ts.Exec("courant", "gen", design)
	said := ts.ReadFile("stdout") + ts.ReadFile("stderr")
	if err == nil {
		said += "no fault\n"
	}
	return strings.ReplaceAll(said, ts.Getenv("REPO"), "$REPO")
}

// genTogether makes one design of the packages in dirs, and puts what is said of
// each into said.
func genTogether(ts *testscript.TestScript, dirs []string, said map[string]string) {
	var file strings.Builder
	file.WriteString("package app\n\nimport (\n")
	for _, dir := range dirs {
		fmt.Fprintf(&file, "\t_ \"example.com/app/%s\"\n", dir)
		said[dir] = ""
	}
	file.WriteString(")\n")
	ts.Check(os.WriteFile(ts.MkAbs("together.go"), []byte(file.String()), 0o600))
	dir := ""
	for line := range strings.Lines(gen(ts, ".")) {
		if !strings.HasPrefix(line, "\t") {
			dir, _, _ = strings.Cut(line, "/")
		}
		if !slices.Contains(dirs, dir) {
			ts.Fatalf("of no package: %s", line)
		}
		said[dir] += line
	}
}

// compareFaults compares what is said of each directory with its file want.
func compareFaults(ts *testscript.TestScript, said map[string]string) {
	others := map[string]string{}
	for _, dir := range slices.Sorted(maps.Keys(said)) {
		want := ts.ReadFile(filepath.Join(dir, "want"))
		if said[dir] != want {
			ts.Logf("%s\nhave\n%swant\n%s", dir, said[dir], want)
			others[dir+"/want"] = said[dir]
		}
	}
	switch {
	case len(others) == 0:
	case *update:
		ts.Check(rewrite(filepath.Join("testdata", ts.Name()+".txtar"), others))
	default:
		ts.Fatalf("%d of %d designs have other faults", len(others), len(said))
	}
}

// rewrite gives files of a script other contents.
func rewrite(script string, contents map[string]string) error {
	archive, err := txtar.ParseFile(script)
	if err != nil {
		return err
	}
	for i, f := range archive.Files {
		if text, ok := contents[f.Name]; ok {
			archive.Files[i].Data = []byte(text)
		}
	}
	return os.WriteFile(script, []byte(strings.TrimSuffix(string(txtar.Format(archive)), "\n")+"\n"), 0o644)
}
