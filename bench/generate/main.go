// Command generate times courant gen against goa gen for the same designs, in
// one run and in turn, so that a machine whose speed drifts slows both alike.
//
// It prints the median of the wall time of each, with the ratio, and the
// processor time. It does not judge.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

func main() {
	runs := flag.Int("n", 7, "runs of each command per case")
	repo := flag.String("repo", "..", "the clone of courant")
	cold := flag.Bool("cold", false, "also with an empty build cache (minutes)")
	flag.Parse()
	if err := run(*repo, *runs, *cold); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(repo string, runs int, cold bool) error {
	repo, err := filepath.Abs(repo)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "courant-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	tools, err := buildTools(repo, dir)
	if err != nil {
		return err
	}
	fmt.Printf("%-34s %10s %10s %7s   %9s %9s\n", "wall, median of "+fmt.Sprint(runs), "courant", "goa", "ratio", "cpu", "cpu goa")
	for _, size := range []struct {
		name              string
		services, methods int
	}{{"1 method", 1, 1}, {"50 services × 10 methods", 50, 10}} {
		ours, err := newProject(filepath.Join(dir, fmt.Sprint("courant", size.services)), tools.courant, size.services, size.methods)
		if err != nil {
			return err
		}
		goa, err := newProject(filepath.Join(dir, fmt.Sprint("goa", size.services)), tools.goa, size.services, size.methods)
		if err != nil {
			return err
		}
		if err := report(size.name+", edited", runs, (*project).edit, ours, goa); err != nil {
			return err
		}
		if err := report(size.name+", unchanged", runs, nil, ours, goa); err != nil {
			return err
		}
		if cold {
			if err := report(size.name+", cold build cache", min(runs, 3), (*project).emptyCache, ours, goa); err != nil {
				return err
			}
		}
	}
	return nil
}

// report runs both projects in turn and prints a row.
func report(name string, runs int, before func(*project) error, ours, goa *project) error {
	var wall, cpu [2][]time.Duration
	for i := range runs + 1 {
		for which, p := range []*project{ours, goa} {
			if before != nil {
				if err := before(p); err != nil {
					return err
				}
			}
			w, c, err := p.generate()
			if err != nil {
				return err
			}
			if i > 0 { // the first is a warm-up
				wall[which] = append(wall[which], w)
				cpu[which] = append(cpu[which], c)
			}
		}
	}
	a, b := median(wall[0]), median(wall[1])
	fmt.Printf("%-34s %10s %10s %7.3f   %9s %9s\n", name, ms(a), ms(b), float64(a)/float64(b),
		ms(median(cpu[0])), ms(median(cpu[1])))
	return nil
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

func ms(d time.Duration) string { return fmt.Sprintf("%d ms", d.Milliseconds()) }
