package couranttest_test

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/courant-dev/courant/couranttest"
)

// fakeTB keeps what it is told.
type fakeTB struct {
	cleanups []func()
	failures []string
}

func (*fakeTB) Helper()                  {}
func (f *fakeTB) Cleanup(cleanup func()) { f.cleanups = append(f.cleanups, cleanup) }
func (f *fakeTB) Errorf(format string, a ...any) {
	f.failures = append(f.failures, fmt.Sprintf(format, a...))
}

// end calls the cleanups, the last one first.
func (f *fakeTB) end() {
	for _, cleanup := range slices.Backward(f.cleanups) {
		cleanup()
	}
}

func plantedLeak(release <-chan struct{}) { <-release }

// In a bubble, so that the deadline takes no time.
func TestCheckLeaksFindsAGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tb fakeTB
		couranttest.CheckLeaks(&tb)
		release := make(chan struct{})
		go plantedLeak(release)
		tb.end()
		if len(tb.failures) != 1 || !strings.Contains(tb.failures[0], "plantedLeak") {
			t.Errorf("told %q", tb.failures)
		}
		close(release)
		var clean fakeTB
		couranttest.CheckLeaks(&clean)
		done := make(chan struct{})
		go func() { close(done) }()
		clean.end()
		if <-done; len(clean.failures) != 0 {
			t.Errorf("told %q of what ends by itself", clean.failures)
		}
	})
}

func TestCheckLeaksFindsASocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tb fakeTB
		couranttest.CheckLeaks(&tb)
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		tb.end()
		if len(tb.failures) != 1 || !strings.Contains(tb.failures[0], "socket:[") {
			t.Errorf("told %q", tb.failures)
		}
		l.Close()
	})
}

// tests is what a TestMain runs.
type tests func() int

func (f tests) Run() int { return f() }

func TestRunAndCheckLeaksFailsForWhatIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		for _, tt := range []struct {
			name string
			run  tests
			want int
		}{
			{"nothing is left", func() int { return 0 }, 0},
			{"a test has failed", func() int { return 7 }, 7},
			{"a goroutine is left", func() int { go plantedLeak(release); return 0 }, 1},
		} {
			if code := couranttest.RunAndCheckLeaks(tt.run); code != tt.want {
				t.Errorf("%s: %d, want %d", tt.name, code, tt.want)
			}
		}
		close(release)
	})
}
