package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A result is what has been seen.
type result struct {
	plan            *plan
	server, clients memory // when all were open
	attempts, back  []time.Duration
	delays          []time.Duration // that each stream drew for its first attempt
	faults          []string
	behind          int // streams that have not come to the events of the end
}

// verdict is an error if a stream is not back, or not as it was.
func (r *result) verdict() error {
	switch missing := r.plan.streams - len(r.back); {
	case missing > 0:
		return fmt.Errorf("%d of %d streams are not back after %v", missing, r.plan.streams, r.plan.timeout)
	case len(r.faults) > 0:
		return fmt.Errorf("%d streams went wrong; the first: %s", len(r.faults), r.faults[0])
	case r.behind > 0:
		return fmt.Errorf("%d streams have not received what was due", r.behind)
	}
	return nil
}

// barWidth is the length of the longest bar.
const barWidth = 50

// A histogram has a line for each 100 ms of the first 3 s, where the clients'
// first attempts are, and one for each second from then on.
const (
	step     = 100 * time.Millisecond
	finely   = 3 * time.Second
	longStep = time.Second
)

// String shows it.
func (r *result) String() string {
	var b []byte
	n := int64(r.plan.streams)
	b = fmt.Appendf(b, "memory with %d streams, per stream in brackets\n", n)
	for _, p := range []struct {
		name string
		m    memory
	}{{"server", r.server}, {"clients", r.clients}} {
		b = fmt.Appendf(b, "  %-8s heap %s, stacks %s, resident %s\n", p.name, share(p.m.Heap, n), share(p.m.Stack, n), share(p.m.RSS, n))
	}
	drawn, attempts, back := histogram(r.delays), histogram(r.attempts), histogram(r.back)
	b = fmt.Appendf(b, "\n%-13s %8s %8s %8s\n", "since the cut", "drawn", "attempts", "back")
	most := 1 // attempts per step
	for i, n := range attempts {
		most = max(most, perStep(n, i))
	}
	for i := range max(len(attempts), len(back)) {
		begin, _ := line(i)
		bar := perStep(at(attempts, i), i) * barWidth / most
		b = fmt.Appendf(b, "%11.1f s %8d %8d %8d %s\n", begin.Seconds(), at(drawn, i), at(attempts, i), at(back, i), strings.Repeat("█", bar))
	}
	b = fmt.Appendf(b, "\n%d of %d streams are back", len(r.back), n)
	if len(r.back) > 0 {
		slices.Sort(r.back)
		b = fmt.Appendf(b, ": half of them after %.2f s, the last after %.2f s", r.back[len(r.back)/2].Seconds(), r.back[len(r.back)-1].Seconds())
	}
	b = fmt.Appendf(b, "\n%d attempts; %d streams lost an event, had one twice, or failed\n", len(r.attempts), max(len(r.faults), r.behind))
	return string(b)
}

// share spells a size, and what is one stream's of it.
func share(size, streams int64) string {
	return fmt.Sprintf("%.1f MiB (%.1f KiB)", float64(size)/(1<<20), float64(size)/float64(streams)/(1<<10))
}

// at is the count of a step, 0 behind the last.
func at(counts []int, i int) int {
	if i < len(counts) {
		return counts[i]
	}
	return 0
}

// line returns what line i stands for.
func line(i int) (begin, width time.Duration) {
	if n := int(finely / step); i >= n {
		return finely + time.Duration(i-n)*longStep, longStep
	}
	return time.Duration(i) * step, step
}

// perStep is the share of a step in what a line counts.
func perStep(count, i int) int {
	_, width := line(i)
	return count / int(width/step)
}

// histogram counts for each line.
func histogram(times []time.Duration) []int {
	var counts []int
	for _, t := range times {
		i := int(t / step)
		if t >= finely {
			i = int(finely/step + (t-finely)/longStep)
		}
		for len(counts) <= i {
			counts = append(counts, 0)
		}
		counts[i]++
	}
	return counts
}
