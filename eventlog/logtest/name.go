package logtest

import (
	"errors"
	"fmt"
	"strings"

	"github.com/courant-dev/courant/eventlog"
)

func nameRules() []rule {
	return []rule{
		{
			name:     "topics are kept apart whatever their names",
			contract: "A topic is valid UTF-8 of 1 to 512 bytes; each is an ordered record of its own.",
			broken:   "who can choose a name reads or changes what is under another one.",
			check:    checkTopics,
		},
		{
			name:     "names that cannot be are refused",
			contract: "A topic, a key or the name of a log that is not valid UTF-8 of a length within the limits is a NameError.",
			broken:   "a bad name becomes another one, or an error that looks as if it were worth to try again.",
			check:    checkBadNames,
		},
		{
			name:     "logs of one store are apart",
			contract: "A log holds the topics of one kind; a store opens logs by name.",
			broken:   "events of one kind of topic turn up under another.",
			check:    checkLogs,
		},
		{
			name:     "a log that is opened twice is the same",
			contract: "A log that is opened twice by one name is the same log.",
			broken:   "one part of the program does not see what another one publishes.",
			check:    checkSameLog,
		},
	}
}

// hostile are names that a back end might take for something else, or for one
// another.
func hostile() []string {
	return []string{
		"a", "A", "a.b", "a/b", "a%2eb", "a%2Eb", "a%2fb", "a%2Fb", "a%252eb", "a_b", "a-b", "a b", "a+b", "a%20b", `a\b`, `a\.b`, "a=b", "a=2Eb", "a~b", "ab", "a..b", "a//b",
		"*", ">", "a.*", "a.>", "a.b.>", "*.b", ".", "..", ".a", "a.", "/", "/a", "a/", "//", "../a", "../../etc/passwd", "%", "%%", "%2", "%2e", "%00", "%s",
		" ", "  ", " a", "a ", "\t", "\n", "a\nb", "a\r\nb", "\x00", "a\x00b", "\x7f", "$", "$JS", "$KV.a", "_INBOX.a", "{a}", "a{b}c", "{", "}", "[a]", "a?", "?", "a:b", ":", "::", "a|b", "#", "@", "'", `"`, "`", ";", ",",
		"é", "e\u0301", "É", "日本語", "🎏", "👩‍👩‍👧", "\u200b", "\u202ea", "\ufeff", "\u2028", "ﬁ", "fi", "ß", "ss", "K", "k", "con", "nul",
		strings.Repeat("x", eventlog.MaxTopic), strings.Repeat("x", eventlog.MaxTopic-1), strings.Repeat("x", eventlog.MaxTopic-1) + "y",
		strings.Repeat("é", eventlog.MaxTopic/2), strings.Repeat(".", eventlog.MaxTopic), strings.Repeat("*", eventlog.MaxTopic), strings.Repeat("/", eventlog.MaxTopic), strings.Repeat("\x00", eventlog.MaxTopic),
	}
}

func checkTopics(p *probe) {
	l := p.open(eventlog.Limits{})
	topics := hostile()
	tails := map[string]*tail{}
	for i, topic := range topics {
		if i%8 == 0 {
			tails[topic] = p.tail(l, topic, eventlog.Position{})
		}
		if _, err := l.Append(p.soon(), topic, entry(topic)); err != nil {
			p.violated("appending to topic %q: %v", clip(topic), err)
		}
	}
	for _, topic := range topics {
		p.want(fmt.Sprintf("topic %q", clip(topic)), p.all(l, topic), topic)
	}
	for topic, f := range tails {
		p.want(fmt.Sprintf("Follow of topic %q", clip(topic)), f.wait(p, 1), topic)
	}
	for i, topic := range topics {
		if i%2 == 1 {
			p.must(l.Trim(p.soon(), topic, p.bounds(l, topic).End()), "trimming topic %q", clip(topic))
		}
	}
	for i, topic := range topics {
		want := []string{topic}
		if i%2 == 1 {
			want = nil
		}
		p.want(fmt.Sprintf("topic %q after others were trimmed", clip(topic)), p.all(l, topic), want...)
	}
}

// wantNameError checks that err is one of that kind.
func (p *probe) wantNameError(err error, kind, name, call string) {
	p.Helper()
	var e *eventlog.NameError
	if !errors.As(err, &e) || e.Kind != kind {
		p.violated("%s with %s %q: got error %v, want a *eventlog.NameError of a %s", call, kind, clip(name), err, kind)
	}
}

func checkBadNames(p *probe) {
	l := p.open(eventlog.Limits{})
	for _, topic := range []string{"", strings.Repeat("x", eventlog.MaxTopic+1), "\xff", "a\xc3", "\xed\xa0\x80"} {
		_, err := l.Append(p.soon(), topic, entry("x"))
		p.wantNameError(err, "topic", topic, "Append")
		_, err = p.read(l, topic, eventlog.Position{})
		p.wantNameError(err, "topic", topic, "Read")
		p.wantNameError(p.tail(l, topic, eventlog.Position{}).outcome(p), "topic", topic, "Follow")
		_, err = l.Bounds(p.soon(), topic)
		p.wantNameError(err, "topic", topic, "Bounds")
		p.wantNameError(l.Trim(p.soon(), topic, eventlog.Position{}), "topic", topic, "Trim")
	}
	for _, name := range []string{"", strings.Repeat("x", eventlog.MaxLogName+1), "\xff"} {
		_, err := p.store.Open(p.soon(), name, eventlog.Limits{})
		p.wantNameError(err, "log", name, "Open")
	}
	for _, key := range []string{strings.Repeat("x", eventlog.MaxKey+1), "\xff"} {
		_, err := l.Append(p.soon(), "t", entry("x"), keyedEntry(key, "x"))
		p.wantNameError(err, "key", key, "Append")
	}
	p.want("after an Append with a bad key", p.all(l, "t"))
	p.appendEntries(l, "t", keyedEntry(strings.Repeat("x", eventlog.MaxKey), "x"))
}

func checkLogs(p *probe) {
	base := p.name()
	names := []string{base + "a.b", base + "a/b", base + "a%2eb", base + "rooms/{room}", base + "*", base + ">", base + " ", base + "é🎏"}
	names = append(names, base+strings.Repeat("x", eventlog.MaxLogName-len(base)), base+strings.Repeat("x", eventlog.MaxLogName-len(base)-1))
	var logs []eventlog.Log
	for _, name := range names {
		logs = append(logs, p.openNamed(name, eventlog.Limits{}))
		p.append(logs[len(logs)-1], "t", name)
	}
	for i, l := range logs {
		p.want(fmt.Sprintf("log %q", names[i]), p.all(l, "t"), names[i])
	}
	b := p.bounds(logs[0], "t")
	p.must(logs[0].Trim(p.soon(), "t", b.End()), "trimming a topic of log %q", names[0])
	p.want("a topic of another log", p.all(logs[1], "t"), names[1])
}

func checkSameLog(p *probe) {
	name := p.name()
	a, b := p.openNamed(name, eventlog.Limits{}), p.openNamed(name, eventlog.Limits{})
	f := p.tail(b, "t", eventlog.Position{})
	positions := p.append(a, "t", "1")
	positions = append(positions, p.append(b, "t", "2")...)
	p.want("Read", p.all(a, "t"), "1", "2")
	p.want("Follow", f.wait(p, 2), "1", "2")
	if positions[0].Epoch != positions[1].Epoch {
		p.violated("opened twice, a log has the epochs %d and %d", positions[0].Epoch, positions[1].Epoch)
	}
}
