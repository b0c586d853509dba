package hub_test

import (
	"bufio"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/hub"
)

// burst publishes so much that a client which does not read is stuck.
func (f *fixture) burst(t *testing.T, events int) {
	t.Helper()
	for range events {
		if err := f.topic.Publish(t.Context(), room, &note{strings.Repeat("x", 64<<10)}); err != nil {
			t.Error(err)
			return
		}
	}
}

const stuck = 12 // events of a burst, more than the sockets take

func TestClientThatDoesNotReadIsEnded(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		if w.http2 {
			return // whose frames this client does not speak
		}
		f := open(t, w, setup{server: []courant.ServerOption{courant.WithWriteDeadline(time.Second)},
			change: func(m *courant.StreamMethod[*watchPayload, *note]) { m.Topic.MaxEvents = 1000 }})
		_ = f.dial(t, "")
		other := f.get(t, "")
		other.wantPlace()
		var publisher sync.WaitGroup
		publisher.Go(func() {
			f.burst(t, stuck)
			f.publish(t, 1, 20)
		})
		for range stuck {
			other.event()
		}
		other.want(1, 20)
		publisher.Wait()
		if got := f.report(t, 1); got.Outcome != courant.OutcomeGone || !errors.Is(got.Err, courant.ErrWriteDeadline) {
			t.Errorf("the report is %+v", got)
		}
		f.publish(t, 21, 22)
		other.want(21, 22)
		until(t, "one stream is open", func() bool { return f.streams.Len() == 1 })
	})
}

// reading makes a reader of a connection that was dialled.
func (f *fixture) reading(t *testing.T, id string) (r *reader, begin func()) {
	t.Helper()
	c := f.dial(t, id)
	r = &reader{t: t}
	return r, func() {
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
		r.in = bufio.NewReader(newChunks(c))
	}
}

func TestSlowClientMissesNothing(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		if w.http2 {
			return // whose frames this client does not speak
		}
		f := open(t, w, setup{hub: []hub.Option{hub.WithWindow(4 << 10)},
			change: func(m *courant.StreamMethod[*watchPayload, *note]) { m.Topic.MaxEvents = 2000 }})
		r, begin := f.reading(t, "")
		f.publish(t, 1, 3)
		f.burst(t, stuck)
		f.publish(t, 4, 500)
		begin()
		r.want(1, 3)
		for range stuck {
			r.event()
		}
		r.want(4, 500)
		f.publish(t, 501, 600)
		r.want(501, 600)
	})
}

func TestSlowClientIsDrainedUnderSlowDrain(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		if w.http2 {
			return // whose frames this client does not speak
		}
		f := open(t, w, setup{hub: []hub.Option{hub.WithWindow(4 << 10), hub.WithSlowPolicy(hub.SlowDrain)},
			change: func(m *courant.StreamMethod[*watchPayload, *note]) { m.Topic.MaxEvents = 2000 }})
		f.streams.DrainRetry = time.Minute
		r, begin := f.reading(t, "")
		begin()
		f.publish(t, 1, 3)
		r.want(1, 3)
		f.burst(t, stuck)
		f.publish(t, 4, 500)
		e := r.event()
		for ; e.event == ""; e = r.event() {
			if len(e.data) < 64<<10 {
				t.Fatalf("%s comes from the log", e.data)
			}
		}
		if retry, _ := strconv.Atoi(e.retry); e.event != "stream-drain" || retry < 60_000 {
			t.Errorf("the stream ends with %+v", e)
		}
		r.wantEnd(true)
		if got := f.report(t, 1); got.Outcome != courant.OutcomeDrain || !errors.Is(got.Err, courant.ErrDraining) {
			t.Errorf("the report is %+v", got)
		}
		again := f.get(t, r.id)
		e = again.event()
		for len(e.data) > 64<<10 {
			e = again.event()
		}
		again.want(5, 500) // and e was 4
		f.publish(t, 501, 502)
		again.want(501, 502)
	})
}

func TestClientSoSlowThatTheLogIsTrimmedIsTold(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		if w.http2 {
			return // whose frames this client does not speak
		}
		f := open(t, w, setup{hub: []hub.Option{hub.WithWindow(4 << 10)}})
		r, begin := f.reading(t, "")
		begin()
		f.publish(t, 1, 1)
		r.want(1, 1) // or it might be as slow before it has received anything
		f.burst(t, stuck)
		for n := 2; n <= 1000; n += 50 {
			f.publish(t, n, n+49)
		}
		for {
			if e := r.event(); e.event == "stream-gap" {
				if !strings.Contains(e.data, `"reason":"trimmed"`) {
					t.Errorf("the gap is %s", e.data)
				}
				break
			}
		}
		r.event()
		for r.id != f.newest(t) {
			r.event()
		}
		f.publish(t, 1002, 1003)
		r.want(1002, 1003)
	})
}

func TestDrainEndsWithAClientThatDoesNotRead(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		if w.http2 {
			return // whose frames this client does not speak
		}
		f := open(t, w, setup{})
		_ = f.dial(t, "")
		f.burst(t, stuck)
		began := time.Now()
		if err := f.streams.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("the drain took %v", took)
		}
		if got := f.report(t, 1); got.Outcome != courant.OutcomeGone && got.Outcome != courant.OutcomeDrain {
			t.Errorf("the report is %+v", got)
		}
		until(t, "the registry is empty", func() bool { return f.streams.Len() == 0 })
	})
}
