package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"time"

	"github.com/courant-dev/courant/bench/internal/measure"
)

// A result is what one decoder needs for one stream, as medians, per event.
type result struct {
	cpu    float64 // ns
	ratio  float64 // of cpu to that of the first decoder
	allocs float64
	bytes  float64 // allocated
}

// measureAll lets the decoders take their turns at a stream.
func measureAll(peers []decoder, s stream, read int, set settings) ([]result, error) {
	times := make([]int, len(peers))
	for i, p := range peers {
		n, err := calibrate(p, s, read, set.time)
		if err != nil {
			return nil, err
		}
		times[i] = n
	}
	samples := make([][]result, len(peers))
	for round := range set.rounds {
		row := make([]result, len(peers))
		for turn := range peers {
			i := (round + turn) % len(peers) // none is always first
			r, _, err := decodeOnce(peers[i], s, read, times[i])
			if err != nil {
				return nil, err
			}
			row[i] = r
		}
		for i := range row {
			row[i].ratio = row[i].cpu / row[0].cpu
			samples[i] = append(samples[i], row[i])
		}
	}
	results := make([]result, len(peers))
	for i, of := range samples {
		results[i] = result{
			cpu:    measure.MedianOf(of, func(r result) float64 { return r.cpu }),
			ratio:  measure.MedianOf(of, func(r result) float64 { return r.ratio }),
			allocs: measure.MedianOf(of, func(r result) float64 { return r.allocs }),
			bytes:  measure.MedianOf(of, func(r result) float64 { return r.bytes }),
		}
	}
	return results, nil
}

// calibrate returns how many times the stream makes a turn of about that length.
func calibrate(p decoder, s stream, read int, want time.Duration) (int, error) {
	for n := 1; ; n *= 2 {
		_, took, err := decodeOnce(p, s, read, n)
		if err != nil {
			return 0, err
		}
		if took > want/4 {
			return max(1, int(float64(n)*float64(want)/float64(took))), nil
		}
	}
}

// decodeOnce decodes the stream, so many times over, and tells how long it took
// by the clock on the wall.
func decodeOnce(p decoder, s stream, read, times int) (result, time.Duration, error) {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, err := measure.ProcessorTime()
	if err != nil {
		return result{}, 0, err
	}
	start := time.Now()
	got, err := p.decode(&repeated{text: s.text, times: times, most: read})
	took := time.Since(start)
	if err != nil {
		return result{}, 0, fmt.Errorf("%s: %w", p.name, err)
	}
	if want := (tally{times * s.events, times * s.data}); got != want {
		return result{}, 0, fmt.Errorf("%s decoded %+v of %s, not %+v", p.name, got, s.name, want)
	}
	end, err := measure.ProcessorTime()
	if err != nil {
		return result{}, 0, err
	}
	runtime.ReadMemStats(&after)
	events := float64(got.events)
	return result{
		cpu:    float64(end-cpu) / events,
		allocs: float64(after.Mallocs-before.Mallocs) / events,
		bytes:  float64(after.TotalAlloc-before.TotalAlloc) / events,
	}, took, nil
}

// startProfile begins a processor profile; stop ends it.
func startProfile(name string) (stop func() error, err error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		f.Close()
		return nil, err
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}
