package eval_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant/eval"
)

// TestBigDesign proves that a design of 500 methods compiles and runs in a
// time that a user waits for. Where the words are inlined it took 95 s.
func TestBigDesign(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, dir, "go.mod", "module big\n\ngo 1.26\n\nrequire github.com/courant-dev/courant v0.0.0\n\nreplace github.com/courant-dev/courant => "+root+"\n")
	write(t, dir, "main.go", `package main

import (
	"os"

	_ "big/design"
	"github.com/courant-dev/courant/eval"
)

func main() { os.Exit(eval.Main(os.Args[1])) }
`)
	write(t, dir, "design/design.go", bigDesign(500))

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	program, answer := filepath.Join(dir, "program"), filepath.Join(dir, "answer.json")
	run(t, ctx, dir, "go", "build", "-mod=mod", "-o", program, ".")
	run(t, ctx, dir, program, answer)

	data, err := os.ReadFile(answer)
	if err != nil {
		t.Fatal(err)
	}
	var out eval.Output
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	if out.Design == nil || len(out.Problems) > 0 {
		t.Fatalf("have problems %v", out.Problems)
	}
	if n := len(out.Design.Services[0].Methods); n != 500 {
		t.Errorf("have %d methods, want 500", n)
	}
}

func bigDesign(methods int) string {
	var b strings.Builder
	b.WriteString("package design\n\nimport . \"github.com/courant-dev/courant/dsl\"\n\nvar _ = Service(\"big\", func() {\n")
	for i := range methods {
		fmt.Fprintf(&b, `	Method("m%[1]d", func() {
		Description("Method %[1]d.")
		Payload(func() {
			Attribute("id", String, "The ID", func() { Format(FormatUUID) })
			Attribute("limit", Int, func() { Minimum(1); Maximum(100); Default(20) })
			Required("id")
		})
		StreamingResult(func() {
			Attribute("message", String, func() { MinLength(1) })
			Required("message")
		})
		Error("e%[1]d")
		HTTP(func() {
			GET("/m%[1]d/{id}")
			Param("limit")
			Response("e%[1]d", StatusNotFound)
			ServerSentEvents(func() { SSEEventData("message") })
		})
	})
`, i)
	}
	b.WriteString("})\n")
	return b.String()
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, ctx context.Context, dir, name string, args ...string) {
	t.Helper()
	start := time.Now()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	t.Logf("%s took %s", filepath.Base(name), time.Since(start).Round(time.Millisecond))
}
