package load

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestPruneKeepsTheNewest(t *testing.T) {
	cache := t.TempDir()
	now := time.Now()
	for design := range keepDesigns + 3 {
		p := newPlace(cache, fmt.Sprint("/design", design))
		if err := os.MkdirAll(p.dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for program := range 4 {
			file := filepath.Join(p.dir, fmt.Sprint("program-", program))
			if err := os.WriteFile(file, nil, 0o700); err != nil {
				t.Fatal(err)
			}
			then := now.Add(time.Duration(program-10) * time.Minute)
			if err := os.Chtimes(file, then, then); err != nil {
				t.Fatal(err)
			}
		}
		then := now.Add(time.Duration(design-100) * time.Hour)
		if err := os.Chtimes(p.dir, then, then); err != nil {
			t.Fatal(err)
		}
	}
	last := newPlace(cache, fmt.Sprint("/design", keepDesigns+2))
	last.prune()
	programs, err := filepath.Glob(filepath.Join(last.dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range programs {
		programs[i] = filepath.Base(programs[i])
	}
	if want := []string{"program-2", "program-3"}; !slices.Equal(programs, want) {
		t.Errorf("programs %q are left, want %q", programs, want)
	}
	designs, err := os.ReadDir(filepath.Join(cache, "designs"))
	if err != nil || len(designs) != keepDesigns {
		t.Errorf("%d designs are left (%v), want %d", len(designs), err, keepDesigns)
	}
	for _, gone := range []string{"/design0", "/design1", "/design2"} {
		if _, err := os.Stat(newPlace(cache, gone).dir); err == nil {
			t.Errorf("%s is older than others and still there", gone)
		}
	}
}
