package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/courant-dev/courant/bench/internal/measure"
)

// tables writes the processor time and then the allocations per event, as
// Markdown. Results are by decoder, then by stream.
func tables(peers []decoder, of []stream, results [][]result) string {
	return table("CPU per event", peers, of, results, func(r result) string {
		return fmt.Sprintf("%s ns, %.2f×", measure.Thousands(r.cpu), r.ratio)
	}) + "\n" + table("allocations per event", peers, of, results, func(r result) string {
		return fmt.Sprintf("%s, %s B", count(r.allocs), measure.Thousands(r.bytes))
	})
}

func table(title string, peers []decoder, of []stream, results [][]result, cell func(result) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |", title)
	for _, s := range of {
		fmt.Fprintf(&b, " %s |", s.name)
	}
	fmt.Fprintf(&b, "\n|---|%s\n", strings.Repeat("---:|", len(of)))
	for i, p := range peers {
		fmt.Fprintf(&b, "| %s |", p.name)
		for _, r := range results[i] {
			fmt.Fprintf(&b, " %s |", cell(r))
		}
		fmt.Fprintln(&b)
	}
	return b.String()
}

// count writes how many there are of something that mostly comes in ones.
func count(f float64) string {
	if f >= 0.005 && f < 1 {
		return strconv.FormatFloat(f, 'f', 2, 64)
	}
	return strconv.FormatFloat(f, 'f', 0, 64)
}
