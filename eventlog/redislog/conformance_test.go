package redislog_test

import (
	"testing"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/logtest"
	"github.com/courant-dev/courant/eventlog/redislog"
)

func TestConformance(t *testing.T) {
	s := start(t, "--appendfsync", "no")
	logtest.Run(t, func(t testing.TB) eventlog.Store { return s.store(t) },
		logtest.WithRestart(logtest.Keeps, func(t testing.TB, store eventlog.Store) eventlog.Store {
			_ = store.Close() // never fails
			s.restart(t)
			return redislog.New(s.client(t))
		}),
		logtest.WithTopics(500),
		logtest.WithLoss(func(t testing.TB, _ eventlog.Store) { s.do(t, "FLUSHALL") }),
	)
}
