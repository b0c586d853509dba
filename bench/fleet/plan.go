package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// A plan is what is to be done with each fleet.
type plan struct {
	subscribers int // of each server
	events      int
	pace        float64 // events per second
	missed      int     // events that are published while everyone is away
	away        time.Duration
	timeout     time.Duration // of each step
	profile     string        // directory; empty for none
	progress    func(string)
}

// A fleet is servers on one log.
type fleet struct {
	servers int
	log     logKind
}

// logKind is where the events are kept.
type logKind string

const (
	automatic logKind = "auto"
	inMemory  logKind = "memlog"
	inNATS    logKind = "natslog"
)

// MarshalText implements [encoding.TextMarshaler].
func (k logKind) MarshalText() ([]byte, error) { return []byte(k), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (k *logKind) UnmarshalText(text []byte) error {
	switch *k = logKind(text); *k {
	case automatic, inMemory, inNATS:
		return nil
	}
	return fmt.Errorf("want %s, %s or %s", automatic, inMemory, inNATS)
}

// A trial is one run of a fleet.
type trial struct {
	*plan
	fleet

	stop      context.CancelCauseFunc
	dir       string // of the log
	processes []*process
	fleetOf   []*process // the servers
	crowds    []*process
	result    *result
}

// run tries a fleet. An error means that nothing is known.
func (p *plan) run(ctx context.Context, f fleet) (*result, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	t := &trial{plan: p, fleet: f, stop: stop, result: &result{plan: p, fleet: f}}
	defer t.end()
	for _, step := range []func(context.Context) error{t.launch, t.open, t.publish, t.cut} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(context.Cause(ctx), err)
		}
		if t.result.verdict() != nil {
			break // what follows would only say it again
		}
	}
	return t.result, context.Cause(ctx)
}

// end ends all processes, subscribers first.
func (t *trial) end() {
	for _, p := range slices.Backward(t.processes) {
		p.end()
	}
	if t.dir != "" {
		_ = os.RemoveAll(t.dir)
	}
}

// start starts a process, which answers first with something.
func (t *trial) start(ctx context.Context, a assignment, answer any) (*process, error) {
	p, err := start(ctx, a)
	if err != nil {
		return nil, err
	}
	t.processes = append(t.processes, p)
	if answer == nil {
		return p, nil
	}
	return p, p.answer(answer)
}

// perCrowd is how many subscribers a process has at most.
const perCrowd = 19_500

// launch starts the log, the servers, and the processes of subscribers.
func (t *trial) launch(ctx context.Context) error {
	url := ""
	if t.log == inNATS {
		dir, err := os.MkdirTemp("", "courant-fleet-")
		if err != nil {
			return err
		}
		t.dir = dir
		if _, err := t.start(ctx, assignment{Role: logRole, Dir: dir}, &url); err != nil {
			return err
		}
	}
	address := 2 // 127.0.0.2
	for i := range t.servers {
		a := assignment{Role: serverRole, URL: url}
		if t.profile != "" {
			a.Profile = filepath.Join(t.profile, fmt.Sprintf("%d-of-%d-", i+1, t.servers))
		}
		var addr string
		server, err := t.start(ctx, a, &addr)
		if err != nil {
			return err
		}
		t.fleetOf = append(t.fleetOf, server)
		for left := t.subscribers; left > 0; left -= perCrowd {
			size := min(left, perCrowd)
			crowd, err := t.start(ctx, assignment{Role: subscribersRole, Addr: addr, First: address, Size: size}, nil)
			if err != nil {
				return err
			}
			t.crowds = append(t.crowds, crowd)
			address += 1 + size/perAddress
		}
	}
	return nil
}

// all is how many subscribers there are.
func (t *trial) all() int { return t.servers * t.subscribers }

// open connects everyone, and measures what idle connections take.
func (t *trial) open(context.Context) error {
	r := t.result
	var err error
	if r.empty, err = t.measure(serverOrder{Settle: true}); err != nil {
		return err
	}
	before, begun := currentKernel(), time.Now()
	if r.crowds, err = t.tell(subscriberOrder{Do: "open"}, t.all(), "connected", func(s status) int { return s.Open }); err != nil {
		return err
	}
	r.connected = time.Since(begun)
	if r.fresh, err = t.measure(serverOrder{}); err != nil {
		return err
	}
	if r.idle, err = t.measure(serverOrder{Settle: true, Profile: "idle.heap"}); err != nil {
		return err
	}
	after := currentKernel()
	r.kernel = kernel{Objects: after.Objects - before.Objects, Buffers: after.Buffers - before.Buffers}
	return nil
}

// publish publishes the events one after the other.
func (t *trial) publish(context.Context) error {
	r := t.result
	var err error
	if r.before, err = t.measure(serverOrder{}); err != nil {
		return err
	}
	crowdsBefore := r.crowds
	wait := t.begin(subscriberOrder{Do: "expect", Through: int64(t.events)},
		t.all()*t.events, "events delivered", func(s status) int { return s.Received })
	publishing := t.publishFrom(1, t.events, t.pace)
	if r.crowds, err = wait(); err != nil {
		return err
	}
	if err := <-publishing; err != nil {
		return err
	}
	if r.after, err = t.measure(serverOrder{}); err != nil {
		return err
	}
	r.reading = processor(usages(r.crowds)) - processor(usages(crowdsBefore))
	r.events = arrivals(r.crowds)
	return nil
}

// publishFrom has the first server publish. If it cannot, nobody waits for what
// was to come.
func (t *trial) publishFrom(number int64, count int, pace float64) <-chan error {
	done := make(chan error, 1)
	go func() {
		err := t.fleetOf[0].order(serverOrder{Publish: count, From: number, Pace: pace}, new(usage))
		if err != nil {
			t.stop(err)
		}
		done <- err
	}()
	return done
}

// cut cuts everyone at once, and waits until all are back and have what was
// published meanwhile.
func (t *trial) cut(context.Context) error {
	r := t.result
	through := t.events + t.missed
	before, cutAt := currentKernel(), now()
	var err error
	wait := t.begin(subscriberOrder{Do: "cut", Through: int64(through), Spread: t.away},
		t.all(), "are back and have all events", func(s status) int { return min(s.Open, s.Complete) })
	publishing := t.publishFrom(int64(t.events)+1, t.missed, float64(t.missed)/t.away.Seconds())
	if r.crowds, err = wait(); err != nil {
		return err
	}
	if err := <-publishing; err != nil {
		return err
	}
	r.wasCut, r.refused = true, currentKernel().Refused-before.Refused
	r.events = arrivals(r.crowds)
	for _, s := range r.crowds {
		if s.Failed > 0 {
			t.progress(fmt.Sprintf("%d attempts of a process have failed, the first one: %s", s.Failed, s.Trouble))
		}
		for _, at := range s.Backs {
			r.backs = append(r.backs, time.Duration(at-cutAt))
		}
		r.caughtUp = max(r.caughtUp, time.Duration(s.Ended-cutAt))
	}
	r.returned, err = t.measure(serverOrder{Settle: true, Profile: "back.heap"})
	return err
}

// measure asks all servers.
func (t *trial) measure(o serverOrder) ([]usage, error) {
	var all []usage
	for _, server := range t.fleetOf {
		var u usage
		if err := server.order(o, &u); err != nil {
			return nil, err
		}
		all = append(all, u)
	}
	return all, nil
}

// tell has all crowds do something, and waits.
func (t *trial) tell(o subscriberOrder, of int, what string, count func(status) int) ([]status, error) {
	return t.begin(o, of, what, count)()
}

// sayEvery is how often is said how far everyone is.
const sayEvery = 2 * time.Second

// begin has all crowds do something; what it returns waits for that.
func (t *trial) begin(o subscriberOrder, of int, what string, count func(status) int) func() ([]status, error) {
	o.Timeout = t.timeout
	type answer struct {
		crowd  int
		status status
		err    error
	}
	answers := make(chan answer)
	for i, crowd := range t.crowds {
		go func() {
			var s status
			err := crowd.order(o, &s)
			for ; err == nil && !s.Done; err = crowd.answer(&s) {
				answers <- answer{i, s, nil}
				s = status{}
			}
			answers <- answer{i, s, err}
		}()
	}
	return func() ([]status, error) {
		all := make([]status, len(t.crowds))
		var failed error
		said := time.Now()
		for running := len(t.crowds); running > 0; {
			a := <-answers
			all[a.crowd] = a.status
			if a.err != nil || a.status.Done {
				running--
				failed = errors.Join(failed, a.err)
			}
			if time.Since(said) > sayEvery || running == 0 {
				said = time.Now()
				n := 0
				for _, s := range all {
					n += count(s)
				}
				t.progress(fmt.Sprintf("%d of %d %s", n, of, what))
			}
		}
		return all, failed
	}
}
