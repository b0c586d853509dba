package soak

import (
	"slices"
	"sync"
)

// A track is what one client received of one topic. It is small as long as the
// stream is in order: what is missing below the highest event is kept as spans.
// It is safe for concurrent use.
type track struct {
	ledger *ledger

	mu      sync.Mutex
	begin   int64  // the first event that has to arrive
	next    int64  // above all that arrived
	missing []span // below next, in order, disjoint
	gap     bool   // announced since the last event that was a new highest one
	twice   []int64
	counts  counts
}

// span is a range of events [from, to) that did not arrive.
type span struct {
	from, to  int64
	announced bool
}

// counts are what went wrong at one client, or at all.
type counts struct {
	received     int64 // each event once
	doubled      int64 // deliveries beyond the first
	doubledAgain int64 // of these, of events that were published by more than one attempt
	late         int64 // after an event that was published later
	replayed     int64 // again after an announced gap: the server begins anew
	gaps         int64 // announced
}

// A finding is what an arrival means.
type finding int

const (
	inOrder  finding = iota
	skipping         // events before it did not arrive so far
	lateOne
	doubleOne
	replayedOne // a late or a double one, after a gap was announced
	toleratedOne
)

// receive takes an event in. It also returns the highest one before, or -1.
func (t *track) receive(n int64) (found finding, highest int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	highest = t.next - 1
	if n > highest {
		return t.advance(n), highest
	}
	return t.repeat(n), highest
}

// repeat takes an event in that is not above all others.
func (t *track) repeat(n int64) finding {
	known := t.ledger.outcome(n)
	i, missed := slices.BinarySearchFunc(t.missing, n, func(s span, n int64) int {
		switch {
		case s.to <= n:
			return -1
		case s.from > n:
			return 1
		}
		return 0
	})
	if missed {
		t.fill(i, n)
		t.counts.received++
		switch {
		case t.gap:
			return replayedOne
		case known == certain || known == repeated:
			t.counts.late++
			return lateOne
		}
		return toleratedOne
	}
	switch {
	case t.gap:
		t.counts.replayed++
		return replayedOne
	case known == pending: // who knows by how many attempts it will have been published
		t.twice = append(t.twice, n)
	case known != certain:
		t.counts.doubledAgain++
	}
	t.counts.doubled++
	return doubleOne
}

func (t *track) advance(n int64) finding {
	found := inOrder
	if n > t.next {
		t.missing = append(t.missing, span{t.next, n, t.gap})
		if n > t.begin {
			found = skipping
		}
	}
	t.next, t.gap = n+1, false
	t.counts.received++
	return found
}

// fill takes n out of the span at i.
func (t *track) fill(i int, n int64) {
	s := t.missing[i]
	var rest []span
	if s.from < n {
		rest = append(rest, span{s.from, n, s.announced})
	}
	if n+1 < s.to {
		rest = append(rest, span{n + 1, s.to, s.announced})
	}
	t.missing = slices.Replace(t.missing, i, i+1, rest...)
}

// announce notes that the server has told of a gap before the next event.
func (t *track) announce() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.gap = true
	t.counts.gaps++
}

// start says where the account begins.
func (t *track) start(at int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.begin = at
}

// begins returns the first event that has to arrive.
func (t *track) begins() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.begin
}

// soFar returns what went wrong so far. What is doubled may turn out to be of
// an event whose publishing was repeated.
func (t *track) soFar() counts {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.counts
}

// loss is what a client lacks.
type loss struct {
	silent, announced int64
	examples          []int64 // of those that were lost silently, the first few
}

// account says what is missing of the events that were published so far. It
// takes as long as there are missing events.
func (t *track) account() (counts, loss) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c, l := t.counts, loss{}
	for _, n := range t.twice {
		if t.ledger.outcome(n) != certain {
			c.doubledAgain++
		}
	}
	for _, s := range t.missing {
		t.lose(&l, s)
	}
	t.lose(&l, span{t.next, t.ledger.begun.Load(), t.gap})
	return c, l
}

func (t *track) lose(l *loss, s span) {
	for n := max(s.from, t.begin); n < s.to; n++ {
		if o := t.ledger.outcome(n); o != certain && o != repeated {
			continue
		}
		if s.announced {
			l.announced++
			continue
		}
		if l.silent++; len(l.examples) < fewExamples {
			l.examples = append(l.examples, n)
		}
	}
}

// complete reports whether everything has arrived that had to, or is known to be
// lost with an announcement.
func (t *track) complete() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range append(t.missing, span{t.next, t.ledger.begun.Load(), t.gap}) {
		for n := max(s.from, t.begin); n < s.to && !s.announced; n++ {
			if o := t.ledger.outcome(n); o == certain || o == repeated {
				return false
			}
		}
	}
	return true
}
