package natslog

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// LockedError says that another process has the directory open. The server
// itself would not notice, and both would damage the files.
type LockedError struct {
	Dir string
	PID int // of the other process; 0 if it did not say
}

func (e *LockedError) Error() string {
	who := "another process"
	if e.PID != 0 {
		who = "process " + strconv.Itoa(e.PID)
	}
	return fmt.Sprintf("natslog: %s has the directory %s open; give this one a directory of its own, or have both connect to one NATS server", who, e.Dir)
}

// lock makes the directory and takes its lock, which closing the file gives back.
func lock(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "courant.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	taken, err := lockFile(f)
	switch {
	case err != nil:
		f.Close()
		return nil, fmt.Errorf("natslog: the lock of %s: %w", dir, err)
	case !taken:
		defer f.Close()
		text, _ := os.ReadFile(f.Name())
		pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
		return nil, &LockedError{dir, pid}
	}
	// Who is told to go away wants to know by whom; the lock holds without.
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	return f, nil
}
