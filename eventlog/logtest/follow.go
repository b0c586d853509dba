package logtest

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/courant-dev/courant/eventlog"
)

func followRules() []rule {
	return []rule{
		{
			name:     "follow goes on with what is appended",
			contract: "Follow is Read, but goes on with what is appended, soon after it was.",
			broken:   "live events do not arrive, or late.",
			check:    checkFollow,
		},
		{
			name:     "follow waits for a topic that is not there",
			contract: "A topic comes into being with its first event; who follows it before gets that.",
			broken:   "who is in a room before anything was said there hears nothing.",
			check:    checkFollowBefore,
		},
		{
			name:     "follow begins after a position",
			contract: "Follow yields the records after the position, of which some are there and some come.",
			broken:   "who resumes gets events twice, or misses some.",
			check:    checkFollowAfter,
		},
		{
			name:     "follow of one topic does not see others",
			contract: "A log is an ordered record of events for each of its topics.",
			broken:   "events reach people whom they are not for.",
			check:    checkFollowApart,
		},
		{
			name:     "trimming faster than reading is noticed",
			contract: "Read and Follow yield a TruncatedError also in between, when records were trimmed faster than they were read.",
			broken:   "a slow client misses events and is not told.",
			check:    checkFollowTrimmed,
		},
		{
			name:     "breaking out of an iterator frees what it holds",
			contract: "Who stops to range over Read or Follow has nothing to close.",
			broken:   "each client that leaves leaks memory.",
			check:    checkBreak,
		},
	}
}

func checkFollow(p *probe) {
	l := p.open(eventlog.Limits{})
	p.append(l, "t", "1", "2")
	f := p.tail(l, "t", eventlog.Position{})
	p.want("what was there", f.wait(p, 2), "1", "2")
	for i := 3; i <= 20; i++ {
		p.append(l, "t", fmt.Sprint(i))
		p.want("what was appended", f.wait(p, i), numbers(1, i)...)
	}
	p.append(l, "t", numbers(21, 200)...)
	p.want("what was appended at once", f.wait(p, 200), numbers(1, 200)...)
}

func checkFollowBefore(p *probe) {
	l := p.open(eventlog.Limits{})
	f := p.tail(l, "t", eventlog.Position{})
	g := p.tail(l, "t", p.bounds(l, "t").End())
	p.lasts(f)
	p.append(l, "other", "of another topic")
	p.append(l, "t", "1")
	p.want("from the zero position", f.wait(p, 1), "1")
	p.want("from the end of nothing", g.wait(p, 1), "1")
}

func checkFollowAfter(p *probe) {
	l := p.open(eventlog.Limits{})
	positions := p.append(l, "t", numbers(1, 5)...)
	var tails []*tail
	for _, after := range positions {
		tails = append(tails, p.tail(l, "t", after))
	}
	tails[1].wait(p, 3)
	p.append(l, "t", "6")
	p.append(l, "t", "7", "8")
	for i, f := range tails {
		p.want(fmt.Sprintf("after record %d", i+1), f.wait(p, 8-i-1), numbers(i+2, 8)...)
	}
}

func checkFollowApart(p *probe) {
	l := p.open(eventlog.Limits{})
	a, b := p.tail(l, "a", eventlog.Position{}), p.tail(l, "b", eventlog.Position{})
	for i := 1; i <= 20; i++ {
		p.append(l, "a", fmt.Sprint(i))
		p.append(l, "b", fmt.Sprint(100+i))
	}
	p.want("topic a", a.wait(p, 20), numbers(1, 20)...)
	p.want("topic b", b.wait(p, 20), numbers(101, 120)...)
}

// checkFollowTrimmed appends, while a reader has the first record in hand, so
// many that the next ones are gone.
func checkFollowTrimmed(p *probe) {
	l := p.open(eventlog.Limits{MaxEvents: 2})
	for _, kind := range []string{"Read", "Follow"} {
		topic := "of " + kind
		from := l.Follow
		if kind == "Read" {
			from = l.Read
		}
		p.append(l, topic, "1", "2")
		last, total := 0, 200+2*p.config.events
		for r, err := range from(p.soon(), topic, eventlog.Position{}) {
			if err != nil {
				if e := (*eventlog.TruncatedError)(nil); !errors.As(err, &e) {
					p.violated("%s, overtaken after record %d: got error %v, want a *eventlog.TruncatedError or all records", kind, last, err)
				}
				break
			}
			if got := string(r.Event.Data); got != fmt.Sprint(last+1) {
				p.violated("%s goes on with record %s after record %d, and says nothing", kind, got, last)
				break
			}
			if last++; last == 1 {
				for i := 3; i <= total; i++ {
					p.append(l, topic, fmt.Sprint(i))
				}
			}
			if last == total {
				break // it held them all
			}
		}
	}
}

func checkBreak(p *probe) {
	l := p.open(eventlog.Limits{})
	p.append(l, "t", "1", "2", "3")
	ctx := p.Context() // is not done while this is tested
	leave := func() {
		for _, err := range l.Follow(ctx, "t", eventlog.Position{}) {
			p.must(err, "following")
			break
		}
		for _, err := range l.Read(ctx, "t", eventlog.Position{}) {
			p.must(err, "reading")
			break
		}
	}
	leave() // what is made once is there
	before := runtime.NumGoroutine()
	for range 50 {
		leave()
	}
	if !p.until(func() bool { return runtime.NumGoroutine() < before+25 }) {
		p.violated("100 iterators that were left, and there are %d goroutines more than before", runtime.NumGoroutine()-before)
	}
	p.append(l, "t", "4")
	p.want("Read afterwards", p.all(l, "t"), numbers(1, 4)...)
}
