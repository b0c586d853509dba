package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/courant-dev/courant/bench/internal/measure"
)

// A result is what has been seen of a fleet. Usages are those of its servers.
type result struct {
	plan  *plan
	fleet fleet

	connected     time.Duration // until everyone was
	empty         []usage       // before anyone was connected
	fresh, idle   []usage       // when all were; with the garbage of connecting, and without
	kernel        kernel        // by which it has grown
	before, after []usage       // the events were published
	reading       time.Duration // processor time of the subscribers meanwhile
	wasCut        bool
	backs         []time.Duration // since the cut
	caughtUp      time.Duration
	refused       int64 // by full queues, since the cut
	returned      []usage

	crowds []status // the latest
	events []arrival
}

func (r *result) all() int { return r.fleet.servers * r.plan.subscribers }

// verdict is an error if not everyone has every event once and in order, or is
// there.
func (r *result) verdict() error {
	var total status
	for _, s := range r.crowds {
		total.Open += s.Open
		total.Faulty += s.Faulty
		if s.Trouble != "" {
			total.Trouble = s.Trouble
		}
	}
	switch {
	case total.Faulty > 0:
		return fmt.Errorf("%d subscribers have lost an event or had one twice; one of them: %s", total.Faulty, total.Trouble)
	case r.crowds != nil && total.Open < r.all():
		return fmt.Errorf("%d of %d subscribers are connected after %v; the first trouble: %s", total.Open, r.all(), r.plan.timeout, total.Trouble)
	}
	for i, e := range r.events {
		if e.Count != r.all() {
			return fmt.Errorf("event %d has come to %d of %d subscribers", i+1, e.Count, r.all())
		}
	}
	if want := r.plan.events + r.plan.missed; r.wasCut && len(r.events) != want {
		return fmt.Errorf("%d events have come, and %d were published", len(r.events), want)
	}
	return nil
}

// complete is verdict for a run that must have come to its end.
func (r *result) complete() error {
	if err := r.verdict(); err != nil || r.wasCut {
		return err
	}
	return errors.New("it has not come to its end")
}

// arrivals adds up what the crowds have had.
func arrivals(crowds []status) []arrival {
	var all []arrival
	for _, s := range crowds {
		for i, e := range s.Events {
			if i == len(all) {
				all = append(all, arrival{})
			}
			a := &all[i]
			a.Count, a.Stamp, a.Last = a.Count+e.Count, max(a.Stamp, e.Stamp), max(a.Last, e.Last)
		}
	}
	return all
}

func usages(crowds []status) []usage {
	var all []usage
	for _, s := range crowds {
		all = append(all, s.Usage)
	}
	return all
}

func processor(all []usage) time.Duration {
	var sum time.Duration
	for _, u := range all {
		sum += u.Processor
	}
	return sum
}

// spread is how long it took from publishing each event until the last
// subscriber had it, in order of size.
func (r *result) spread() []time.Duration {
	var all []time.Duration
	for _, e := range r.events[:min(len(r.events), r.plan.events)] {
		all = append(all, time.Duration(e.Last-e.Stamp))
	}
	slices.Sort(all)
	return all
}

// cells are the column of a fleet, in the order of [rows].
func (r *result) cells() []string {
	var attempts, failed, cuts int
	for _, s := range r.crowds {
		attempts, failed, cuts = attempts+s.Attempts, failed+s.Failed, cuts+s.Cuts
	}
	perConn := func(of []usage, what func(usage) int64) string {
		var grown int64
		for i, u := range of {
			grown += what(u) - what(r.empty[i])
		}
		return fmt.Sprintf("%.2f KiB", float64(grown)/float64(r.all())/1024)
	}
	resident := func(u usage) int64 { return u.Resident }
	var empty, reader int64
	for _, u := range r.empty {
		empty += u.Resident
	}
	for _, s := range r.crowds {
		reader += s.Usage.Resident
	}
	deliveries := r.all() * r.plan.events
	spread := r.spread()
	slices.Sort(r.backs)
	return []string{
		measure.Thousands(float64(r.all())),
		seconds(r.connected),
		micros(processor(r.fresh)-processor(r.empty), r.all()),
		fmt.Sprintf("%.1f MiB", float64(empty)/float64(len(r.empty))/(1<<20)),
		perConn(r.fresh, resident),
		perConn(r.idle, resident),
		perConn(r.idle, func(u usage) int64 { return u.Share }),
		perConn(r.idle, func(u usage) int64 { return u.Spans }),
		perConn(r.idle, func(u usage) int64 { return u.Heap }),
		fmt.Sprintf("%.2f KiB", float64(r.kernel.Objects)/float64(r.all())/1024),
		fmt.Sprintf("%.2f KiB", float64(r.kernel.Buffers)/float64(r.all())/1024),
		fmt.Sprintf("%.2f KiB", float64(reader)/float64(r.all())/1024),
		measure.Thousands(float64(deliveries)),
		fmt.Sprintf("%s / %s / %s", millis(at(spread, 0.5)), millis(at(spread, 0.99)), millis(at(spread, 1))),
		micros(processor(r.after)-processor(r.before), deliveries),
		micros(r.reading, deliveries),
		fmt.Sprintf("%s / %s / %s", seconds(at(r.backs, 0.5)), seconds(at(r.backs, 0.99)), seconds(at(r.backs, 1))),
		seconds(max(r.caughtUp, at(r.backs, 1))),
		micros(processor(r.returned)-processor(r.after), r.all()),
		fmt.Sprintf("%s (%s)", measure.Thousands(float64(attempts)), measure.Thousands(float64(failed))),
		measure.Thousands(float64(r.refused)),
		measure.Thousands(float64(cuts)),
		perConn(r.returned, resident),
		perConn(r.returned, func(u usage) int64 { return u.Heap }),
		fmt.Sprintf("%d of %d", len(r.events), r.plan.events+r.plan.missed),
	}
}

// rows are what [result.cells] has.
func rows() []string {
	return []string{
		"subscribers",
		"all are connected after",
		"server's processor per connection",
		"a server resident, nobody connected",
		"more resident per connection, as it is",
		"more resident per idle connection",
		"… shared pages divided (PSS)",
		"… heap, with what is free between objects",
		"… heap, objects",
		"kernel, objects of both ends",
		"kernel, buffers of both ends",
		"client resident per connection",
		"events delivered, one after the other",
		"until the last has an event, p50 / p99 / max",
		"server's processor per delivery",
		"client's processor per delivery",
		"after the cut, back: half / 99 % / all",
		"after the cut, all have everything",
		"server's processor per subscriber that is back",
		"attempts to connect (failed)",
		"times that a server's queue was full",
		"cut besides",
		"more resident per connection, afterwards",
		"… heap, objects",
		"events that everyone has, once, in order",
	}
}

// table prints the fleets beside each other.
func table(results []*result) string {
	var b []byte
	b = append(b, "| |"...)
	for _, r := range results {
		servers := "servers"
		if r.fleet.servers == 1 {
			servers = "server"
		}
		b = fmt.Appendf(b, " %d %s, %s |", r.fleet.servers, servers, r.fleet.log)
	}
	b = append(b, "\n|---|"...)
	columns := make([][]string, len(results))
	for i, r := range results {
		b = append(b, "---:|"...)
		columns[i] = r.cells()
	}
	b = append(b, '\n')
	for i, row := range rows() {
		b = fmt.Appendf(b, "| %s |", row)
		for _, column := range columns {
			b = fmt.Appendf(b, " %s |", column[i])
		}
		b = append(b, '\n')
	}
	return string(b)
}

// at is the value below which that part of the sorted ones is; 0 of none.
func at(sorted []time.Duration, part float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(part*float64(len(sorted))), len(sorted)-1)]
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// micros is what each of n took.
func micros(d time.Duration, n int) string {
	return fmt.Sprintf("%.1f µs", d.Seconds()*1e6/float64(n))
}

func millis(d time.Duration) string { return fmt.Sprintf("%.0f ms", d.Seconds()*1000) }
