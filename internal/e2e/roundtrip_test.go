package e2e

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"text/template"

	"github.com/courant-dev/courant/internal/goname"
)

// trip is the directory of what TestRoundTrip is made of: designs, each in a
// directory of its own, and the tests of what they generate.
const trip = "testdata/roundtrip"

// TestRoundTrip proves that what designs generate compiles, is clean and
// carries values from a client to a server and back unharmed. All designs are in
// one module, and all their tests in one binary. Without the paths of the module,
// which is in another directory each time, what has not changed is not compiled.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	m := newModule(t)
	for _, design := range m.designs() {
		t.Run(design, func(t *testing.T) {
			m.run(t, "courant", "gen", "./"+design)
			m.run(t, "courant", "gen", "--check", "./"+design)
			m.checkFiles(t, design)
		})
	}
	m.run(t, "go", "vet", "-trimpath", "./...")
	m.run(t, "go", "test", "-trimpath", "-vet=off", ".")
}

// tripModule is the module that holds the designs and their tests.
type tripModule struct {
	dir, cache string
	env        []string
}

func newModule(t *testing.T) *tripModule {
	t.Helper()
	repo, err := filepath.Abs("../..")
	check(t, err)
	m := &tripModule{dir: t.TempDir(), cache: t.TempDir()}
	m.env = append(os.Environ(), goEnv(t, "GOCACHE", "GOMODCACHE", "GOROOT")...)
	m.env = append(m.env, "XDG_CACHE_HOME="+m.cache,
		"GOPROXY=off", "GOFLAGS=", "GOWORK=off", "GOENV=off", "GOTOOLCHAIN=local")
	check(t, os.CopyFS(m.dir, os.DirFS(trip)))
	m.write(t, "go.mod", `module example.com/trip

go 1.26

require github.com/courant-dev/courant v0.0.0

replace github.com/courant-dev/courant => `+repo+"\n")
	m.execute(t, "rows.tmpl", "rows/design/rows.go", groups)
	for _, g := range groups {
		m.execute(t, "rows_test.tmpl", "rows_"+g.Name+"_test.go", g)
	}
	m.execute(t, "rules.tmpl", "rules/design/rules.go", rules)
	m.execute(t, "rules_test.tmpl", "rules_test.go", rules)
	m.execute(t, "sse_test.tmpl", "sse_fields_test.go", mappings)
	m.execute(t, "names_test.tmpl", "names_test.go", names)
	return m
}

// execute writes the file that the template makes of data. In types and values
// of Go, ~ is the package of a group.
func (m *tripModule) execute(t *testing.T, name, file string, data any) {
	t.Helper()
	tmpl, err := template.New(name).Funcs(template.FuncMap{
		"list":     list,
		"exported": goname.Exported,
		"package":  goname.Package,
		"dir":      goname.Dir,
	}).ParseFiles(filepath.Join(trip, name))
	check(t, err)
	var out bytes.Buffer
	check(t, tmpl.Execute(&out, data))
	text := out.String()
	if g, ok := data.(group); ok {
		text = strings.ReplaceAll(text, "~.", g.Name+".")
	}
	m.write(t, file, text)
}

func (m *tripModule) write(t *testing.T, name, text string) {
	t.Helper()
	check(t, os.WriteFile(filepath.Join(m.dir, name), []byte(text), 0o644))
}

// designs returns the directories of the designs.
func (m *tripModule) designs() (dirs []string) {
	found, _ := fs.Glob(os.DirFS(m.dir), "*/design")
	return found
}

// run runs a command in the module: go, courant or budget. It returns what the
// command prints.
func (m *tripModule) run(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = m.dir
	cmd.Env = m.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
