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

// What the blocks on topics stand in.
const (
	readmeRoomsDesign = `package design

import . "github.com/courant-dev/courant/dsl"

var Note = Type("Note", func() {
	Attribute("text")
	Required("text")
})

var _ = Service("rooms", func() {
METHOD
})
`
	readmeRooms = `package clock

import (
	"context"

	"example.com/clock/gen/rooms"
	"example.com/clock/gen/rooms/topics"
	"github.com/courant-dev/courant/eventlog/memlog"
	"github.com/courant-dev/courant/hub"
)

type Service struct{ topic *topics.Watch }

WATCH

func publish(ctx context.Context) error {
	OPEN
	if err != nil {
		return err
	}
	return PUBLISH
}

var _ = publish
`
)

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
	write("design/rooms.go", strings.Replace(readmeRoomsDesign, "METHOD", block(t, text, `Method("watch"`), 1))
	write("rooms.go", strings.NewReplacer(
		"WATCH", block(t, text, "func (s *Service) Watch"),
		"OPEN", block(t, text, "topic, err := topics."),
		"PUBLISH", inline(t, text, "topic.Publish("),
	).Replace(readmeRooms))
	for _, args := range [][]string{{"courant", "gen", "./design"}, {"go", "vet", "-trimpath", "./..."}} {
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

// inline returns the code within a line that begins with first.
func inline(t *testing.T, text []byte, first string) string {
	t.Helper()
	_, rest, ok := bytes.Cut(text, []byte("`"+first))
	code, _, end := bytes.Cut(rest, []byte("`"))
	if !ok || !end {
		t.Fatalf("the README has no code that begins with %q", first)
	}
	return first + string(code)
}
