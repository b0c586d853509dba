package logtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/courant-dev/courant/eventlog"
)

func orderRules() []rule {
	return []rule{
		{
			name:     "read yields what was appended in order",
			contract: "Append adds entries to the end of a topic, in order; Read yields every record that was there when it began, oldest first, and ends.",
			broken:   "events arrive in another order than they were published in, twice, or not at all.",
			check:    checkOrder,
		},
		{
			name:     "append returns the positions of the records",
			contract: "Append returns with the positions of the entries; offsets rise, and all are of the epoch that Bounds says.",
			broken:   "the publisher's position is that of another event: who resumes there misses events, or gets them twice.",
			check:    checkPositions,
		},
		{
			name:     "entries of one call stand in order",
			contract: "Entries of one call stand in order.",
			broken:   "events that were published together arrive mixed up.",
			check:    checkBatch,
		},
		{
			name:     "append of nothing appends nothing",
			contract: "Append adds the entries that it is given.",
			broken:   "an empty list of events makes an event, or an error.",
			check:    checkAppendNothing,
		},
		{
			name:     "concurrent appends reach all followers alike",
			contract: "All methods are safe for concurrent use; no reader misses a record or gets one twice, and all see the same order.",
			broken:   "on a busy topic events are lost or doubled, or two clients see different orders.",
			check:    checkConcurrent,
		},
		{
			name:     "follow joins where another ended",
			contract: "Read and Follow yield the records after a position: none twice, and none left out, whatever is appended meanwhile.",
			broken:   "a client that comes back while events are published loses some, or gets them twice.",
			check:    checkJoin,
		},
		{
			name:     "read ends under appends",
			contract: "Read ends at the end of the log, and has yielded what was there when it began.",
			broken:   "who asks for the record of a busy topic waits for ever.",
			check:    checkReadEnds,
		},
		{
			name:     "many topics are cheap",
			contract: "A topic comes into being with its first event, and costs nothing before.",
			broken:   "a service with a topic per customer does not scale.",
			check:    checkManyTopics,
		},
	}
}

func checkOrder(p *probe) {
	l := p.open(eventlog.Limits{})
	if got := p.all(l, "t"); len(got) != 0 {
		p.violated("a topic that nothing was appended to has %d records", len(got))
	}
	if b := p.bounds(l, "t"); b.Oldest != 0 || b.Last != 0 || b.Epoch == 0 {
		p.violated("the bounds of a topic that nothing was appended to are %+v", b)
	}
	p.fill(l, "t", 300)
	p.want("Read from the zero position", p.all(l, "t"), numbers(1, 300)...)
}

func checkPositions(p *probe) {
	l := p.open(eventlog.Limits{})
	positions := p.append(l, "t", "1", "2", "3")
	p.append(l, "other", "1")
	positions = append(positions, p.append(l, "t", "4")...)
	records := p.all(l, "t")
	p.want("Read", records, numbers(1, 4)...)
	for i := range min(len(records), len(positions)) {
		if records[i].Position != positions[i] {
			p.violated("Append said that entry %d is at %+v, Read says %+v", i+1, positions[i], records[i].Position)
		}
	}
	want := eventlog.Bounds{Epoch: positions[0].Epoch, Oldest: positions[0].Offset, Last: positions[3].Offset}
	if b := p.bounds(l, "t"); b != want {
		p.violated("the bounds are %+v, want %+v", b, want)
	}
}

func checkBatch(p *probe) {
	l := p.open(eventlog.Limits{})
	p.append(l, "t", numbers(1, 100)...)
	p.append(l, "t", numbers(101, 350)...)
	p.want("Read", p.all(l, "t"), numbers(1, 350)...)
}

func checkAppendNothing(p *probe) {
	l := p.open(eventlog.Limits{})
	p.append(l, "t")
	if got := p.all(l, "t"); len(got) != 0 {
		p.violated("there are %d records after an Append without entries", len(got))
	}
}

const appenders, perAppender = 4, 150

// appendAll starts the appenders, whose entries are "appender number". They
// take their time, so that readers come while they are at it. It returns a
// function that waits for them.
func appendAll(p *probe, l eventlog.Log, topic string) (wait func() []eventlog.Position) {
	var group sync.WaitGroup
	var mu sync.Mutex
	var positions []eventlog.Position
	ctx := p.soon()
	for a := range appenders {
		group.Go(func() {
			tick := time.NewTicker(time.Millisecond)
			defer tick.Stop()
			for n := 1; n <= perAppender; <-tick.C {
				var entries []eventlog.Entry
				for range min(1+n%3, perAppender-n+1) {
					entries = append(entries, entry(fmt.Sprintf("%d %d", a, n)))
					n++
				}
				got, err := l.Append(ctx, topic, entries...)
				if err != nil || len(got) != len(entries) {
					p.violated("Append, beside others: %d positions of %d, error %v", len(got), len(entries), err)
					return
				}
				mu.Lock()
				positions = append(positions, got...)
				mu.Unlock()
			}
		})
	}
	return func() []eventlog.Position {
		group.Wait()
		return positions
	}
}

// eachInOrder checks that the records are those of the appenders, each once,
// and each appender's in order.
func eachInOrder(p *probe, who string, records []eventlog.Record) {
	next := map[string]int{}
	for _, r := range records {
		a, n, _ := strings.Cut(string(r.Event.Data), " ")
		next[a]++
		if want := fmt.Sprint(next[a]); n != want {
			p.violated("%s: of appender %s comes entry %s where %s should be", who, a, n, want)
			return
		}
	}
	if len(records) != appenders*perAppender {
		p.violated("%s: got %d of %d records", who, len(records), appenders*perAppender)
	}
}

func checkConcurrent(p *probe) {
	l := p.open(eventlog.Limits{})
	tails := []*tail{p.tail(l, "t", eventlog.Position{})}
	wait := appendAll(p, l, "t")
	for there := range 10 {
		tails[0].wait(p, 10*there)
		tails = append(tails, p.tail(l, "t", eventlog.Position{}))
	}
	positions := wait()
	all := p.all(l, "t")
	eachInOrder(p, "Read", all)
	for _, f := range tails {
		f.wait(p, len(all))
	}
	p.append(l, "t", "last") // before it comes all else that a follower still has
	for i, f := range tails {
		records := f.wait(p, len(all)+1)
		if last := len(records) - 1; string(records[last].Event.Data) == "last" {
			records = records[:last]
		}
		eachInOrder(p, fmt.Sprintf("follower %d", i+1), records)
		if !slices.Equal(dataOf(all), dataOf(records)) {
			p.violated("follower %d sees another order than Read", i+1)
		}
	}
	there := map[eventlog.Position]int{}
	for _, r := range all {
		there[r.Position]++
	}
	for _, pos := range positions {
		if there[pos] != 1 {
			p.violated("Append returned position %+v, where there are %d records", pos, there[pos])
		}
		there[pos]--
	}
}

// checkJoin has a reader that again and again goes on with a new Read or
// Follow, while entries are appended.
func checkJoin(p *probe) {
	l := p.open(eventlog.Limits{})
	wait := appendAll(p, l, "t")
	var records []eventlog.Record
	var at eventlog.Position
	ctx := p.soon()
	for turn := 0; len(records) < appenders*perAppender && ctx.Err() == nil; turn++ {
		from := l.Follow
		if turn%3 == 0 {
			from = l.Read
		}
		taken := 0
		for r, err := range from(ctx, "t", at) {
			if err != nil {
				p.violated("reading on after %+v: %v", at, err)
				wait()
				return
			}
			records, at = append(records, r), r.Position
			if taken++; taken > turn%7 || len(records) == appenders*perAppender {
				break
			}
		}
	}
	wait()
	p.inOrder(records)
	eachInOrder(p, "who reads on again and again", records)
}

func checkReadEnds(p *probe) {
	l := p.open(eventlog.Limits{})
	p.fill(l, "t", 20)
	ctx, stop := context.WithCancel(p.soon())
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			for ctx.Err() == nil {
				_, _ = l.Append(ctx, "t", entry("more")) // it fails once ctx is done
			}
		})
	}
	for range 5 {
		records, err := p.read(l, "t", eventlog.Position{})
		if err != nil || len(records) < 20 {
			p.violated("Read, beside appends: %d records of at least 20, error %v", len(records), err)
		}
	}
	stop()
	group.Wait()
}

func checkManyTopics(p *probe) {
	l := p.open(eventlog.Limits{MaxEvents: 10})
	var group sync.WaitGroup
	n := p.config.topics
	const at = 16
	ctx, stop := context.WithTimeout(p.Context(), 6*p.config.patience)
	defer stop()
	for w := range at {
		group.Go(func() {
			for i := w; i < n; i += at {
				if _, err := l.Append(ctx, fmt.Sprintf("topics/%d", i), entry(fmt.Sprint(i))); err != nil {
					p.violated("appending to topic %d of %d: %v", i+1, n, err)
					return
				}
			}
		})
	}
	group.Wait()
	for i := 0; i < n; i += max(1, n/100) {
		p.want(fmt.Sprintf("topic %d of %d", i+1, n), p.all(l, fmt.Sprintf("topics/%d", i)), fmt.Sprint(i))
	}
}
