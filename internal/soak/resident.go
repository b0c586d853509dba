package soak

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// residentGroup returns the resident memory, in bytes, of the process and of the
// others of the group that it leads: those of a shell, or of "go run". It is 0
// where there is no /proc.
func residentGroup(leader int) int64 {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	var pages int64
	for _, name := range stats {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if err == nil && (pid == leader || groupOf(name) == leader) {
			pages += residentPages(pid)
		}
	}
	return pages * int64(os.Getpagesize())
}

// groupOf reads the process group from a file such as
//
//	412 (a name) S 1 412 412 0 -1 …
func groupOf(name string) int {
	text, err := os.ReadFile(name)
	if err != nil {
		return 0
	}
	rest := string(text)
	rest = rest[strings.LastIndexByte(rest, ')')+1:]
	var state string
	var parent, group int
	if _, err := fmt.Sscan(rest, &state, &parent, &group); err != nil {
		return 0
	}
	return group
}

func residentPages(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	var all, resident int64
	if _, err := fmt.Sscan(string(text), &all, &resident); err != nil {
		return 0
	}
	return resident
}
