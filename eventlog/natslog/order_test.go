package natslog_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/natslog"
	"github.com/courant-dev/courant/sse"
)

// TestAppendStaysInOrderWhereAMessageIsLost loses one message on the way to the server,
// or one acknowledgement, of an append of ten entries.
func TestAppendStaysInOrderWhereAMessageIsLost(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	for _, replicas := range []int{1, 3} {
		w := new(wires)
		s, err := natslog.Open(t.Context(), natslog.WithURL(c.url(0), nats.SetCustomDialer(w)), natslog.WithReplicas(replicas))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		l := open(t, s, fmt.Sprint("wire", replicas), eventlog.Limits{})
		entries := make([]eventlog.Entry, 10)
		for i := range entries {
			entries[i].Event.Data = []byte("payload " + strconv.Itoa(i))
		}
		for name, loss := range map[string]struct {
			text string
			n    int
		}{
			"nothing":             {"never", -1},
			"the first entry":     {"payload 0", 0},
			"an entry":            {"payload 4", 0},
			"the last entry":      {"payload 9", 0},
			"the acknowledgement": {`{"stream":`, 0},
		} {
			t.Run(fmt.Sprint(replicas, "/", name), func(t *testing.T) {
				if loss.n >= 0 {
					w.losing(nth(t, loss.text, loss.n))
				}
				positions, err := l.Append(t.Context(), name, entries...)
				w.losing(nil)
				if err != nil {
					t.Fatal(err)
				}
				i := 0
				for r, err := range l.Read(t.Context(), name, eventlog.Position{}) {
					if err != nil {
						t.Fatal(err)
					}
					if i >= len(entries) || string(r.Event.Data) != string(entries[i].Event.Data) || r.Position != positions[i] {
						t.Fatalf("record %d is %q at %+v; the positions are %+v", i, r.Event.Data, r.Position, positions)
					}
					i++
				}
				if i != len(entries) {
					t.Errorf("%d records are there, want %d", i, len(entries))
				}
			})
		}
	}
}

func TestAppendIsNotTriedAgainWhenItsIDIsForgotten(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	w := new(wires)
	s, err := natslog.Open(t.Context(), natslog.WithURL(c.url(0), nats.SetCustomDialer(w)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for _, entries := range []int{1, 20} { // alone, and as one
		topic := fmt.Sprint("of ", entries)
		l := open(t, s, topic, eventlog.Limits{MaxAge: time.Second})
		w.losing(func(text []byte) bool { return bytes.Contains(text, []byte(`{"stream":`)) })
		_, err = l.Append(t.Context(), topic, make([]eventlog.Entry, entries)...)
		w.losing(nil)
		if !errors.Is(err, nats.ErrTimeout) {
			t.Errorf("%d entries whose acknowledgement is lost: error %v, want a timeout", entries, err)
		}
		next, err := l.Append(t.Context(), topic, eventlog.Entry{})
		if err != nil {
			t.Fatal(err)
		}
		if stored := int(next[0].Offset) - 1; stored > entries { // less when the batch was refused
			t.Errorf("%d entries are stored as %d", entries, stored)
		}
	}
}

// TestKeyOfAnAppendThatIsThere has appends of several entries of which some are
// in the log already.
func TestKeyOfAnAppendThatIsThere(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	l := open(t, c.open(0), "keys", eventlog.Limits{})
	keyed := func(keys ...string) []eventlog.Position {
		t.Helper()
		var entries []eventlog.Entry
		for _, k := range keys {
			entries = append(entries, eventlog.Entry{Key: k, Event: sse.Event{Data: []byte(k)}})
		}
		positions, err := l.Append(t.Context(), "t", entries...)
		if err != nil {
			t.Fatal(err)
		}
		return positions
	}
	keyed("a", "b")
	positions := keyed("x", "b", "y", "x", "z")
	var got []string
	at := map[string]eventlog.Position{}
	for r, err := range l.Read(t.Context(), "t", eventlog.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(r.Event.Data))
		at[string(r.Event.Data)] = r.Position
	}
	if s := strings.Join(got, ""); s != "abxyz" {
		t.Errorf("the log has %q", s)
	}
	for i, key := range []string{"x", "b", "y", "x", "z"} {
		if positions[i] != at[key] {
			t.Errorf("%q is at %+v, Append says %+v", key, at[key], positions[i])
		}
	}
}

// publisher appends groups of numbered entries to its topic and to one that it
// shares.
type publisher struct {
	name      string
	log       eventlog.Log
	appended  atomic.Int64 // groups
	positions map[string]eventlog.Position
}

const group = 8

func (p *publisher) run(ctx context.Context, t *testing.T) {
	for ctx.Err() == nil {
		first := p.appended.Load() * group
		for _, topic := range []string{p.name, "shared"} {
			var entries []eventlog.Entry
			for i := range int64(group) {
				entries = append(entries, eventlog.Entry{Event: sse.Event{Type: p.name, Data: strconv.AppendInt(nil, first+i, 10)}})
			}
			// Not ctx: an append that is given up may be there or not.
			positions, err := p.log.Append(t.Context(), topic, entries...)
			if err != nil {
				t.Errorf("%s: append from %d on: %v", p.name, first, err)
				return
			}
			for i, at := range positions {
				p.positions[topic+"/"+string(entries[i].Event.Data)] = at
			}
		}
		p.appended.Add(1)
	}
}

// check reads what a publisher has appended to a topic.
func (p *publisher) check(t *testing.T, topic string) {
	t.Helper()
	n := int64(0)
	for r, err := range p.log.Read(t.Context(), topic, eventlog.Position{}) {
		if err != nil {
			t.Fatalf("reading %s: %v", topic, err)
		}
		if r.Event.Type != p.name {
			continue
		}
		if want := strconv.FormatInt(n, 10); string(r.Event.Data) != want {
			t.Fatalf("topic %s: got %s of %s, want %s", topic, r.Event.Data, p.name, want)
		}
		if at := p.positions[topic+"/"+string(r.Event.Data)]; at != r.Position {
			t.Fatalf("topic %s: %s of %s is at %+v, Append says %+v", topic, r.Event.Data, p.name, r.Position, at)
		}
		n++
	}
	if want := p.appended.Load() * group; n != want {
		t.Errorf("topic %s has %d events of %s, %d were appended", topic, n, p.name, want)
	}
}

// TestAppendsStayInOrderWhenTheLeaderChanges has the leader of the stream step
// down, or stops its server, in the middle of appends of several entries, again
// and again.
func TestAppendsStayInOrderWhenTheLeaderChanges(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var publishers [3]*publisher
	var running sync.WaitGroup
	for i := range publishers {
		p := &publisher{name: fmt.Sprint("p", i), log: open(t, c.open(i), "order", eventlog.Limits{}), positions: map[string]eventlog.Position{}}
		publishers[i] = p
		running.Go(func() { p.run(ctx, t) })
	}
	for round := range 12 {
		before := publishers[round%3].appended.Load()
		until(t, "groups are appended", func() bool { return t.Failed() || publishers[round%3].appended.Load() > before+1 })
		leader := c.leader()
		if round%4 == 3 {
			c.stop(leader)
			c.start(leader)
			c.until("the server is back", c.servers[leader].JetStreamIsCurrent)
			continue
		}
		c.stepDown()
	}
	stop()
	running.Wait()
	for _, p := range publishers {
		p.check(t, p.name)
		p.check(t, "shared")
	}
	t.Logf("%d, %d and %d groups", publishers[0].appended.Load(), publishers[1].appended.Load(), publishers[2].appended.Load())
}
