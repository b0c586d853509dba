package gen_test

import (
	"errors"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/courant-dev/courant/internal/gen"
)

// TestWriteThatFailsLeavesNothing lets the system refuse large files, as it does
// when the disk is full.
func TestWriteThatFailsLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	content := []byte("// " + gen.Mark + "\n" + strings.Repeat("/", 1<<20))

	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 10, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	_, err := gen.Write(dir, []gen.File{{Path: "a.go", Content: content}})
	if restored := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); restored != nil {
		t.Fatal(restored)
	}

	if !errors.Is(err, syscall.EFBIG) {
		t.Errorf("error %v, want %v", err, syscall.EFBIG)
	}
	left, err := fs.ReadDir(os.DirFS(dir), ".")
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
