package memlog_test

import (
	"testing"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/logtest"
	"github.com/courant-dev/courant/eventlog/memlog"
)

func open(testing.TB) eventlog.Store { return memlog.New() }

// reopen closes a store and makes another one, as a restart of the process does.
func reopen(_ testing.TB, s eventlog.Store) eventlog.Store {
	_ = s.Close() // never fails
	return memlog.New()
}

func TestConformance(t *testing.T) {
	logtest.Run(t, open, logtest.WithRestart(logtest.Loses, reopen))
}
