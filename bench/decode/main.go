// Command decode times decoders of text/event-stream against each other, in one
// run and in turn, so that a machine whose speed drifts slows all alike.
//
// It prints the processor time and the allocations per event. It does not judge.
package main

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/courant-dev/courant/bench/internal/measure"
)

const usage = `Decode times decoders of text/event-stream against each other.

Each round gives every decoder, in turn, the same stream from memory, in reads of
a fixed size, for about as long as -time says. What counts is the processor time
of the whole process, garbage collection and all goroutines included; the median
of the rounds is printed, and the median of the ratios to the first decoder,
which is as little as a parser can do.

	go run ./decode                  # the table of README.md, about two minutes
	go run ./decode -rounds 3        # a first look
	go run ./decode -only courant    # one decoder and the floor, to tune it
	go run ./decode -only courant -rounds 1 -time 5s -profile cpu.out

A machine that does something else as well makes all times longer, and those of
decoders that use more than one core longer still. Look at the ratios.

Flags:`

// ordinaryHeap is in use while decoders are timed, as in a program that does
// something. Without it the garbage collector runs all the time, and what is
// measured of decoders that allocate is mostly that.
const ordinaryHeap = 64 << 20

// settings are what the command line says.
type settings struct {
	rounds  int
	time    time.Duration
	reads   []int
	only    string
	profile string
}

func main() {
	measure.Main("decode", func(args []string) error {
		s, err := parse(args)
		if err != nil {
			return err
		}
		return run(s)
	})
}

// parse reads the command line, and prints how to use it where it is asked to.
func parse(args []string) (settings, error) {
	s := settings{reads: []int{4 << 10, 32 << 10}}
	flags := measure.Flags("decode", usage)
	flags.IntVar(&s.rounds, "rounds", 9, "how many `times` each decoder takes its turn")
	flags.DurationVar(&s.time, "time", 150*time.Millisecond, "how `long` a turn is, about")
	flags.Func("reads", "`bytes` that a read gives at most, separated by commas (default 4096,32768)", func(text string) (err error) {
		s.reads, err = parseSizes(text)
		return err
	})
	flags.StringVar(&s.only, "only", "", "leave out decoders whose names do not contain this `text`, but the floor")
	flags.StringVar(&s.profile, "profile", "", "write a processor profile of the whole run to this `file`")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if s.rounds < 1 || s.time <= 0 || flags.NArg() > 0 {
		return s, fmt.Errorf("%d rounds of %v, arguments %q: see -help", s.rounds, s.time, flags.Args())
	}
	return s, nil
}

func parseSizes(text string) ([]int, error) {
	var sizes []int
	for part := range strings.SplitSeq(text, ",") {
		size, err := strconv.Atoi(part)
		if err != nil || size < 1 {
			return nil, fmt.Errorf("%q is no positive number", part)
		}
		sizes = append(sizes, size)
	}
	return sizes, nil
}

func run(s settings) (err error) {
	if s.profile != "" {
		stop, err := startProfile(s.profile)
		if err != nil {
			return err
		}
		defer func() {
			if stopErr := stop(); err == nil {
				err = stopErr
			}
		}()
	}
	heap := make([]byte, ordinaryHeap)
	defer runtime.KeepAlive(heap)
	peers := choose(decoders(), s.only)
	for _, read := range s.reads {
		var results [][]result // by decoder, then by stream
		for _, stream := range streams() {
			column, err := measureAll(peers, stream, read, s)
			if err != nil {
				return err
			}
			for i, r := range column {
				if i == len(results) {
					results = append(results, nil)
				}
				results[i] = append(results[i], r)
			}
		}
		fmt.Printf("Reads of %s bytes, medians of %d rounds of %v\n\n%s\n",
			measure.Thousands(float64(read)), s.rounds, s.time, tables(peers, streams(), results))
	}
	return nil
}

// choose returns the first decoder, which the others are compared with, and
// those whose names contain the text.
func choose(all []decoder, text string) []decoder {
	chosen := all[:1:1]
	for _, d := range all[1:] {
		if strings.Contains(d.name, text) {
			chosen = append(chosen, d)
		}
	}
	return chosen
}
