package load

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// diagnose returns what is wrong with the package before its contents matter,
// in the words of someone who wants to generate, not to build.
func (l *loader) diagnose(pkg Package, all []listed, b built) error {
	design := &all[len(all)-1]
	dir := l.shown(pkg.Dir)
	switch {
	case len(design.GoFiles)+len(design.CgoFiles) == 0:
		return fmt.Errorf("%s holds no design: %s", dir, emptiness(design))
	case design.Name == "main":
		return fmt.Errorf("%s is package main: a design is a package of its own, such as package design in ./design", dir)
	}
	for _, p := range all {
		if isCourant(p.ImportPath) && p.Error != nil && p.Dir == "" {
			return l.missingCourant(pkg, p.Error.Err)
		}
	}
	imports := bytes.Contains(b.output, []byte("syntax error: ")) // perhaps
	if !imports && !slices.ContainsFunc(all, func(p listed) bool { return p.ImportPath == courantPath+"/dsl" }) {
		return fmt.Errorf("%s is no design: no file imports the language\n\timport . %q", dir, courantPath+"/dsl")
	}
	return nil
}

func emptiness(p *listed) string {
	switch {
	case len(p.IgnoredGoFiles) > 0:
		return "build constraints exclude all its Go files"
	case len(p.TestGoFiles)+len(p.XTestGoFiles) > 0:
		return "it has only tests"
	}
	return "it has no Go files"
}

// missingCourant says how to require courant, or what the go command says
// where that is not the fault.
func (l *loader) missingCourant(pkg Package, message string) error {
	version := l.Version
	if version == "" {
		version = "latest"
	}
	cure := "go get " + courantPath + "@" + version
	if pkg.Root != l.Dir {
		cure = "go -C " + l.shown(pkg.Root) + cure[len("go"):]
	}
	switch {
	case strings.Contains(message, "missing go.sum entry"):
		return fmt.Errorf("module %s requires courant, and its go.sum does not know it yet; run\n\t%s", pkg.Module, cure)
	case strings.Contains(message, "module lookup disabled"), strings.Contains(message, "no required module"),
		strings.Contains(message, "cannot find module providing"), strings.Contains(message, "inconsistent vendoring"):
		return fmt.Errorf("module %s does not require courant; run\n\t%s", pkg.Module, cure)
	}
	return errors.New(message)
}

// inMain are faults of the main package: of the user, there are none in it.
var inMain = regexp.MustCompile(mainDir + `(-\d+)?[/\\]main\.go:\d`)

// buildFailed makes an error of what go build printed.
func (l *loader) buildFailed(b built, pkg Package, rec *record) error {
	if inMain.Match(b.output) {
		return l.otherVersion(rec, "", string(b.output))
	}
	return l.goFailed("go build", b.output, b.err, pkg)
}

// otherVersion says that the command and the module do not fit.
func (l *loader) otherVersion(rec *record, difference, detail string) error {
	required, own := rec.Required, l.Version
	if required == "" {
		required = "of a directory"
	}
	var cures []string
	if own != "" {
		cures = append(cures, "go get "+courantPath+"@"+own)
	} else {
		own = "built from source"
	}
	if rec.Required != "" {
		cures = append(cures, "go run "+courantPath+"/cmd/courant@"+rec.Required+" gen")
	}
	message := fmt.Sprintf("this courant command (%s) and the courant module that the design requires (%s) do not fit", own, required)
	if difference != "" {
		message += ": " + difference
	}
	if len(cures) > 0 {
		message += "; run\n\t" + strings.Join(cures, "\nor\n\t")
	} else {
		message += "; build the command from the same directory"
	}
	if detail = strings.TrimSpace(detail); detail != "" {
		message += "\n" + detail
	}
	return errors.New(message)
}

// goFailed makes an error of what the go command printed: its lines, with the
// places relative to where the user is.
func (l *loader) goFailed(command string, output []byte, err error, pkg Package) error {
	var lines []string
	for line := range strings.Lines(string(output)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "# ") || ours.MatchString(line) {
			continue
		}
		lines = append(lines, l.relocate(line, pkg.Dir))
	}
	if len(lines) == 0 {
		if err == nil {
			err = errors.New("it says nothing")
		}
		return fmt.Errorf("%s: %w", command, err)
	}
	if m := taken.FindStringSubmatch(string(output)); m != nil {
		lines = append(lines, m[1]+" is a word of the language: give the variable another name; what it declares may keep its own")
	}
	return errors.New(strings.Join(lines, "\n"))
}

// ours is where the compiler points into the language instead of the design.
var ours = regexp.MustCompile(`^\t.*[/\\]dsl[/\\]\w+\.go:\d+:\d+: other declaration of \w+$`)

// taken is what the compiler says of a variable that is named as a word.
var taken = regexp.MustCompile(`(\w+) already declared through dot-import of package dsl`)

// placed is a line of the compiler: a tab where it continues, file, the rest.
var placed = regexp.MustCompile(`^(\t?)((?:[A-Za-z]:)?[^\s:][^:]*\.go)(:\d+.*)$`)

// relocate rewrites the file of a line that was printed in dir.
func (l *loader) relocate(line, dir string) string {
	m := placed.FindStringSubmatch(line)
	if m == nil {
		return line
	}
	return m[1] + l.shown(rooted(dir, filepath.FromSlash(m[2]))) + m[3]
}
