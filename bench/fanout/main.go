// Command fanout times servers that send the events of one publisher to many
// subscribers, each server in a process of its own, in one run and in turn.
//
// It prints delivered events per second, processor time, memory per idle
// connection and latency. It does not judge.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/courant-dev/courant/bench/internal/measure"
)

const usage = `Fanout times servers that send the events of one publisher to many subscribers.

Each round starts every server, in turn, as a process of its own, and connects
the subscribers, whose process only reads and drops. Measured are

  delivered/s   events × subscribers, by the time from the first publish until
                the last subscriber has the last event, publishing as fast as the
                server takes it
  CPU           of the server, per delivered event
  KiB/conn      by which the server's resident memory has grown when all are
                connected and nothing has been sent
  p50, p99      from when an event is due to be published until it is read, at a
                steady pace (-pace) that every server can keep, of a sample of the
                subscribers

	go run ./fanout                             # the tables of README.md, minutes
	go run ./fanout -subscribers 100 -rounds 1  # a first look
	go run ./fanout -only courant               # only some

Flags:`

// settings are what the command line says.
type settings struct {
	subscribers []int
	rounds      int
	deliveries  int
	pace        int
	only        string
}

func main() {
	measure.Main("fanout", func(args []string) error {
		if len(args) == 2 && args[0] == serveCommand {
			return serve(args[1])
		}
		s, err := parse(args)
		if err != nil {
			return err
		}
		return run(s)
	})
}

// parse reads the command line, and prints how to use it where it is asked to.
func parse(args []string) (settings, error) {
	s := settings{subscribers: []int{1_000, 10_000}}
	flags := measure.Flags("fanout", usage)
	flags.Func("subscribers", "how `many`, separated by commas (default 1000,10000)", func(text string) error {
		s.subscribers = nil
		for part := range strings.SplitSeq(text, ",") {
			n, err := strconv.Atoi(part)
			if err != nil || n < 1 {
				return fmt.Errorf("%q is no positive number", part)
			}
			s.subscribers = append(s.subscribers, n)
		}
		return nil
	})
	flags.IntVar(&s.rounds, "rounds", 3, "how many `times` each server takes its turn")
	flags.IntVar(&s.deliveries, "deliveries", 500_000, "how many `events` a turn delivers; ten times that for servers which take few system calls")
	flags.IntVar(&s.pace, "pace", 20_000, "`deliveries` per second, events × subscribers, for latency")
	flags.StringVar(&s.only, "only", "", "leave out servers whose names do not contain this `text`")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if s.rounds < 1 || s.deliveries < 1 || s.pace < 1 || flags.NArg() > 0 {
		return s, fmt.Errorf("%q: see -help", args)
	}
	return s, nil
}

// run prints a table for each number of subscribers.
func run(s settings) error {
	for _, n := range s.subscribers {
		results := map[string][]result{}
		for round := range s.rounds {
			for _, c := range contenders() {
				if !strings.Contains(c.name, s.only) {
					continue
				}
				r, err := once(c, n, s)
				if err != nil {
					return fmt.Errorf("%s, %d subscribers: %w", c.name, n, err)
				}
				results[c.name] = append(results[c.name], r)
				fmt.Fprintf(os.Stderr, "round %d of %d: %-40s %12s delivered/s\n", round+1, s.rounds, c.name, measure.Thousands(r.rate))
			}
		}
		fmt.Printf("%s subscribers, medians of %d rounds\n\n", measure.Thousands(float64(n)), s.rounds)
		fmt.Print("| server | delivered/s | CPU per delivery | KiB/conn | p50 | p99 |\n|---|---:|---:|---:|---:|---:|\n")
		for _, c := range contenders() {
			of := results[c.name]
			if len(of) == 0 {
				continue
			}
			fmt.Printf("| %s | %s | %s ns | %.1f | %.1f ms | %.1f ms |\n", c.name,
				measure.Thousands(measure.MedianOf(of, func(r result) float64 { return r.rate })),
				measure.Thousands(measure.MedianOf(of, func(r result) float64 { return r.cpu })),
				measure.MedianOf(of, func(r result) float64 { return r.memory / 1024 }),
				measure.MedianOf(of, func(r result) float64 { return r.p50 }),
				measure.MedianOf(of, func(r result) float64 { return r.p99 }))
		}
		fmt.Println()
	}
	return nil
}
