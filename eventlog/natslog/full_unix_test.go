//go:build unix

package natslog

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/courant-dev/courant/eventlog"
)

// TestFullDisk fills files up to a limit of the operating system, in a process of
// its own as the limit is that of the process, and reads them in this one.
func TestFullDisk(t *testing.T) {
	const variable = "NATSLOG_TEST_FULL"
	if dir := os.Getenv(variable); dir != "" {
		fillDisk(t, dir)
		return
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestFullDisk$")
	cmd.Env = append(os.Environ(), variable+"="+dir)
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	line, _, _ := bytes.Cut(output, []byte("\n"))
	acknowledged, err := strconv.Atoi(string(line))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), WithDir(dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	l, err := s.Open(t.Context(), "test", eventlog.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if got := l.(*Log).count(t); got != acknowledged {
		t.Errorf("%d records are there, %d were acknowledged", got, acknowledged)
	}
	l.(*Log).add(t, "again")
	if got := l.(*Log).count(t); got != acknowledged+1 {
		t.Errorf("%d records are there once there is room, want %d", got, acknowledged+1)
	}
}

// fillDisk appends until no file may become larger, and prints how many entries
// were acknowledged.
func fillDisk(t *testing.T, dir string) {
	t.Helper()
	signal.Ignore(unix.SIGXFSZ)
	s, err := Open(t.Context(), WithDir(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	l, err := s.Open(t.Context(), "test", eventlog.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	limit := unix.Rlimit{Cur: 100_000, Max: 100_000}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	ch := tailOf(t, l.(*Log), eventlog.Position{})
	read := make(chan int)
	go func() {
		n := 0
		for range ch {
			n++
			if n%10 == 0 {
				read <- n
			}
		}
	}()
	n, err := l.(*Log).fill(t)
	for range n / 10 {
		<-read
	}
	var failed *WriteError
	if !errors.Is(err, eventlog.ErrFull) || !errors.As(err, &failed) || failed.Dir != dir {
		t.Errorf("after %d entries: %v", n, err)
	}
	if _, err := s.Open(t.Context(), "another", eventlog.Limits{}); err != nil {
		t.Errorf("opening another log: %v", err)
	}
	if positions, err := l.Append(t.Context(), "t", eventlog.Entry{}, eventlog.Entry{}); !errors.Is(err, eventlog.ErrFull) || len(positions) != 0 {
		t.Errorf("two more entries: %v, %v", positions, err)
	}
	if got := l.(*Log).count(t); got != n {
		t.Errorf("%d of %d entries can be read", got, n)
	}
	_, _ = os.Stdout.WriteString(strconv.Itoa(n) + "\n") // who reads it notices what is missing
}
