package logtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/sse"
)

// probe tests one rule on one store.
type probe struct {
	testing.TB

	rule   *rule
	config *config
	store  eventlog.Store
}

// violated reports that the rule was broken.
func (p *probe) violated(format string, args ...any) {
	p.Helper()
	p.Errorf("%s\n\tThe contract: %s\n\tFor users: %s", fmt.Sprintf(format, args...), p.rule.contract, p.rule.broken)
}

// must ends the test when the error is one.
func (p *probe) must(err error, doing string, args ...any) {
	p.Helper()
	if err != nil {
		p.violated("%s: %v", fmt.Sprintf(doing, args...), err)
		p.FailNow()
	}
}

// soon is a context for what may not take long.
func (p *probe) soon() context.Context {
	ctx, cancel := context.WithTimeout(p.Context(), p.config.patience)
	p.Cleanup(cancel)
	return ctx
}

// outcome returns the last error of an iterator, which is given up when the
// patience ends.
func (p *probe) outcome(seq iter.Seq2[eventlog.Record, error]) error {
	p.Helper()
	ended := make(chan error, 1)
	go func() {
		var last error
		for _, err := range seq {
			last = err
		}
		ended <- last
	}()
	limit := time.NewTimer(p.config.patience)
	defer limit.Stop()
	select {
	case err := <-ended:
		return err
	case <-limit.C:
		p.violated("an iterator did not end within %v", p.config.patience)
		p.FailNow()
		return nil
	}
}

// until has done return true before the patience ends. It reports whether it
// did.
func (p *probe) until(done func() bool) bool {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for ctx := p.soon(); ; {
		if done() {
			return true
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
}

// name is one that no log had before.
func (p *probe) name() string { return p.rule.name + "/" + rand.Text() }

// open returns a new log.
func (p *probe) open(limits eventlog.Limits) eventlog.Log {
	p.Helper()
	return p.openNamed(p.name(), limits)
}

func (p *probe) openNamed(name string, limits eventlog.Limits) eventlog.Log {
	p.Helper()
	l, err := p.store.Open(p.soon(), name, limits)
	p.must(err, "opening log %q", name)
	return l
}

func entry(data string) eventlog.Entry { return eventlog.Entry{Event: sse.Event{Data: []byte(data)}} }

// append adds entries with that data in one call.
func (p *probe) append(l eventlog.Log, topic string, data ...string) []eventlog.Position {
	p.Helper()
	entries := make([]eventlog.Entry, len(data))
	for i, d := range data {
		entries[i] = entry(d)
	}
	return p.appendEntries(l, topic, entries...)
}

func (p *probe) appendEntries(l eventlog.Log, topic string, entries ...eventlog.Entry) []eventlog.Position {
	p.Helper()
	positions, err := l.Append(p.soon(), topic, entries...)
	p.must(err, "appending %d entries", len(entries))
	if len(positions) != len(entries) {
		p.violated("Append of %d entries returned %d positions and no error", len(entries), len(positions))
		p.FailNow()
	}
	return positions
}

// fill appends one by one the entries "1", "2" and so on.
func (p *probe) fill(l eventlog.Log, topic string, n int) []eventlog.Position {
	p.Helper()
	var positions []eventlog.Position
	for i := range n {
		positions = append(positions, p.append(l, topic, strconv.Itoa(i+1))...)
	}
	return positions
}

// read returns what Read yields.
func (p *probe) read(l eventlog.Log, topic string, after eventlog.Position) ([]eventlog.Record, error) {
	p.Helper()
	var records []eventlog.Record
	var failed error
	for r, err := range l.Read(p.soon(), topic, after) {
		if failed != nil {
			p.violated("Read goes on after the error %v", failed)
			p.FailNow()
		}
		if failed = err; err == nil {
			records = append(records, r)
		}
	}
	p.inOrder(records)
	return records, failed
}

// all returns the records of a topic.
func (p *probe) all(l eventlog.Log, topic string) []eventlog.Record {
	p.Helper()
	records, err := p.read(l, topic, eventlog.Position{})
	p.must(err, "reading topic %q from the oldest record", topic)
	return records
}

func (p *probe) bounds(l eventlog.Log, topic string) eventlog.Bounds {
	p.Helper()
	b, err := l.Bounds(p.soon(), topic)
	p.must(err, "bounds of topic %q", topic)
	return b
}

// inOrder checks what is true of the records of any reader.
func (p *probe) inOrder(records []eventlog.Record) {
	p.Helper()
	for i, r := range records {
		if r.Position.Epoch == 0 || r.Position.Offset == 0 {
			p.violated("record %q is at position %+v: neither epochs nor offsets of records are 0", clip(r.Event.Data), r.Position)
		}
		if i == 0 {
			continue
		}
		before := records[i-1].Position
		if r.Position.Epoch != before.Epoch || r.Position.Offset <= before.Offset {
			p.violated("record %q at %+v comes after %+v: offsets do not rise", clip(r.Event.Data), r.Position, before)
		}
		if r.Prev != 0 && r.Prev != before.Offset {
			p.violated("the record before offset %d is said to be %d, and was %d", r.Position.Offset, r.Prev, before.Offset)
		}
	}
}

// want checks the data of records.
func (p *probe) want(what string, records []eventlog.Record, data ...string) {
	p.Helper()
	if got := dataOf(records); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", data) {
		p.violated("%s: got %q, want %q", what, clipAll(got), clipAll(data))
	}
}

// truncated checks that err is a *TruncatedError, and that it says what it should.
func (p *probe) truncated(err error, l eventlog.Log, topic string, asked eventlog.Position) bool {
	p.Helper()
	var e *eventlog.TruncatedError
	if !errors.As(err, &e) {
		p.violated("asked for the records after %+v: got error %v, want a *eventlog.TruncatedError", asked, err)
		return false
	}
	b := p.bounds(l, topic)
	if e.Topic != topic || e.Asked != asked {
		p.violated("the error is about topic %q after %+v, want %q after %+v", e.Topic, e.Asked, topic, asked)
	}
	if want := (eventlog.Position{Epoch: b.Epoch, Offset: b.Oldest}); e.Oldest != want {
		p.violated("the error says that the oldest record is at %+v, Bounds says %+v", e.Oldest, want)
	}
	return true
}

func dataOf(records []eventlog.Record) []string {
	data := make([]string, len(records))
	for i, r := range records {
		data[i] = string(r.Event.Data)
	}
	return data
}

func numbers(from, to int) []string {
	out := []string{}
	for i := from; i <= to; i++ {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func clip[T ~string | ~[]byte](s T) string {
	if len(s) > 40 {
		return string(s[:40]) + "…"
	}
	return string(s)
}

func clipAll(s []string) []string {
	var out []string
	for i, one := range s {
		if i == 30 {
			return append(out, fmt.Sprintf("… of %d", len(s)))
		}
		out = append(out, clip(one))
	}
	return out
}

// tail is a Follow in a goroutine.
type tail struct {
	stop context.CancelFunc
	done chan struct{}

	mu      sync.Mutex
	records []eventlog.Record
	err     error
}

// tail follows a topic until it is stopped, which happens at the end of the
// test at the latest.
func (p *probe) tail(l eventlog.Log, topic string, after eventlog.Position) *tail {
	ctx, stop := context.WithCancel(p.Context())
	f := &tail{stop: stop, done: make(chan struct{})}
	go func() {
		defer close(f.done)
		for r, err := range l.Follow(ctx, topic, after) {
			f.mu.Lock()
			if err == nil {
				f.records = append(f.records, r)
			} else {
				f.err = err
			}
			f.mu.Unlock()
		}
	}()
	p.Cleanup(func() { _ = f.end(p) }) // the error was looked at where it matters
	return f
}

func (f *tail) seen() []eventlog.Record {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clip(f.records)
}

func (f *tail) ended() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

// wait returns the records once there are n. It ends the test when that takes
// longer than the patience.
func (f *tail) wait(p *probe, n int) []eventlog.Record {
	p.Helper()
	p.until(func() bool { return len(f.seen()) >= n || f.ended() })
	if f.ended() {
		p.violated("Follow ended with error %v after %d of %d records", f.err, len(f.records), n)
		p.FailNow()
	}
	records := f.seen()
	if len(records) < n {
		p.violated("Follow yielded %d of %d records within %v: %q", len(records), n, p.config.patience, clipAll(dataOf(records)))
		p.FailNow()
	}
	p.inOrder(records)
	return records
}

// lasts has the tail begin, and not end, for a moment.
func (p *probe) lasts(f *tail) {
	p.Helper()
	moment := time.NewTimer(100 * time.Millisecond)
	defer moment.Stop()
	select {
	case <-f.done:
		p.violated("Follow ended with error %v", f.err)
		p.FailNow()
	case <-moment.C:
	}
}

// end stops the tail and returns its error.
func (f *tail) end(p *probe) error {
	p.Helper()
	f.stop()
	return f.outcome(p)
}

// outcome returns the error that the tail ended with.
func (f *tail) outcome(p *probe) error {
	p.Helper()
	limit := time.NewTimer(p.config.patience)
	defer limit.Stop()
	select {
	case <-f.done:
		return f.err
	case <-limit.C:
		stack := make([]byte, 1<<16)
		p.violated("Follow did not end within %v\n%s", p.config.patience, stack[:runtime.Stack(stack, true)])
		return errors.New("logtest: Follow did not end")
	}
}
