package logtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/sse"
)

func contentRules() []rule {
	return []rule{
		{
			name:     "events come out as they went in",
			contract: "What is appended is an event: Type, Data, and Retry with HasRetry. Its ID is not kept.",
			broken:   "clients get other events than were published.",
			check:    checkContent,
		},
		{
			name:     "large events come out or are refused",
			contract: "An entry that is larger than the log takes is a TooLargeError, and nothing of the call is appended.",
			broken:   "a large event is cut, or lost in silence.",
			check:    checkLarge,
		},
		{
			name:     "the time is when it was appended",
			contract: "A record's Time is when it was appended, by the clock of the log.",
			broken:   "pages show wrong times.",
			check:    checkTime,
		},
		{
			name:     "append keeps nothing of the entries",
			contract: "Append keeps nothing of the entries.",
			broken:   "a publisher that uses its buffer again changes events that it published before.",
			check:    checkEntriesAreCopied,
		},
		{
			name:     "the receiver may keep records",
			contract: "A record's event may be kept by its receiver.",
			broken:   "events that are queued for a slow client turn into other events.",
			check:    checkRecordsStay,
		},
	}
}

func checkContent(p *probe) {
	l := p.open(eventlog.Limits{})
	var entries []eventlog.Entry
	for _, data := range []string{
		"", " ", "\n", "\r\n", "\r", "a\nb\n\nc\n", "data: x\n\nid: 7", "\x00\x01\x1b\x7f", "\ufeffé 日本 🎏 \u2028\u2029",
		`{"a":"\u0000"}`, strings.Repeat("long ", 2000), "%00+&=;,", "'\";DROP",
	} {
		entries = append(entries, entry(data))
	}
	for _, e := range []sse.Event{
		{Type: "message", Data: []byte("named")}, {Type: "é / 日本.*>", Data: []byte("x")}, {Type: strings.Repeat("t", 300)},
		{Data: []byte("retry"), Retry: 1500 * time.Millisecond, HasRetry: true}, {HasRetry: true}, {Retry: 24 * time.Hour, HasRetry: true},
		{Type: "all", Data: []byte("x"), Retry: time.Millisecond, HasRetry: true, ID: "mine", HasID: true},
	} {
		entries = append(entries, eventlog.Entry{Event: e})
	}
	p.appendEntries(l, "t", entries...)
	records := p.all(l, "t")
	if len(records) != len(entries) {
		p.violated("got %d of %d records", len(records), len(entries))
		return
	}
	for i, e := range entries {
		want := fmt.Sprintf("type %q, data %q, retry %v %v, ID %q %v", e.Event.Type, e.Event.Data, e.Event.Retry, e.Event.HasRetry, "", false)
		r := records[i].Event
		if got := fmt.Sprintf("type %q, data %q, retry %v %v, ID %q %v", r.Type, r.Data, r.Retry, r.HasRetry, r.ID, r.HasID); got != want {
			p.violated("got %s\n\twant %s", got, want)
		}
	}
}

func checkLarge(p *probe) {
	l := p.open(eventlog.Limits{})
	p.append(l, "t", "before")
	large := strings.Repeat("0123456789abcdef", 1<<16)
	positions, err := l.Append(p.soon(), "t", entry("in one call with"), entry(large))
	var e *eventlog.TooLargeError
	switch {
	case err == nil:
		p.want("an event of 1 MiB", p.all(l, "t"), "before", "in one call with", large)
	case !errors.As(err, &e):
		p.violated("an event of 1 MiB: got error %v, want a *eventlog.TooLargeError or none", err)
	default:
		if len(positions) != 0 || e.Size <= e.Limit || e.Size < 1<<20 {
			p.violated("an event of 1 MiB: got %+v and %d positions", e, len(positions))
		}
		p.want("after what was too large", p.all(l, "t"), "before")
	}
	p.append(l, "t", "after")
}

func checkTime(p *probe) {
	const most = time.Minute // by which two clocks may differ
	l := p.open(eventlog.Limits{})
	before := time.Now()
	p.fill(l, "t", 5)
	after := time.Now()
	for _, r := range p.all(l, "t") {
		if r.Time.Before(before.Add(-most)) || r.Time.After(after.Add(most)) {
			p.violated("appended between %v and %v, and the time is %v", before, after, r.Time)
		}
	}
}

func checkEntriesAreCopied(p *probe) {
	l := p.open(eventlog.Limits{})
	f := p.tail(l, "t", eventlog.Position{})
	data := []byte("0")
	entries := []eventlog.Entry{{Event: sse.Event{Type: "a", Data: data}, Key: "k"}}
	for i := range 9 {
		data[0] = byte('1' + i)
		entries[0].Key = fmt.Sprint("key ", i)
		p.appendEntries(l, "t", entries...)
		data[0], entries[0].Event.Type = '!', "b"
		entries[0].Event.Type = "a"
	}
	entries[0] = eventlog.Entry{}
	p.want("Read", p.all(l, "t"), numbers(1, 9)...)
	p.want("Follow", f.wait(p, 9), numbers(1, 9)...)
}

func checkRecordsStay(p *probe) {
	l := p.open(eventlog.Limits{MaxEvents: 300})
	p.fill(l, "t", 200)
	records := p.all(l, "t")
	data := dataOf(records)
	for i := range 400 + p.config.events {
		p.append(l, "t", fmt.Sprint("!", i))
	}
	_ = p.all(l, "t")
	if now := dataOf(records); !slices.Equal(data, now) {
		p.violated("records that were kept have changed: %q, they were %q", clipAll(now), clipAll(data))
	}
}
