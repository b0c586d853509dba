package couranttest

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// TB is what [CheckLeaks] needs of a [testing.TB].
type TB interface {
	Helper()                           // as [testing.TB.Helper]
	Cleanup(f func())                  // as [testing.TB.Cleanup]
	Errorf(format string, args ...any) // as [testing.TB.Errorf]
}

// leakDeadline is how long what ends by itself may take to.
const leakDeadline = 10 * time.Second

// CheckLeaks fails the test, after the cleanups that are registered later, if
// there is a goroutine that was not there when it was called, or, on Linux, an
// open socket. Every connection of net/http and every stream that is open has one
// or the other. It waits up to 10 s for them to end, and not longer than it takes.
// A timer that is left it cannot see.
//
// It is of no use in a test that runs in parallel with others, whose goroutines
// it cannot tell apart: for those [RunAndCheckLeaks] is there.
func CheckLeaks(t TB) {
	t.Helper()
	before := takeCensus()
	t.Cleanup(func() {
		if left := before.leaks(leakDeadline); left != "" {
			t.Errorf("%s", left)
		}
	})
}

// RunAndCheckLeaks runs the tests of a package and returns the code to exit with.
// If they pass, but leave behind what [CheckLeaks] looks for, it says so on
// standard error and returns 1.
//
//	func TestMain(m *testing.M) { os.Exit(couranttest.RunAndCheckLeaks(m)) }
func RunAndCheckLeaks(m interface{ Run() int }) int {
	before := takeCensus()
	code := m.Run()
	if left := before.leaks(leakDeadline); left != "" && code == 0 {
		_, _ = fmt.Fprintln(os.Stderr, left) // there is nobody else to tell
		return 1
	}
	return code
}

// census is what there is at one moment, by what it is called.
type census struct {
	goroutines map[string]string // their stacks
	sockets    map[string]string
}

func takeCensus() census {
	return census{goroutines: goroutines(), sockets: sockets()}
}

// leaks waits until there is nothing more than before, or returns what there is
// when the deadline has passed.
func (c census) leaks(deadline time.Duration) string {
	if transport, ok := http.DefaultTransport.(interface{ CloseIdleConnections() }); ok {
		transport.CloseIdleConnections() // of every client without a transport of its own
	}
	end := time.Now().Add(deadline)
	for pause := time.Millisecond; ; pause *= 2 {
		now := takeCensus()
		left := slices.Concat(missing(c.goroutines, now.goroutines), missing(c.sockets, now.sockets))
		if len(left) == 0 {
			return ""
		}
		if !time.Now().Before(end) {
			return fmt.Sprintf("couranttest: left behind are\n\n%s", strings.Join(left, "\n\n"))
		}
		<-time.After(min(pause, time.Until(end)))
	}
}

// missing returns what is in now and not in before.
func missing(before, now map[string]string) []string {
	var left []string
	for _, name := range slices.Sorted(maps.Keys(now)) {
		if _, ok := before[name]; !ok {
			left = append(left, now[name])
		}
	}
	return left
}

// notOurs are goroutines that the runtime and package testing start when they
// need them, and keep.
var notOurs = []string{"os/signal.loop", "os/signal.signal_recv", "runtime.ensureSigM", "runtime/trace.", "runtime/pprof.profileWriter", "testing.(*F).Fuzz"}

// goroutines returns the stacks of all goroutines but this one, by their number.
func goroutines() map[string]string {
	buf := make([]byte, 64<<10)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) {
			buf = buf[:n]
			break
		}
		buf = make([]byte, 2*len(buf))
	}
	found := map[string]string{}
	for i, stack := range bytes.Split(buf, []byte("\n\n")) {
		text := string(stack)
		name, _, _ := strings.Cut(text, " [")
		if i > 0 && !slices.ContainsFunc(notOurs, func(part string) bool { return strings.Contains(text, part) }) {
			found[name] = text
		}
	}
	return found
}

// sockets returns the open sockets of the process, where /proc tells.
func sockets() map[string]string {
	links, _ := filepath.Glob("/proc/self/fd/*")
	found := map[string]string{}
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && strings.HasPrefix(target, "socket:") {
			found[target] = "a socket is open: " + target
		}
	}
	return found
}
