package natslog_test

import (
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
	"github.com/nats-io/nats.go/jetstream"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/sse"
)

// TestLossOfEachServerInTurn has two processes' stores publish and follow while
// each server of the cluster, the stream's leader first, is stopped and comes
// back.
func TestLossOfEachServerInTurn(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	first, second := open(t, c.open(0), "faults", eventlog.Limits{}), open(t, c.open(1), "faults", eventlog.Limits{})
	var tails []*counter
	for _, l := range []eventlog.Log{first, second} {
		tails = append(tails, follow(t, l, "0"), follow(t, l, "1"))
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var publishers sync.WaitGroup
	var appended [2]atomic.Int64
	for i, l := range []eventlog.Log{first, second} {
		publishers.Go(func() {
			for ctx.Err() == nil {
				next := appended[i].Load()
				// Not ctx: an append that is given up may be there or not.
				if _, err := l.Append(t.Context(), strconv.Itoa(i), numbered(next)); err != nil {
					t.Errorf("append %d: %v", next, err)
					return
				}
				appended[i].Add(1)
			}
		})
	}
	progress := func(what string) {
		t.Helper()
		a, b := appended[0].Load(), appended[1].Load()
		until(t, what, func() bool {
			return t.Failed() || appended[0].Load() > a+20 && appended[1].Load() > b+20
		})
	}
	leader := c.leader()
	for i := range c.servers {
		node := (leader + i) % 3
		progress("appends")
		c.stop(node)
		progress("appends without a server")
		c.start(node)
		c.until("the server is back", c.servers[node].JetStreamIsCurrent)
	}
	progress("appends with all servers")
	stop()
	publishers.Wait()
	for i, f := range tails {
		f.wait(t, fmt.Sprint("follower ", i), appended[i%2].Load())
	}
	for i, l := range []eventlog.Log{second, first} {
		n := int64(0)
		for r, err := range l.Read(t.Context(), strconv.Itoa(i), eventlog.Position{}) {
			if err != nil || string(r.Event.Data) != strconv.FormatInt(n, 10) {
				t.Fatalf("reading topic %d: record %d is %q, %v", i, n, r.Event.Data, err)
			}
			n++
		}
		if n != appended[i].Load() {
			t.Errorf("topic %d has %d records, %d were appended", i, n, appended[i].Load())
		}
	}
}

// leader returns which server leads the one stream there is, once one does.
func (c *cluster) leader() int {
	c.Helper()
	leader := -1
	c.withStream(func(_ *nats.Conn, s *jetstream.StreamInfo) bool {
		for i, o := range c.options {
			if s.Cluster != nil && s.Cluster.Leader == o.ServerName {
				leader = i
			}
		}
		return leader >= 0
	})
	return leader
}

// stepDown has the leader of the one stream there is step down.
func (c *cluster) stepDown() {
	c.Helper()
	c.withStream(func(nc *nats.Conn, s *jetstream.StreamInfo) bool {
		answer, err := nc.Request("$JS.API.STREAM.LEADER.STEPDOWN."+s.Config.Name, nil, 5*time.Second)
		return err == nil && strings.Contains(string(answer.Data), `"success":true`)
	})
}

// withStream calls do with the one stream there is until it returns true.
func (c *cluster) withStream(do func(*nats.Conn, *jetstream.StreamInfo) bool) {
	c.Helper()
	nc, err := nats.Connect(c.url(0))
	if err != nil {
		c.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		c.Fatal(err)
	}
	c.until("the stream has a leader", func() bool {
		done := false
		for s := range js.ListStreams(c.Context()).Info() {
			done = done || do(nc, s)
		}
		return done
	})
}

func numbered(n int64) eventlog.Entry {
	return eventlog.Entry{Event: sse.Event{Data: strconv.AppendInt(nil, n, 10)}}
}

// counter follows a topic of events 0, 1, 2 and so on.
type counter struct {
	n   atomic.Int64
	err atomic.Pointer[error]
}

func follow(t testing.TB, l eventlog.Log, topic string) *counter {
	t.Helper()
	f := new(counter)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan struct{})
	go func() {
		defer close(done)
		for r, err := range l.Follow(ctx, topic, eventlog.Position{}) {
			if want := strconv.FormatInt(f.n.Load(), 10); err == nil && string(r.Event.Data) != want {
				err = fmt.Errorf("got %q, want %s", r.Event.Data, want)
			}
			if err != nil {
				f.err.Store(&err)
				return
			}
			f.n.Add(1)
		}
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
	return f
}

func (f *counter) wait(t testing.TB, what string, n int64) {
	t.Helper()
	until(t, what+" has all", func() bool { return f.err.Load() != nil || f.n.Load() >= n })
	if err := f.err.Load(); err != nil && !errors.Is(*err, context.Canceled) {
		t.Errorf("%s, after %d of %d: %v", what, f.n.Load(), n, *err)
	}
	if got := f.n.Load(); got != n {
		t.Errorf("%s got %d of %d", what, got, n)
	}
}
