package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// readmeMain is the program around the two lines of the README that serve and
// the lines that receive.
const readmeMain = `package main

import (
	"context"
	"fmt"
	"net/http"

	. "example.com/clock"
	"example.com/clock/gen/clock/client"
	"example.com/clock/gen/clock/server"
)

func receive(ctx context.Context) error {
RECEIVE
	return nil
}

func main() {
	go func() { _ = receive(context.Background()) }()
SERVE
}
`

// TestReadme compiles what the README shows.
func TestReadme(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, content string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	repo, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	write("go.mod", "module example.com/clock\n\ngo 1.26\n\nrequire github.com/courant-dev/courant v0.0.0\n\n"+
		"replace github.com/courant-dev/courant => "+repo+"\n")
	write("design/design.go", block(t, text, "package design"))
	write("clock.go", block(t, text, "package clock"))
	write("cmd/main.go", strings.NewReplacer(
		"RECEIVE", block(t, text, "stream, err :="),
		"SERVE", block(t, text, "http.ListenAndServe"),
	).Replace(readmeMain))
	for _, args := range [][]string{{"courant", "gen", "./design"}, {"go", "vet", "./..."}} {
		cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOWORK=off", "GOPROXY=off")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

// block returns the Go block of a Markdown text that begins with first.
func block(t *testing.T, text []byte, first string) string {
	t.Helper()
	_, rest, ok := bytes.Cut(text, []byte("```go\n"+first))
	code, _, end := bytes.Cut(rest, []byte("\n```"))
	if !ok || !end {
		t.Fatalf("the README has no block that begins with %q", first)
	}
	return first + string(code) + "\n"
}
