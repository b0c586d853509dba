package policy

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// order says which packages of the module a package may import. It is a
// statement of policy: do not change it to mend a build.
//
// Each line is a chain of groups; what stands left of < may be imported by
// everything right of it in the chain. A name is a path from the root; "."
// is the run time, "*" ends a group of packages. Tests may import more.
const order = `
	# design time
	model, internal/goname < eval < dsl
	model < internal/gen < internal/gen/gotree < internal/gen/check < internal/gen/*
	internal/goname, internal/gofile < internal/gen/gotree
	model < internal/load < internal/cli < cmd/courant
	internal/gen/* < internal/cli

	# a tool on the run time's client
	sse, . < internal/soak < internal/cli

	# run time
	sse, value, valid < . < hub
	sse < eventlog < eventlog/* < eventlog/logtest
	eventlog < hub
	sse, value, valid, ., eventlog, hub < couranttest
`

// apart are packages that nothing is said about: who has a program of his own
// may import what he likes, and nobody imports him.
var apart = []string{"examples/*", "internal/e2e", "internal/e2e/*", "internal/policy"}

// never are imports that may not happen, not even through other packages. A
// name without a module is of the standard library.
var never = []struct{ who, what []string }{
	{runTime, []string{module + "/dsl", module + "/eval", module + "/model", module + "/internal/gen", module + "/internal/load"}},
	{[]string{"internal/gen", "internal/gen/*", "internal/gofile"}, []string{module + "/eval", module + "/dsl", module}},
	{[]string{"."}, []string{module + "/eventlog", module + "/hub"}},
	{[]string{"sse", "value", "valid"}, []string{"net/http"}},
	{[]string{"dsl", "eval", "model"}, []string{"net/http", "text/template", "html/template"}}, // the user waits for them
}

var runTime = []string{".", "sse", "value", "valid", "eventlog", "eventlog/memlog", "eventlog/logtest", "hub", "couranttest"}

// standardOnly import nothing but the standard library and one another, and
// neither do their tests: whoever uses courant gets nothing else with it.
var standardOnly = append([]string{"dsl", "eval", "model", "internal/goname"}, runTime...)

// goPackage is what go list says of a package.
type goPackage struct {
	ImportPath, ForTest                string
	Standard                           bool
	Module                             *struct{ Path string }
	Imports, TestImports, XTestImports []string
	Deps                               []string
	Error                              *struct{ Err string }
}

// list returns every package of the module and what they import, by path.
func list(t *testing.T) map[string]*goPackage {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-deps", "-json=ImportPath,Standard,Module,Imports,TestImports,XTestImports,Deps,Error", module+"/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := map[string]*goPackage{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		p := new(goPackage)
		if err := d.Decode(p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages[p.ImportPath] = p
	}
}

// name is the path from the root, or "" for a package that is not of the
// module.
func (p *goPackage) name() string {
	if p.Module == nil || p.Module.Path != module {
		return ""
	}
	return local(p.ImportPath)
}

func local(path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}

// is reports whether the name is one of the names or of the groups. A package
// that is named itself belongs to no group.
func is(name string, of []string) bool {
	if slices.Contains(of, name) {
		return true
	}
	return slices.ContainsFunc(of, func(group string) bool {
		prefix, ok := strings.CutSuffix(group, "*")
		return ok && strings.HasPrefix(name, prefix)
	})
}

func TestPackagesImportDownwards(t *testing.T) {
	allowed, known := parseOrder(order)
	for _, p := range list(t) {
		name := p.name()
		if name == "" || is(name, apart) {
			continue
		}
		if p.Error != nil {
			t.Errorf("%s: %s", name, p.Error.Err)
		}
		if !is(name, known) {
			t.Errorf("%s has no place in the order of packages", name)
			continue
		}
		for _, imported := range p.Imports {
			if !strings.HasPrefix(imported+"/", module+"/") {
				continue
			}
			if !is(local(imported), allowed[place(name, known)]) {
				t.Errorf("%s imports %s", name, local(imported))
			}
		}
	}
}

// place returns the name or group in the order that stands for the package.
func place(name string, known []string) string {
	if slices.Contains(known, name) {
		return name
	}
	for _, k := range known {
		if is(name, []string{k}) {
			return k
		}
	}
	return ""
}

// parseOrder returns what each name may import, and all names.
func parseOrder(text string) (allowed map[string][]string, known []string) {
	allowed = map[string][]string{}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "#")
		if line == "" {
			continue
		}
		var below []string
		for group := range strings.SplitSeq(line, "<") {
			var names []string
			for name := range strings.SplitSeq(group, ",") {
				names = append(names, strings.TrimSpace(name))
			}
			for _, name := range names {
				allowed[name] = append(allowed[name], below...)
				known = append(known, name)
			}
			below = append(below, names...)
		}
	}
	// What may be imported through others may be imported itself.
	for changed := true; changed; {
		changed = false
		for name, may := range allowed {
			for _, m := range may {
				for _, further := range allowed[m] {
					if further != name && !slices.Contains(allowed[name], further) {
						allowed[name], changed = append(allowed[name], further), true
					}
				}
			}
		}
	}
	return allowed, known
}

func TestPackagesNeverImport(t *testing.T) {
	for _, p := range list(t) {
		for _, rule := range never {
			if p.name() == "" || !is(p.name(), rule.who) {
				continue
			}
			for _, what := range rule.what {
				if slices.Contains(p.Deps, what) {
					t.Errorf("%s imports %s, itself or through others", p.name(), what)
				}
			}
		}
	}
}

func TestRunTimeIsStandardLibraryOnly(t *testing.T) {
	packages := list(t)
	for _, p := range packages {
		if p.name() == "" || !slices.Contains(standardOnly, p.name()) {
			continue
		}
		for _, path := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if slices.Contains(standardOnly, local(path)) || isStandard(path) {
				continue
			}
			t.Errorf("%s or its tests import %s", p.name(), path)
		}
	}
}

// isStandard reports whether the path is of the standard library: only there
// the first element has no dot.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// TestOrderIsRead has the rules find what they should find.
func TestOrderIsRead(t *testing.T) {
	allowed, known := parseOrder(order)
	for importer, imported := range map[string]string{
		"dsl": "model", "internal/gen/*": "internal/gofile", "cmd/courant": "internal/gen/*", "hub": "sse",
	} {
		if !slices.Contains(allowed[importer], imported) {
			t.Errorf("%s may not import %s", importer, imported)
		}
	}
	for importer, imported := range map[string]string{
		"model": "eval", "internal/gen/*": "eval", ".": "model", "sse": "value", "hub": "dsl", "internal/gen": "internal/gen/gotree",
	} {
		if slices.Contains(allowed[importer], imported) {
			t.Errorf("%s may import %s", importer, imported)
		}
	}
	if place("internal/gen/openapi", known) != "internal/gen/*" || place("internal/gen/gotree", known) != "internal/gen/gotree" {
		t.Error("a package has the wrong place")
	}
}
