package redislog_test

import (
	"testing"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/logtest"
)

// crash kills the server, and a process that appends, again and again.
func crash(t *testing.T, fsync string) {
	logtest.Crash(t,
		func(t testing.TB, dir string) eventlog.Store { return in(dir).store(t) },
		logtest.WithServer(func(t testing.TB, dir string) func() {
			s := in(dir, "--appendfsync", fsync)
			s.run(t)
			return func() { s.kill(t) }
		}),
		logtest.WithRounds(4),
	)
}

func TestCrashLosesNothingThatIsSynced(t *testing.T) { crash(t, "always") }

// TestCrashLosesNothingThatIsWritten is about the end of the process; it cannot
// tell what a power cut takes.
func TestCrashLosesNothingThatIsWritten(t *testing.T) { crash(t, "no") }
