package logtest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/courant-dev/courant/eventlog"
)

func positionRules() []rule {
	return []rule{
		{
			name:     "every position of every window is whole or truncated",
			contract: "After a position come all records, unless there is no telling whether one is gone, which is a TruncatedError; a position that is at most MaxEvents behind is never truncated. Prev of the oldest record is not 0 when MaxEvents has trimmed others.",
			broken:   "who resumes misses events without being told, or is told of a gap where there is none.",
			check:    checkWindows,
		},
		{
			name:     "every position of every trimmed topic is whole or truncated",
			contract: "Trim removes the records up to the position, and that of the position; a position behind which records are gone is a TruncatedError.",
			broken:   "who resumes misses events without being told, or gets those that were removed.",
			check:    checkTrims,
		},
		{
			name:     "offset 0 is before the oldest record",
			contract: "The zero Position is before the oldest record there is, in any epoch; so is offset 0 of the log's epoch.",
			broken:   "who begins a topic, or begins it anew after a gap, gets an error.",
			check:    checkZero,
		},
		{
			name:     "a position of another epoch is truncated",
			contract: "A position of another epoch is a TruncatedError with reason OtherEpoch.",
			broken:   "who resumes with the event ID of an earlier log gets a wrong part of the new one.",
			check:    checkOtherEpoch,
		},
		{
			name:     "a position beyond the end is truncated",
			contract: "A position beyond the end is a TruncatedError with reason Unknown, as after a back end came back with older data.",
			broken:   "who knows events that the log lost waits until it has as many again, and misses those.",
			check:    checkBeyond,
		},
		{
			name:     "an offset between two records is whole or truncated",
			contract: "After a position come all records that are behind it, or a TruncatedError.",
			broken:   "who resumes with an event ID that was never used misses events without being told.",
			check:    checkBetween,
		},
	}
}

// after checks what comes after a position of a topic that had the records
// "1" to "count", of which those up to "gone" are gone. Index is that of the
// position's record, 0 for none. It may be truncated if mayMiss.
func (p *probe) after(l eventlog.Log, topic string, pos eventlog.Position, index, gone, count int, mayMiss bool) {
	p.Helper()
	what := fmt.Sprintf("after record %d of %d, %d trimmed", index, count, gone)
	records, err := p.read(l, topic, pos)
	switch {
	case err == nil && index < gone:
		p.violated("%s: got %q and no error, want a *eventlog.TruncatedError", what, clipAll(dataOf(records)))
	case err == nil:
		p.want(what, records, numbers(index+1, count)...)
	case !mayMiss:
		p.violated("%s: got error %v, want the records", what, err)
	case len(records) > 0:
		p.violated("%s: got %q before error %v, and nothing was trimmed meanwhile", what, clipAll(dataOf(records)), err)
	case p.truncated(err, l, topic, pos):
		var e *eventlog.TruncatedError
		if errors.As(err, &e); e.Reason != eventlog.Trimmed && e.Reason != eventlog.Unknown {
			p.violated("%s: the reason is %q, want %q, or %q where the log cannot tell", what, e.Reason, eventlog.Trimmed, eventlog.Unknown)
		}
	}
}

// gone returns how many of the records at the positions are gone, and that Bounds
// agrees.
func (p *probe) gone(l eventlog.Log, topic string, positions []eventlog.Position) int {
	p.Helper()
	count := len(positions)
	records := p.all(l, topic)
	gone := count - len(records)
	p.want(fmt.Sprintf("what is left of %d records", count), records, numbers(gone+1, count)...)
	b := p.bounds(l, topic)
	switch {
	case p.Failed():
	case gone == count && b.Oldest != 0:
		p.violated("nothing is there, and the bounds are %+v", b)
	case gone < count && (b.Oldest != positions[gone].Offset || b.Last != positions[count-1].Offset):
		p.violated("the bounds are %+v, want oldest %d and last %d", b, positions[gone].Offset, positions[count-1].Offset)
	}
	return gone
}

func checkWindows(p *probe) {
	for limit := 1; limit <= 4; limit++ {
		l := p.open(eventlog.Limits{MaxEvents: limit})
		// Within the slack each count is tried; beyond, where records must be gone, some.
		for _, count := range []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, p.config.events + 12} {
			topic := fmt.Sprintf("t%d", count)
			positions := p.fill(l, topic, count)
			most := limit + p.config.events
			if !p.until(func() bool { return len(p.all(l, topic)) <= most }) {
				p.violated("MaxEvents is %d, the slack %d, and %d records are there", limit, p.config.events, len(p.all(l, topic)))
			}
			gone := p.gone(l, topic, positions)
			if left := count - gone; left < min(limit, count) {
				p.violated("MaxEvents is %d, and of %d records %d are left", limit, count, left)
			}
			if p.Failed() {
				return
			}
			zero := eventlog.Position{Epoch: p.bounds(l, topic).Epoch}
			p.after(l, topic, zero, gone, gone, count, false)
			records, _ := p.read(l, topic, zero)
			p.oldest(records, gone > 0, count > limit)
			for i, pos := range positions {
				if behind := count - i - 1; count < 10 || behind < limit+3 || i < 3 || gone-3 < i && i < gone+3 {
					p.after(l, topic, pos, i+1, gone, count, behind > limit)
				}
			}
		}
	}
}

// oldest checks that the oldest of the records says whether others were before it.
func (p *probe) oldest(records []eventlog.Record, gone, mayBe bool) {
	p.Helper()
	if len(records) == 0 {
		return
	}
	switch r := records[0]; {
	case r.Prev >= r.Position.Offset:
		p.violated("the record before offset %d is said to be %d", r.Position.Offset, r.Prev)
	case gone && r.Prev == 0:
		p.violated("records before offset %d were trimmed, and Prev says that it is the first one", r.Position.Offset)
	case !mayBe && r.Prev != 0:
		p.violated("the record before offset %d, which is the first one, is said to be %d", r.Position.Offset, r.Prev)
	}
}

func checkTrims(p *probe) {
	l := p.open(eventlog.Limits{})
	for count := range 7 {
		for through := 0; through <= count; through++ {
			topic := fmt.Sprintf("%d of %d", through, count)
			positions := p.append(l, topic, numbers(1, count)...)
			at := eventlog.Position{Epoch: p.bounds(l, topic).Epoch}
			if through > 0 {
				at = positions[through-1]
			}
			p.must(l.Trim(p.soon(), topic, at), "trimming through record %d of %d", through, count)
			if gone := p.gone(l, topic, positions); gone != through {
				p.violated("Trim through record %d of %d, and %d are gone", through, count, gone)
				return
			}
			for i, pos := range positions {
				// Whether anything was behind the last one that is gone, not every log can tell.
				p.after(l, topic, pos, i+1, through, count, i < through)
			}
			// What comes afterwards has offsets that were not there before.
			next := p.append(l, topic, fmt.Sprint(count+1))
			for i, pos := range append(positions, next...) {
				p.after(l, topic, pos, i+1, through, count+1, i < through)
			}
			if count > 0 && next[0].Offset <= positions[count-1].Offset {
				p.violated("offset %d is used again after Trim: the next record has %d", positions[count-1].Offset, next[0].Offset)
			}
		}
	}
}

func checkZero(p *probe) {
	l := p.open(eventlog.Limits{})
	zero := eventlog.Position{Epoch: p.bounds(l, "t").Epoch}
	for range 2 {
		records, err := p.read(l, "t", zero)
		p.must(err, "reading after offset 0 of the epoch")
		p.want("after offset 0 of the epoch", records, dataOf(p.all(l, "t"))...)
		positions := p.append(l, "t", "1", "2", "3")
		p.must(l.Trim(p.soon(), "t", positions[0]), "trimming")
	}
	f := p.tail(l, "t", zero)
	p.want("Follow after offset 0 of the epoch", f.wait(p, 2), "2", "3")
}

// refused checks that both ways to read refuse a position for the reason.
func (p *probe) refused(l eventlog.Log, topic string, pos eventlog.Position, reason eventlog.Reason) {
	p.Helper()
	_, err := p.read(l, topic, pos)
	followed := p.tail(l, topic, pos).outcome(p)
	for _, err := range []error{err, followed} {
		if !p.truncated(err, l, topic, pos) {
			continue
		}
		if e := (*eventlog.TruncatedError)(nil); errors.As(err, &e) && e.Reason != reason {
			p.violated("after %+v the reason is %q, want %q", pos, e.Reason, reason)
		}
	}
}

func checkOtherEpoch(p *probe) {
	l := p.open(eventlog.Limits{})
	p.append(l, "t", "1", "2", "3")
	epoch := p.bounds(l, "t").Epoch
	for _, offset := range []uint64{0, 1, p.bounds(l, "t").Last, 1 << 40} {
		p.refused(l, "t", eventlog.Position{Epoch: epoch ^ 1<<31, Offset: offset}, eventlog.OtherEpoch)
	}
	p.refused(l, "t", eventlog.Position{Epoch: 0, Offset: 1}, eventlog.OtherEpoch)
	p.refused(l, "not there", eventlog.Position{Epoch: epoch + 1, Offset: 1}, eventlog.OtherEpoch)

	other := eventlog.Position{Epoch: epoch + 1, Offset: p.bounds(l, "t").Last}
	if p.truncated(l.Trim(p.soon(), "t", other), l, "t", other) {
		p.want("after a Trim through a position of another epoch", p.all(l, "t"), "1", "2", "3")
	}
}

func checkBeyond(p *probe) {
	l := p.open(eventlog.Limits{})
	p.append(l, "t", "1", "2", "3")
	last := p.bounds(l, "t").End()
	for _, further := range []uint64{1, 2, 1000, 1 << 33, 1<<64 - 1 - last.Offset} {
		p.refused(l, "t", eventlog.Position{Epoch: last.Epoch, Offset: last.Offset + further}, eventlog.Unknown)
	}
	p.refused(l, "not there", eventlog.Position{Epoch: last.Epoch, Offset: last.Offset + 1000}, eventlog.Unknown)
	p.must(l.Trim(p.soon(), "t", eventlog.Position{Epoch: last.Epoch, Offset: last.Offset + 1000}), "trimming through a position beyond the end")
	if left := p.all(l, "t"); len(left) != 0 {
		p.violated("Trim through a position beyond the end leaves %q", dataOf(left))
	}
	p.append(l, "t", "4")
	p.want("after a Trim through a position beyond the end", p.all(l, "t"), "4")
}

func checkBetween(p *probe) {
	l := p.open(eventlog.Limits{})
	var positions []eventlog.Position
	for i := range 5 {
		p.append(l, "other", "in between")
		positions = append(positions, p.append(l, "t", fmt.Sprint(i+1))...)
	}
	b := p.bounds(l, "t")
	// Offsets may be far apart: those next to a record and halfway to the next are enough.
	offsets := []uint64{1, positions[0].Offset / 2}
	for i, pos := range positions {
		offsets = append(offsets, pos.Offset-1, pos.Offset, pos.Offset+1, pos.Offset+2)
		if i+1 < len(positions) {
			offsets = append(offsets, pos.Offset+(positions[i+1].Offset-pos.Offset)/2)
		}
	}
	slices.Sort(offsets)
	used := 0
	for _, offset := range offsets {
		if offset == 0 || offset > b.Last {
			continue
		}
		for used < len(positions) && positions[used].Offset <= offset {
			used++
		}
		pos := eventlog.Position{Epoch: b.Epoch, Offset: offset}
		records, err := p.read(l, "t", pos)
		if err == nil {
			p.want(fmt.Sprintf("after offset %d, where %d records are before it", offset, used), records, numbers(used+1, 5)...)
		} else {
			p.truncated(err, l, "t", pos)
		}
	}
}
