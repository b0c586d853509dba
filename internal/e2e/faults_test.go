package e2e

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"
)

// runFaults is the command faults: it runs courant gen with every directory of
// the script that has a file want, and compares all that is said with it; in
// that file, $REPO is the directory of this module. With -update, it writes what
// was said into the script.
func runFaults(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: faults")
	}
	wants, err := filepath.Glob(filepath.Join(ts.MkAbs("."), "*", "want"))
	ts.Check(err)
	if len(wants) == 0 {
		ts.Fatalf("no directory has a file want")
	}
	said := map[string]string{}
	for _, want := range wants {
		design := filepath.Base(filepath.Dir(want))
		err := ts.Exec("courant", "gen", "./"+design)
		got := ts.ReadFile("stdout") + ts.ReadFile("stderr")
		got = strings.ReplaceAll(got, ts.Getenv("REPO"), "$REPO")
		if err == nil {
			got += "no fault\n"
		}
		if got != ts.ReadFile(want) {
			ts.Logf("%s\nhave\n%swant\n%s", design, got, ts.ReadFile(want))
			said[design+"/want"] = got
		}
	}
	switch {
	case len(said) == 0:
	case *update:
		ts.Check(rewrite(filepath.Join("testdata", ts.Name()+".txtar"), said))
	default:
		ts.Fatalf("%d of %d designs have other faults", len(said), len(wants))
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
