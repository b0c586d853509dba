package soak

import (
	"context"
	"time"
)

// Progress is how far a run is.
type Progress struct {
	Elapsed   time.Duration // since publishing began
	Published int64
	Received  int64 // deliveries, at all clients
	Connected int   // clients
	Clients   int
	Gaps      int64
	Doubled   int64
	Late      int64         // out of order
	P99       time.Duration // of delivery, so far
	Kills     int64
}

// report tells how far the run is, each second.
func (e *engine) report(ctx context.Context) {
	start := e.now()
	for wait(ctx, time.Second) {
		e.peak.Store(max(e.peak.Load(), e.resident()))
		if e.config.Progress == nil {
			continue
		}
		p := Progress{
			Elapsed:   e.now() - start,
			Published: e.counted[certain].Load() + e.counted[repeated].Load(),
			Received:  e.deliveries.Load(),
			Connected: e.connectedNow(), Clients: len(e.clients),
			P99:   e.delivery.delays().P99,
			Kills: e.faults.kills.Load() + e.faults.backendKills.Load(),
		}
		for _, c := range e.clients {
			counts := c.track.soFar()
			p.Gaps += counts.gaps
			p.Doubled += counts.doubled
			p.Late += counts.late
		}
		e.config.Progress(p)
	}
}
