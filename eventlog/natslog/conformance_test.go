package natslog_test

import (
	"testing"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/logtest"
	"github.com/courant-dev/courant/eventlog/natslog"
)

func TestEmbedded(t *testing.T) {
	dirs := map[eventlog.Store]string{}
	open := func(t testing.TB, dir string) eventlog.Store {
		s, err := natslog.Open(t.Context(), natslog.WithDir(dir))
		if err != nil {
			t.Fatal(err)
		}
		dirs[s] = dir
		return s
	}
	logtest.Run(t, func(t testing.TB) eventlog.Store { return open(t, t.TempDir()) },
		logtest.WithSlack(1, 1000/8),
		logtest.WithRestart(logtest.Keeps, func(t testing.TB, s eventlog.Store) eventlog.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return open(t, dirs[s])
		}))
}
