package logtest

import (
	"context"
	"errors"
	"fmt"

	"github.com/courant-dev/courant/eventlog"
)

func endRules() []rule {
	return []rule{
		{
			name:     "the context ends what it was given to",
			contract: "A call ends when its context is done, with the context's error; Append may be through before it.",
			broken:   "a client that is gone holds on to memory, and a drain waits for ever.",
			check:    checkContext,
		},
		{
			name:     "close ends what waits",
			contract: "When a store is closed, reads that wait end with ErrClosed.",
			broken:   "the program does not end, or clients are told of a failure where there is none.",
			check:    checkClose,
		},
		{
			name:     "a closed store does nothing",
			contract: "What is called after Close ends with ErrClosed.",
			broken:   "events are published into nothing and nobody is told.",
			check:    checkClosed,
		},
	}
}

func checkContext(p *probe) {
	l := p.open(eventlog.Limits{})
	p.append(l, "t", "1", "2")
	f := p.tail(l, "t", eventlog.Position{})
	g := p.tail(l, "not there", eventlog.Position{})
	f.wait(p, 2)
	for _, err := range []error{f.end(p), g.end(p)} {
		if !errors.Is(err, context.Canceled) {
			p.violated("Follow, whose context was cancelled, ended with error %v, want context.Canceled", err)
		}
	}
	ctx, cancel := context.WithCancel(p.soon())
	cancel()
	for _, from := range []string{"Read", "Follow"} {
		seq := l.Read(ctx, "t", eventlog.Position{})
		if from == "Follow" {
			seq = l.Follow(ctx, "t", eventlog.Position{})
		}
		if err := p.outcome(seq); !errors.Is(err, context.Canceled) {
			p.violated("%s with a context that is done ended with error %v, want context.Canceled", from, err)
		}
	}
	positions, err := l.Append(ctx, "t", entry("3"))
	if !errors.Is(err, context.Canceled) && (err != nil || len(positions) != 1) {
		p.violated("Append with a context that is done: %d positions, error %v, want context.Canceled", len(positions), err)
	}
	// A Read that is cancelled meanwhile yields all or says so.
	n := len(p.all(l, "t"))
	ctx, cancel = context.WithCancel(p.soon())
	defer cancel()
	read := 0
	err = p.outcome(func(yield func(eventlog.Record, error) bool) {
		for r, err := range l.Read(ctx, "t", eventlog.Position{}) {
			if err == nil {
				read++
			}
			cancel()
			if !yield(r, err) {
				return
			}
		}
	})
	if err == nil && read != n || err != nil && !errors.Is(err, context.Canceled) {
		p.violated("Read, cancelled after a record, ended after %d of %d with error %v", read, n, err)
	}
}

func checkClose(p *probe) {
	l := p.open(eventlog.Limits{})
	p.append(l, "t", "1")
	var tails []*tail
	for i := range 20 {
		tails = append(tails, p.tail(l, fmt.Sprint("t", i), eventlog.Position{}))
	}
	busy := p.tail(l, "t", eventlog.Position{})
	busy.wait(p, 1)
	if err := p.store.Close(); err != nil {
		p.violated("Close: %v", err)
	}
	for _, f := range append(tails, busy) {
		if err := f.outcome(p); !errors.Is(err, eventlog.ErrClosed) {
			p.violated("Follow ended with error %v when the store was closed, want ErrClosed", err)
		}
	}
}

func checkClosed(p *probe) {
	l := p.open(eventlog.Limits{})
	p.append(l, "t", "1")
	if err := p.store.Close(); err != nil {
		p.violated("Close: %v", err)
	}
	got := map[string]error{}
	_, got["Open"] = p.store.Open(p.soon(), p.name(), eventlog.Limits{})
	_, got["Append"] = l.Append(p.soon(), "t", entry("2"))
	_, got["Read"] = p.read(l, "t", eventlog.Position{})
	got["Follow"] = p.tail(l, "t", eventlog.Position{}).outcome(p)
	_, got["Bounds"] = l.Bounds(p.soon(), "t")
	got["Trim"] = l.Trim(p.soon(), "t", eventlog.Position{})
	for call, err := range got {
		if !errors.Is(err, eventlog.ErrClosed) {
			p.violated("%s of a closed store: got error %v, want ErrClosed", call, err)
		}
	}
	if err := p.store.Close(); err != nil && !errors.Is(err, eventlog.ErrClosed) {
		p.violated("Close again: got error %v, want ErrClosed or none", err)
	}
}
