// Package logtest owns the conformance suite of logs: what every
// [eventlog.Store] has to do, as tests, each of which says which rule of the
// contract was broken and what that means for those who use the log.
//
// It does not test what is a log's own: its speed, its configuration, what it
// does while its back end is away.
//
//	func TestConformance(t *testing.T) {
//		logtest.Run(t, func(t testing.TB) eventlog.Store { return memlog.New() },
//			logtest.WithRestart(logtest.Loses, func(t testing.TB, s eventlog.Store) eventlog.Store {
//				s.Close()
//				return memlog.New()
//			}))
//	}
//
// A log that keeps its records on disk passes [Crash] too.
//
// # Terminology
//
// Topic, log, store, entry, record, offset, epoch and position are those of
// package [eventlog]. A rule is one thing that the contract asks for; a test of
// it has the rule's name, so `go test -run 'TestConformance/trim'` runs the
// rules about trimming.
package logtest
