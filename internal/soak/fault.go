package soak

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FaultKind says what a [Fault] does.
type FaultKind string

// The kinds of faults.
const (
	RestartServer  FaultKind = "kill"     // end a server that was started, without warning, and start it again; the time runs from when all listen
	RestartBackend FaultKind = "backend"  // the same with a backend
	Reset          FaultKind = "reset"    // reset connections
	Stall          FaultKind = "stall"    // do not read from connections for a while, then from others
	HalfOpen       FaultKind = "halfopen" // let connections die without a sign
	Slow           FaultKind = "slow"     // read from some connections slowly
	Latency        FaultKind = "latency"  // delay what is sent, in both directions
	Move           FaultKind = "move"     // have clients connect again, to the next server
)

// faultKinds says of each kind what its arguments are.
var faultKinds = map[FaultKind]struct {
	times, counts bool
	usage         string
}{
	RestartServer:  {true, false, "kill 5s-15s"},
	RestartBackend: {true, false, "backend 20s-40s"},
	Reset:          {true, true, "reset 1s-3s, or for four connections at once: reset 1s-3s 4"},
	Stall:          {true, true, "stall 2s-5s, or for four connections at once: stall 2s-5s 4"},
	HalfOpen:       {true, true, "halfopen 10s, or for four connections at once: halfopen 10s 4"},
	Slow:           {false, true, "slow 3: three connections at a time"},
	Latency:        {true, false, "latency 50ms, or latency 20ms-80ms"},
	Move:           {true, true, "move 1s-2s, or for four clients at once: move 1s-2s 4"},
}

// slowRate is how many bytes a second a slow connection takes.
const slowRate = 4 << 10

// Range is a duration that is drawn at random, evenly, from Min to Max.
type Range struct{ Min, Max time.Duration }

func (r Range) draw(random *rand.Rand) time.Duration {
	return r.Min + time.Duration(random.Int64N(int64(r.Max-r.Min)+1))
}

// String returns the range as ParseFaults reads it.
func (r Range) String() string {
	if r.Min == r.Max {
		return r.Min.String()
	}
	return r.Min.String() + "-" + r.Max.String()
}

// Fault is one line of a script: something that happens again and again.
type Fault struct {
	Kind  FaultKind
	Every Range // between two, or how long; not for slow
	Count int   // of connections or clients, at once
}

// String returns the fault as ParseFaults reads it.
func (f Fault) String() string {
	var words []string
	if faultKinds[f.Kind].times {
		words = append(words, f.Every.String())
	}
	if faultKinds[f.Kind].counts {
		words = append(words, strconv.Itoa(f.Count))
	}
	return string(f.Kind) + " " + strings.Join(words, " ")
}

// ParseFaults reads a script of faults, which commas separate:
//
//	kill 5s-15s, reset 1s-3s 4, stall 2s-5s, halfopen 10s, slow 3, latency 50ms
func ParseFaults(script string) ([]Fault, error) {
	var faults []Fault
	for line := range strings.SplitSeq(script, ",") {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		f, err := parseFault(words)
		if err != nil {
			return nil, err
		}
		faults = append(faults, f)
	}
	return faults, nil
}

func parseFault(words []string) (Fault, error) {
	f := Fault{Kind: FaultKind(strings.ReplaceAll(words[0], "-", "")), Count: 1}
	kind, ok := faultKinds[f.Kind]
	if !ok {
		var names []string
		for name := range faultKinds {
			names = append(names, string(name))
		}
		slices.Sort(names)
		return f, fmt.Errorf("fault %q: want one of %s", words[0], strings.Join(names, ", "))
	}
	rest := words[1:]
	var err error
	if kind.times && len(rest) > 0 {
		f.Every, err = ParseRange(rest[0])
		rest = rest[1:]
	} else if kind.times {
		err = fmt.Errorf("it has no duration")
	}
	if kind.counts && len(rest) > 0 && err == nil {
		f.Count, err = strconv.Atoi(rest[0])
		rest = rest[1:]
	}
	switch {
	case err != nil:
	case len(rest) > 0:
		err = fmt.Errorf("what is %q?", rest[0])
	case f.Count < 1:
		err = fmt.Errorf("want at least 1, have %d", f.Count)
	}
	if err != nil {
		return f, fmt.Errorf("fault %q: %w; such as: %s", strings.Join(words, " "), err, kind.usage)
	}
	return f, nil
}

// ParseRange reads a duration, or two with a dash between: "5s" or "5s-15s".
func ParseRange(text string) (Range, error) {
	low, high, _ := strings.Cut(text, "-")
	var r Range
	var err error
	if r.Min, err = time.ParseDuration(low); err == nil {
		r.Max, err = time.ParseDuration(cmp.Or(high, low))
	}
	if err != nil || r.Min <= 0 || r.Max < r.Min {
		return r, fmt.Errorf("%q: want a duration such as 5s, or a range such as 5s-15s", text)
	}
	return r, nil
}
