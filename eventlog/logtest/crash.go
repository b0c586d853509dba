package logtest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/courant-dev/courant/eventlog"
)

// CrashOption adapts [Crash]. The options are [WithRounds] and [WithServer].
type CrashOption func(*crash)

// WithRounds sets how often [Crash] kills. The default is 10.
func WithRounds(n int) CrashOption { return func(c *crash) { c.rounds = n } }

// WithServer is for a store whose records are kept by another process. Start
// starts it with the data in a directory, and returns when it can be used; kill
// sends it SIGKILL and waits for its end. Start is called again with the same
// directory after each kill, and kill once more when the test ends.
//
// In each round the server is killed and started again in the middle of
// appends, before the process that appends is killed too. A Follow is held open all the time and has
// to go on.
func WithServer(start func(t testing.TB, dir string) (kill func())) CrashOption {
	return func(c *crash) { c.start = start }
}

// crash is a test that kills.
type crash struct {
	open   func(t testing.TB, dir string) eventlog.Store
	start  func(t testing.TB, dir string) (kill func())
	rounds int

	dir   string
	acked [crashTopics][]eventlog.Position // by topic and number-1
	kill  func()
	tails [crashTopics]*tail
}

const (
	crashTopics = 3
	crashBatch  = 3 // entries of one call, at most
	crashLog    = "crash/{n}"
)

func crashTopic(i int) string { return fmt.Sprintf("crash/%d", i) }

// Crash tests that a store that keeps its records loses none that it
// acknowledged when its process is killed, and that who then appends again by
// key, because it did not hear, appends nothing twice.
//
// It runs the calling test in a second process, which comes as far as the call of Crash and
// there appends numbered events to several topics, each call of Append at once after the last.
// That process is sent SIGKILL in the middle of it, again and again; each time,
// the store is opened in this process and every record checked.
//
// Open opens the store with the data in a directory, which is empty at first.
// There is one Crash in a test. What the test does before is done in
// the second process too.
func Crash(t *testing.T, open func(t testing.TB, dir string) eventlog.Store, options ...CrashOption) {
	c := &crash{open: open, rounds: 10}
	for _, o := range options {
		o(c)
	}
	c.run(t)
}

func (c *crash) run(t testing.TB) {
	t.Helper()
	if dir := os.Getenv(crashDir); dir != "" {
		appendUntilKilled(t, c.open, dir)
		return
	}
	c.dir = t.TempDir()
	p := &probe{TB: t, config: newConfig(nil, nil), rule: &rule{
		contract: "Append returns when the entries are as safe as the log promises; offsets are not used again; an entry whose key is there is not appended again.",
		broken:   "when the server is killed, events that were published are gone, or are there twice.",
	}}
	p.config.patience = 30 * time.Second
	if c.start != nil {
		c.kill = c.start(t, c.dir)
		t.Cleanup(func() { c.kill() })
		c.follow(p)
	}
	for round := 1; round <= c.rounds && !t.Failed(); round++ {
		child := startChild(p, c.dir, c.counts())
		c.collect(p, child)
		if c.start != nil && !t.Failed() {
			c.kill()
			c.kill = c.start(t, c.dir)
			c.collect(p, child)
		}
		for _, a := range child.end() {
			c.acknowledge(p, a)
		}
		if !t.Failed() {
			c.check(p, round)
		}
	}
	var total int
	for _, n := range c.counts() {
		total += n
	}
	t.Logf("%d rounds, %d entries acknowledged", c.rounds, total)
}

// follow holds a Follow open for each topic.
func (c *crash) follow(p *probe) {
	p.store = c.open(p, c.dir)
	p.Cleanup(func() { _ = p.store.Close() }) // what it could lose was looked at
	l := p.openNamed(crashLog, eventlog.Limits{})
	for i := range c.tails {
		c.tails[i] = p.tail(l, crashTopic(i), eventlog.Position{})
	}
}

// counts returns how many entries of each topic are acknowledged.
func (c *crash) counts() (n [crashTopics]int) {
	for i, positions := range c.acked {
		n[i] = len(positions)
	}
	return n
}

// collect takes acknowledgements until some have come, so that what follows
// meets the child in the middle of its appends.
func (c *crash) collect(p *probe, child *child) {
	enough := 20 + rand.IntN(300)
	limit := time.NewTimer(p.config.patience)
	defer limit.Stop()
	late := time.NewTimer(2 * time.Second)
	defer late.Stop()
	slow := false
	for got := 0; got < enough && (!slow || got == 0); {
		select {
		case a, ok := <-child.acks:
			if !ok {
				p.Errorf("the process that appends ended by itself: %s", child.output())
				return
			}
			c.acknowledge(p, a)
			got++
		case <-late.C:
			slow = true
		case <-limit.C:
			p.violated("no Append came back within %v: %s", p.config.patience, child.output())
			return
		}
	}
}

func (c *crash) acknowledge(p *probe, a ack) {
	if a.topic < 0 || a.topic >= crashTopics || a.number != len(c.acked[a.topic])+1 {
		p.Errorf("the process that appends says that entry %d of topic %d is appended, and it is the turn of another one", a.number, a.topic)
		return
	}
	c.acked[a.topic] = append(c.acked[a.topic], a.position)
}

// check opens the store and looks at every record.
func (c *crash) check(p *probe, round int) {
	store := c.open(p, c.dir)
	defer func() {
		if err := store.Close(); err != nil {
			p.violated("round %d: Close: %v", round, err)
		}
	}()
	l, err := store.Open(p.soon(), crashLog, eventlog.Limits{})
	p.must(err, "round %d: opening the log again", round)
	var epoch eventlog.Epoch
	for i, acked := range c.acked {
		records, err := p.read(l, crashTopic(i), eventlog.Position{})
		p.must(err, "round %d: reading topic %d", round, i)
		for n, r := range records {
			if want := fmt.Sprint(n + 1); string(r.Event.Data) != want {
				p.violated("round %d, topic %d: %s stands where %s should be, of %d that were acknowledged", round, i, clip(r.Event.Data), want, len(acked))
				return
			}
		}
		for n, r := range records {
			if n < len(acked) && r.Position != acked[n] {
				p.violated("round %d, topic %d: entry %d was acknowledged at %+v and is at %+v", round, i, n+1, acked[n], r.Position)
				return
			}
			if epoch == 0 {
				epoch = r.Position.Epoch
			}
			if r.Position.Epoch != epoch {
				p.violated("round %d: topics have the epochs %d and %d", round, epoch, r.Position.Epoch)
				return
			}
		}
		switch {
		case len(records) < len(acked):
			p.violated("round %d, topic %d: %d entries were acknowledged, and %d are there", round, i, len(acked), len(records))
		case len(records) > len(acked)+crashBatch:
			p.violated("round %d, topic %d: %d entries were acknowledged, one call was on its way, and %d are there", round, i, len(acked), len(records))
		case c.tails[i] != nil:
			p.want(fmt.Sprintf("round %d, topic %d: Follow, which saw the server go and come back", round, i), c.tails[i].wait(p, len(records)), dataOf(records)...)
		}
	}
}
