package e2e

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// TestGeneratedFilesAreUpToDate checks the generated code that the repository
// holds.
func TestGeneratedFilesAreUpToDate(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"../../examples/*/design", "../peers/design"} {
		designs, err := filepath.Glob(pattern)
		if err != nil || len(designs) == 0 {
			t.Fatalf("no design in %s: %v", pattern, err)
		}
		for _, design := range designs {
			cmd := exec.CommandContext(t.Context(), "courant", "gen", "--check", ".")
			cmd.Dir = design
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v; run make gen\n%s", design, err, out)
			}
		}
	}
}
