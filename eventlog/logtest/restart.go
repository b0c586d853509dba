package logtest

import (
	"errors"
	"fmt"

	"github.com/courant-dev/courant/eventlog"
)

func restartRules() []rule {
	return []rule{
		{
			name:     "a store that keeps its records goes on after a restart",
			contract: "An epoch is the identity of a log; a log that has its records has its epoch, and goes on with new offsets.",
			broken:   "after a restart clients are told of gaps where there are none, or miss events.",
			check:    checkRestartKeeps,
			needs:    aKeepingRestart,
		},
		{
			name:     "a store that keeps its records keeps what was trimmed gone",
			contract: "A position behind which records are gone is a TruncatedError; offsets that were used are not used again.",
			broken:   "after a restart an old event ID is taken for a place among new events.",
			check:    checkRestartTrimmed,
			needs:    aKeepingRestart,
		},
		{
			name:     "a store that loses its records has another epoch",
			contract: "A log that has lost its records has another epoch when it begins again.",
			broken:   "after a restart an old event ID selects a wrong part of the new events.",
			check:    checkRestartLoses,
			needs:    aLosingRestart,
		},
		{
			name:     "records that are lost behind the store's back are noticed",
			contract: "A log that has lost its records has another epoch when it begins again, so that an old position is noticed.",
			broken:   "when the back end lost its data, clients that resume miss events without being told.",
			check:    checkLoss,
			needs:    aLoss,
		},
	}
}

func checkRestartKeeps(p *probe) {
	name := p.name()
	limits := eventlog.Limits{MaxEvents: 1000}
	var positions []eventlog.Position
	for round := range 3 {
		l := p.openNamed(name, limits)
		records := p.all(l, "t")
		p.want(fmt.Sprintf("opened for the %d. time", round+1), records, numbers(1, 10*round)...)
		for i := range min(len(records), len(positions)) {
			if records[i].Position != positions[i] {
				p.violated("after a restart record %d is at %+v, it was at %+v", i+1, records[i].Position, positions[i])
			}
		}
		for i, pos := range positions {
			p.after(l, "t", pos, i+1, 0, len(positions), false)
		}
		if p.Failed() {
			return
		}
		f := p.tail(l, "t", p.bounds(l, "t").End())
		for i := range 10 {
			n := fmt.Sprint(10*round + i + 1)
			positions = append(positions, p.appendEntries(l, "t", keyedEntry("key "+n, n))...)
		}
		p.want("Follow", f.wait(p, 10), numbers(10*round+1, 10*round+10)...)
		p.store = p.config.restart(p, p.store)
		l = p.openNamed(name, limits)
		again := p.appendEntries(l, "t", keyedEntry(fmt.Sprint("key ", 10*round+10), "again"))
		if again[0] != positions[len(positions)-1] {
			p.violated("after a restart an entry of the same key is at %+v, it was at %+v", again[0], positions[len(positions)-1])
		}
	}
}

func checkRestartTrimmed(p *probe) {
	name := p.name()
	l := p.openNamed(name, eventlog.Limits{})
	some := p.append(l, "some", numbers(1, 5)...)
	all := p.append(l, "all", numbers(1, 5)...)
	p.must(l.Trim(p.soon(), "some", some[2]), "trimming")
	p.must(l.Trim(p.soon(), "all", all[4]), "trimming")
	p.store = p.config.restart(p, p.store)
	l = p.openNamed(name, eventlog.Limits{})
	for i := range 5 {
		p.after(l, "some", some[i], i+1, 3, 5, i < 3)
		p.after(l, "all", all[i], i+1, 5, 5, true)
	}
	next := p.append(l, "all", "6")
	if next[0].Epoch == all[4].Epoch && next[0].Offset <= all[4].Offset {
		p.violated("offset %d is used again after a restart: the next record has %d", all[4].Offset, next[0].Offset)
	}
}

func checkRestartLoses(p *probe) {
	name := p.name()
	l := p.openNamed(name, eventlog.Limits{})
	old := p.append(l, "t", "1", "2", "3")
	p.store = p.config.restart(p, p.store)
	l = p.openNamed(name, eventlog.Limits{})
	p.want("after a restart", p.all(l, "t"))
	p.append(l, "t", "4", "5", "6")
	for _, pos := range old {
		p.refused(l, "t", pos, eventlog.OtherEpoch)
	}
	p.want("after a restart", p.all(l, "t"), "4", "5", "6")
}

func checkLoss(p *probe) {
	l := p.open(eventlog.Limits{})
	old := p.append(l, "t", numbers(1, 5)...)
	f := p.tail(l, "t", eventlog.Position{})
	f.wait(p, 5)
	p.config.lose(p, p.store)
	// The log may take a moment to notice, and say so by errors.
	var next []eventlog.Position
	var failed error
	if !p.until(func() bool {
		next, failed = l.Append(p.soon(), "t", entry("new"))
		return failed == nil
	}) {
		p.violated("Append does not come back after the loss: %v", failed)
		return
	}
	if next[0].Epoch == old[0].Epoch {
		p.violated("the epoch is %d, before the loss and after it", next[0].Epoch)
	}
	for _, pos := range old {
		if records, err := p.read(l, "t", pos); err == nil {
			p.violated("after %+v, which was lost: got %q and no error, want a *eventlog.TruncatedError", pos, dataOf(records))
		} else {
			p.truncated(err, l, "t", pos)
		}
	}
	var e *eventlog.TruncatedError
	if err := f.outcome(p); !errors.As(err, &e) {
		p.violated("Follow, which was there before the loss, ended with error %v, want a *eventlog.TruncatedError", err)
	}
	all := dataOf(p.all(l, "t"))
	for _, data := range all {
		if data != "new" {
			p.violated("there is %q after the loss", data)
		}
	}
	if len(all) == 0 {
		p.violated("what was appended after the loss is not there")
	}
}
