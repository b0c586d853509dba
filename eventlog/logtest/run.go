package logtest

import (
	"slices"
	"testing"
	"time"

	"github.com/courant-dev/courant/eventlog"
)

// Memory is what a store has of its records when it is opened again.
type Memory string

// What [WithRestart] says of a store.
const (
	Keeps Memory = "keeps" // the epoch, the records and the keys are as before
	Loses Memory = "loses" // the store is empty, and its logs have other epochs
)

type config struct {
	open     func(testing.TB) eventlog.Store
	memory   Memory
	restart  func(testing.TB, eventlog.Store) eventlog.Store
	lose     func(testing.TB, eventlog.Store)
	events   int
	bytes    int64
	topics   int
	age      time.Duration
	patience time.Duration
}

// Option adapts the suite to a store. The options are [WithRestart],
// [WithLoss], [WithSlack], [WithTopics], [WithAge] and [WithPatience].
type Option func(*config)

// WithRestart gives the suite a function that closes a store, in whatever way, and opens it again.
// Memory says what it has then. Without this option, nothing is tested about
// it.
func WithRestart(memory Memory, restart func(t testing.TB, s eventlog.Store) eventlog.Store) Option {
	return func(c *config) { c.memory, c.restart = memory, restart }
}

// WithLoss gives the suite a function that removes all that a store keeps
// behind its back, such as FLUSHALL or the removal of a stream, while the store
// stays open. Without this option, nothing is tested about it.
func WithLoss(lose func(t testing.TB, s eventlog.Store)) Option {
	return func(c *config) { c.lose = lose }
}

// WithSlack says how many events and bytes of a topic a log may keep at most beyond its
// limits. The default is none of either.
func WithSlack(events int, bytes int64) Option {
	return func(c *config) { c.events, c.bytes = events, bytes }
}

// WithTopics sets how many topics the test of many topics has. The default is
// 10,000.
func WithTopics(n int) Option { return func(c *config) { c.topics = n } }

// WithAge sets the MaxAge for the test of it, for logs that cannot do with the default
// of 500 ms.
func WithAge(d time.Duration) Option { return func(c *config) { c.age = d } }

// WithPatience sets how long the suite waits for what the contract says happens soon. The
// default is 10 s.
func WithPatience(d time.Duration) Option { return func(c *config) { c.patience = d } }

// Run tests that a store is as the contract of package [eventlog] has it.
//
// Open returns a store, for each rule anew. It may come with what earlier ones
// left: the suite gives each log a name of its own. The suite closes it; what
// else is to be cleaned up is for t.Cleanup.
func Run(t *testing.T, open func(t testing.TB) eventlog.Store, options ...Option) {
	c := newConfig(open, options)
	for _, r := range rules() {
		if r.applies(c) {
			t.Run(r.name, func(t *testing.T) { r.run(t, c) })
		}
	}
}

func newConfig(open func(testing.TB) eventlog.Store, options []Option) *config {
	c := &config{open: open, topics: 10_000, age: 500 * time.Millisecond, patience: 10 * time.Second}
	for _, o := range options {
		o(c)
	}
	return c
}

// rule is one thing that the contract asks for.
type rule struct {
	name     string
	contract string // what it says
	broken   string // what users see of a log that does not keep it
	check    func(p *probe)
	needs    need
}

// need is what must be given for a rule to be tested.
type need int

const (
	nothing need = iota
	aKeepingRestart
	aLosingRestart
	aLoss
)

func (r *rule) applies(c *config) bool {
	switch r.needs {
	case aKeepingRestart:
		return c.restart != nil && c.memory == Keeps
	case aLosingRestart:
		return c.restart != nil && c.memory == Loses
	case aLoss:
		return c.lose != nil
	default:
		return true
	}
}

func (r *rule) run(t testing.TB, c *config) {
	t.Helper()
	p := &probe{TB: t, rule: r, config: c}
	p.store = c.open(t)
	defer func() { _ = p.store.Close() }() // not the first, in some rules
	r.check(p)
}

// rules returns all of them.
func rules() []rule {
	return slices.Concat(orderRules(), followRules(), positionRules(), limitRules(), keyRules(), contentRules(), nameRules(), endRules(), restartRules())
}
