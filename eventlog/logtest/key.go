package logtest

import (
	"fmt"
	"sync"

	"github.com/courant-dev/courant/eventlog"
)

func keyRules() []rule {
	return []rule{
		{
			name:     "an entry of the same key is appended once",
			contract: "When the topic has an entry of the same key already, nothing is appended, and its position is returned.",
			broken:   "a publisher that tries again, because it did not hear, publishes twice.",
			check:    checkKey,
		},
		{
			name:     "keys are of a topic",
			contract: "A key makes an append idempotent within its topic.",
			broken:   "an event is not published because another topic has one of the same key.",
			check:    checkKeyPerTopic,
		},
		{
			name:     "concurrent appends of one key are one record",
			contract: "When the topic has an entry of the same key already, nothing is appended; all methods are safe for concurrent use.",
			broken:   "two servers that publish the same event publish it twice.",
			check:    checkKeyConcurrent,
		},
	}
}

func keyedEntry(key, data string) eventlog.Entry {
	e := entry(data)
	e.Key = key
	return e
}

func checkKey(p *probe) {
	l := p.open(eventlog.Limits{})
	first := p.appendEntries(l, "t", keyedEntry("k 1", "1"), keyedEntry("k 2", "2"))
	p.append(l, "t", "3", "3")
	second := p.appendEntries(l, "t", keyedEntry("k 1", "other data"), keyedEntry("k 4", "4"), keyedEntry("k 2", "2"))
	if second[0] != first[0] || second[2] != first[1] {
		p.violated("the positions of keys that are there are %+v and %+v, want %+v", second[0], second[2], first)
	}
	twice := p.appendEntries(l, "t", keyedEntry("k 5", "5"), keyedEntry("k 5", "5"))
	if twice[0] != twice[1] {
		p.violated("one key twice in one call has the positions %+v", twice)
	}
	p.appendEntries(l, "t", keyedEntry("K 5", "6"), keyedEntry("k 5 ", "7"), keyedEntry("é*.>\n", "8"))
	records := p.all(l, "t")
	p.want("Read", records, "1", "2", "3", "3", "4", "5", "6", "7", "8")
	if len(records) == 9 && (records[4].Position != second[1] || records[5].Position != twice[0]) {
		p.violated("records are at %+v and %+v, Append said %+v and %+v", records[4].Position, records[5].Position, second[1], twice[0])
	}
}

func checkKeyPerTopic(p *probe) {
	l := p.open(eventlog.Limits{})
	other := p.open(eventlog.Limits{})
	for _, topic := range []string{"a", "b"} {
		p.appendEntries(l, topic, keyedEntry("k", topic))
		p.appendEntries(other, topic, keyedEntry("k", "other "+topic))
		p.want("topic "+topic, p.all(l, topic), topic)
		p.want("topic "+topic+" of another log", p.all(other, topic), "other "+topic)
	}
	// Joined in any way, these topics and keys must not be taken for each other.
	p.appendEntries(l, "x", keyedEntry("y/z", "1"))
	p.appendEntries(l, "x/y", keyedEntry("z", "2"))
	p.appendEntries(l, "x.y", keyedEntry("z", "3"))
	p.appendEntries(l, "x", keyedEntry("y.z", "4"))
	p.appendEntries(l, "x", keyedEntry("y\x00z", "5"))
	p.appendEntries(l, "x\x00y", keyedEntry("z", "6"))
	p.want("topic x", p.all(l, "x"), "1", "4", "5")
	p.want("topic x/y", p.all(l, "x/y"), "2")
	p.want("topic x.y", p.all(l, "x.y"), "3")
	p.want("topic x\x00y", p.all(l, "x\x00y"), "6")
}

func checkKeyConcurrent(p *probe) {
	l := p.open(eventlog.Limits{})
	const at, keys = 8, 20
	var positions [at][keys]eventlog.Position
	ctx := p.soon()
	for k := range keys {
		var group sync.WaitGroup
		begin := make(chan struct{}) // all at once
		for a := range at {
			group.Go(func() {
				<-begin
				got, err := l.Append(ctx, "t", keyedEntry(fmt.Sprint("key ", k), fmt.Sprint(k)))
				if err != nil || len(got) != 1 {
					p.violated("Append, beside others: %d positions, error %v", len(got), err)
					return
				}
				positions[a][k] = got[0]
			})
		}
		close(begin)
		group.Wait()
	}
	for a := range at {
		if positions[a] != positions[0] {
			p.violated("one key has several positions")
			break
		}
	}
	p.want("Read", p.all(l, "t"), numbers(0, keys-1)...)
}
