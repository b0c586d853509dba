package soak

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// settled returns a ledger of so many events, with an outcome at random for a few.
func settled(random *rand.Rand, events int64) *ledger {
	l := newLedger()
	for n := range events {
		l.begin(time.Duration(n))
		o := certain
		if random.IntN(10) == 0 {
			o = []outcome{repeated, uncertain, refused}[random.IntN(3)]
		}
		l.settle(n, o)
	}
	return l
}

// A simulation delivers the events of a ledger to a track, with faults at random,
// and counts what it does.
type simulation struct {
	track   *track
	random  *rand.Rand
	arrived []int64
	skipped []int64 // since the highest that arrived
	told    bool    // of a gap, since then

	counts            counts
	silent, announced int64
}

func (s *simulation) sure(n int64) bool {
	o := s.track.ledger.outcome(n)
	return o == certain || o == repeated
}

// deliver has an event arrive that did not arrive yet.
func (s *simulation) deliver(n int64) {
	s.judge()
	s.track.receive(n)
	s.arrived = append(s.arrived, n)
	s.counts.received++
}

// judge counts what was skipped. Whoever receives cannot tell when, before an
// announcement or after it.
func (s *simulation) judge() {
	for _, n := range s.skipped {
		switch {
		case !s.sure(n) || n < s.track.begin:
		case s.told:
			s.announced++
		default:
			s.silent++
		}
	}
	s.skipped, s.told = nil, false
}

func (s *simulation) announce() {
	s.track.announce()
	s.counts.gaps++
	s.told = true
}

func (s *simulation) run(events int64) {
	for n := int64(0); n < events; n++ {
		switch fault := s.random.IntN(12); {
		case fault == 0:
			s.skipped = append(s.skipped, n)
		case fault == 1:
			s.announce()
			s.skipped = append(s.skipped, n)
		case fault == 2 && len(s.arrived) > 0: // one of those that came comes again
			s.deliver(n)
			again := s.arrived[s.random.IntN(len(s.arrived))]
			s.track.receive(again)
			s.counts.doubled++
			if s.track.ledger.outcome(again) != certain {
				s.counts.doubledAgain++
			}
		case fault == 3 && n+1 < events: // swapped with the next one
			s.deliver(n + 1)
			s.track.receive(n)
			s.arrived = append(s.arrived, n)
			s.counts.received++
			if s.sure(n) {
				s.counts.late++
			}
			n++
		case fault == 4 && len(s.arrived) > 2: // the server begins anew
			s.announce()
			for _, again := range s.arrived[len(s.arrived)-2:] {
				s.track.receive(again)
				s.counts.replayed++
			}
			s.deliver(n)
		default:
			s.deliver(n)
		}
	}
	s.judge()
}

func TestAccountIsExact(t *testing.T) {
	for seed := range uint64(3000) {
		random := rand.New(rand.NewPCG(seed, 0))
		events := random.Int64N(200)
		tr := &track{ledger: settled(random, events)}
		if events > 0 && random.IntN(2) == 0 {
			tr.start(random.Int64N(events))
		}
		s := simulation{track: tr, random: random}
		s.run(events)
		counts, loss := tr.account()
		if counts != s.counts || loss.silent != s.silent || loss.announced != s.announced {
			t.Fatalf("seed %d, %d events from %d:\nhave %+v, %+v\nwant %+v, %d, %d",
				seed, events, tr.begin, counts, loss, s.counts, s.silent, s.announced)
		}
		if tr.complete() != (s.silent == 0) {
			t.Fatalf("seed %d: complete is %v, and %d events are lost", seed, tr.complete(), s.silent)
		}
	}
}

func TestWhatIsMissingAtTheEndIsLost(t *testing.T) {
	tr := &track{ledger: settled(rand.New(rand.NewPCG(1, 1)), 0)}
	for n := range int64(5) {
		tr.ledger.settle(tr.ledger.begin(0), []outcome{certain, certain, uncertain, certain, pending}[n])
	}
	tr.receive(0)
	if _, l := tr.account(); l.silent != 2 || !slices.Equal(l.examples, []int64{1, 3}) {
		t.Errorf("%+v", l)
	}
	tr.announce()
	if _, l := tr.account(); l.silent != 0 || l.announced != 2 {
		t.Errorf("after an announcement: %+v", l)
	}
}

func TestDoubleOfAnEventUnderWayIsJudgedInTheEnd(t *testing.T) {
	for outcome, again := range map[outcome]int64{certain: 0, repeated: 1, uncertain: 1} {
		l := newLedger()
		tr := &track{ledger: l}
		n := l.begin(0)
		tr.receive(n)
		tr.receive(n)
		l.settle(n, outcome)
		if c, _ := tr.account(); c.doubled != 1 || c.doubledAgain != again {
			t.Errorf("outcome %d: %+v", outcome, c)
		}
	}
}

func TestTrackStaysSmall(t *testing.T) {
	l := newLedger()
	tr := &track{ledger: l}
	for range 10_000 {
		n := l.begin(0)
		l.settle(n, certain)
		tr.receive(n)
	}
	if len(tr.missing)+cap(tr.twice) > 0 {
		t.Errorf("%d spans", len(tr.missing))
	}
}
