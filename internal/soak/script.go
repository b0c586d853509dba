package soak

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
)

// faultCounts are the faults that happened.
type faultCounts struct{ kills, backendKills, resets, stalls, halfOpens, moves atomic.Int64 }

// random returns the source of one thing that is random.
func (e *engine) random(of uint64) *rand.Rand { return rand.New(rand.NewPCG(e.config.Seed, of)) }

// startFaults has all faults happen until ctx is done.
func (e *engine) startFaults(ctx context.Context) *sync.WaitGroup {
	var running sync.WaitGroup
	for i, f := range e.config.Faults {
		random := e.random(1000 + uint64(i))
		switch f.Kind {
		case RestartServer:
			running.Go(func() { e.killAgainAndAgain(ctx, f, random, e.servers, e.listen, &e.faults.kills) })
		case RestartBackend:
			running.Go(func() { e.killAgainAndAgain(ctx, f, random, e.backends, e.config.Await, &e.faults.backendKills) })
		case Stall:
			running.Go(func() { e.stall(ctx, f, random) })
		case Reset, HalfOpen, Move:
			running.Go(func() {
				for wait(ctx, f.Every.draw(random)) {
					e.strike(f, random)
				}
			})
		}
	}
	return &running
}

// killAgainAndAgain lets each process come back before the next is killed, else
// those that start slowly would never serve.
func (e *engine) killAgainAndAgain(ctx context.Context, f Fault, random *rand.Rand, of []*process, addresses []string, count *atomic.Int64) {
	ready := func() error { return nil } // or will be: who ends is started again
	for wait(ctx, f.Every.draw(random)) {
		if err := of[random.IntN(len(of))].kill(); err != nil {
			e.fail(err)
			return
		}
		count.Add(1)
		for _, address := range addresses {
			_ = awaitAddress(ctx, address, ready) // unless the time is up
		}
	}
}

// strike does once what f says.
func (e *engine) strike(f Fault, random *rand.Rand) {
	if f.Kind == Move {
		for range f.Count {
			if stream := e.clients[random.IntN(len(e.clients))].stream.Load(); stream != nil {
				stream.Reconnect()
			}
		}
		e.faults.moves.Add(int64(f.Count))
		return
	}
	for _, w := range e.pick(f.Count, random) {
		if f.Kind == Reset {
			w.end(false)
			e.faults.resets.Add(1)
		} else {
			w.die()
			e.faults.halfOpens.Add(1)
		}
	}
}

// stall has some connections stall, then others.
func (e *engine) stall(ctx context.Context, f Fault, random *rand.Rand) {
	for ctx.Err() == nil {
		picked := e.pick(f.Count, random)
		for _, w := range picked {
			w.setStill(true)
		}
		e.faults.stalls.Add(int64(len(picked)))
		wait(ctx, f.Every.draw(random))
		for _, w := range picked {
			w.setStill(false)
		}
	}
}

// pick returns some of the connections.
func (e *engine) pick(count int, random *rand.Rand) []*wire {
	var all []*wire
	for _, p := range e.proxies {
		all = append(all, p.wires()...)
	}
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(count, len(all))]
}
