package logtest

import (
	"fmt"
	"strings"
	"time"

	"github.com/courant-dev/courant/eventlog"
)

func limitRules() []rule {
	return []rule{
		{
			name:     "max age trims old records",
			contract: "MaxAge is how long after it was appended a record is trimmed.",
			broken:   "events that should be gone are delivered, or those that should be there are not.",
			check:    checkAge,
		},
		{
			name:     "max bytes bounds a topic",
			contract: "MaxBytes bounds the data and types of a topic's records; the newest record stays, whatever its size.",
			broken:   "a topic with large events fills memory or disk, or loses its only event.",
			check:    checkBytes,
		},
		{
			name:     "limits are those that were given last",
			contract: "A log that is opened twice by one name is the same log; limits hold from now on, for records that are there already too.",
			broken:   "a new limit in the design does nothing until the log is removed.",
			check:    checkNewLimits,
		},
		{
			name:     "no limit keeps all",
			contract: "A zero field of Limits is no limit.",
			broken:   "events are gone that nobody said may go.",
			check:    checkNoLimit,
		},
		{
			name:     "trim of one topic leaves others",
			contract: "Trim removes the records of a topic; it is no error if nothing is there.",
			broken:   "to remove a room's events removes those of another.",
			check:    checkTrimApart,
		},
	}
}

func checkAge(p *probe) {
	l := p.open(eventlog.Limits{MaxAge: p.config.age})
	began := time.Now()
	positions := p.append(l, "t", "1", "2")
	records, err := p.read(l, "t", eventlog.Position{})
	if young := time.Since(began) < p.config.age; young {
		p.must(err, "reading young records")
		p.want("records that are younger than MaxAge", records, "1", "2")
	}
	empty := func() bool { return len(p.all(l, "t")) == 0 }
	if !p.until(empty) {
		p.violated("records are there long after MaxAge, which is %v", p.config.age)
		return
	}
	if age := time.Since(began); age < p.config.age {
		p.violated("records are gone after %v, MaxAge is %v", age, p.config.age)
	}
	p.gone(l, "t", positions)
	p.after(l, "t", positions[0], 1, 2, 2, true)
	p.after(l, "t", positions[1], 2, 2, 2, true)
	next := p.append(l, "t", "3")
	if next[0].Offset <= positions[1].Offset {
		p.violated("offset %d is used again: the next record has %d", positions[1].Offset, next[0].Offset)
	}
	if _, err := p.read(l, "t", positions[0]); err == nil {
		p.violated("after a position behind which a record is gone: no error, want a *eventlog.TruncatedError")
	} else {
		p.truncated(err, l, "t", positions[0])
	}
}

func checkBytes(p *probe) {
	const limit = 1000
	l := p.open(eventlog.Limits{MaxBytes: limit})
	tenth := strings.Repeat("x", 90)
	n := 50 + int(p.config.bytes/50)
	for i := range n {
		e := entry(tenth)
		e.Event.Type = fmt.Sprintf("%010d", i+1)
		p.appendEntries(l, "t", e)
	}
	size := func() (size int64) {
		for _, r := range p.all(l, "t") {
			size += int64(len(r.Event.Data) + len(r.Event.Type))
		}
		return size
	}
	if !p.until(func() bool { return size() <= limit+p.config.bytes }) {
		p.violated("MaxBytes is %d, the slack %d, and %d bytes are there", limit, p.config.bytes, size())
	}
	if got := size(); got < limit {
		p.violated("MaxBytes is %d, and of records of 100 bytes only %d bytes are left", limit, got)
	}
	if records := p.all(l, "t"); len(records) > 0 && records[len(records)-1].Event.Type != fmt.Sprintf("%010d", n) {
		p.violated("the newest record is not there")
	}
	large := strings.Repeat("y", 3*limit)
	p.append(l, "t", large)
	records := p.all(l, "t")
	if len(records) == 0 || string(records[len(records)-1].Event.Data) != large {
		p.violated("the newest record, of %d bytes, is not there: MaxBytes is %d", len(large), limit)
	}
	p.append(l, "fresh", large)
	p.want("a topic with one record that is larger than MaxBytes", p.all(l, "fresh"), large)
}

func checkNewLimits(p *probe) {
	name := p.name()
	first := p.openNamed(name, eventlog.Limits{MaxEvents: 1000})
	n := 20 + 2*p.config.events
	for i := range n {
		p.append(first, "t", fmt.Sprint(i+1))
	}
	second := p.openNamed(name, eventlog.Limits{MaxEvents: 3})
	if a, b := p.bounds(first, "t"), p.bounds(second, "t"); a.Epoch != b.Epoch || a.Last != b.Last {
		p.violated("opened twice, a log has bounds %+v and %+v", a, b)
	}
	for _, l := range []eventlog.Log{second, first} {
		if !p.until(func() bool { return len(p.all(l, "t")) <= 3+p.config.events }) {
			p.violated("MaxEvents was lowered to 3, the slack is %d, and %d records are there", p.config.events, len(p.all(l, "t")))
		}
	}
	p.append(second, "t", "new")
	all := dataOf(p.all(first, "t"))
	if len(all) == 0 || all[len(all)-1] != "new" {
		p.violated("what was appended to a log is not there where it was opened before: got %q", all)
	}
	if len(all) < 3 {
		p.violated("MaxEvents is 3, and %d records are there", len(all))
	}
}

func checkNoLimit(p *probe) {
	l := p.open(eventlog.Limits{})
	var positions []eventlog.Position
	for i := range 10 {
		positions = append(positions, p.append(l, "t", numbers(300*i+1, 300*i+300)...)...)
	}
	if gone := p.gone(l, "t", positions); gone != 0 {
		p.violated("%d records of 3000 are gone", gone)
	}
	p.after(l, "t", positions[0], 1, 0, 3000, false)
}

func checkTrimApart(p *probe) {
	l := p.open(eventlog.Limits{})
	p.append(l, "a", "1", "2")
	positions := p.append(l, "b", "1", "2")
	p.append(l, "a", "3")
	p.must(l.Trim(p.soon(), "b", positions[1]), "trimming")
	p.must(l.Trim(p.soon(), "b", positions[1]), "trimming again")
	p.must(l.Trim(p.soon(), "not there", positions[1]), "trimming a topic that is not there")
	p.want("another topic", p.all(l, "a"), "1", "2", "3")
	p.want("the topic", p.all(l, "b"))
	p.must(l.Trim(p.soon(), "a", eventlog.Position{}), "trimming through the zero position")
	p.want("trimmed through the zero position", p.all(l, "a"), "1", "2", "3")
}
