package peers_test

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// node returns a command that runs one of the scripts in the directory node.
func node(t *testing.T, ctx context.Context, script string, args ...string) *exec.Cmd {
	t.Helper()
	if found, _ := filepath.Glob("node/node_modules/.installed"); len(found) == 0 {
		t.Fatal("the npm packages of internal/peers/node are not installed: run scripts/setup")
	}
	return exec.CommandContext(ctx, "node", append([]string{filepath.Join("node", script)}, args...)...)
}

// runNode runs a script to its end and returns the lines that it prints.
func runNode(t *testing.T, script string, args ...string) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := node(t, ctx, script, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\nIt printed:\n%s%s", script, err, out, stderr.Bytes())
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}
