package eval

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/courant-dev/courant/model"
)

// longestPattern is how many bytes the name of a log may have; the pattern is
// the name.
const longestPattern = 128

// topic reads the Topic of m, once it is known how m travels.
func (b *builder) topic(m *method, p *mapping) *model.Topic {
	c := m.call.find("Topic")
	if c == nil || !b.canHaveTopic(m, c) {
		return nil
	}
	t := &model.Topic{Pattern: c.str(0), OnGap: model.GapContinue}
	names, fault := topicAttributes(t.Pattern)
	if fault != "" {
		b.fault(c, quote(t.Pattern), "topic %q: %s", t.Pattern, fault)
	}
	for _, name := range names {
		if b.checkTopicAttribute(m, c, p, name) {
			t.Attributes = append(t.Attributes, name)
		}
	}
	b.limits(c, t)
	b.onGap(m, c, t)
	if first := b.topics[t.Pattern]; first != nil {
		b.fault(c, quote(t.Pattern), "methods %q and %q at %s both have the topic %q: the events of a topic are those of one method",
			m.service.model.Name+"."+m.model.Name, first.service.model.Name+"."+first.model.Name, first.call.find("Topic").position(), t.Pattern)
	} else {
		b.topics[t.Pattern] = m
	}
	return t
}

// canHaveTopic reports whether m streams out; where it does not, it says so.
func (b *builder) canHaveTopic(m *method, c *Call) bool {
	switch {
	case m.model.Event == nil:
		b.fault(c, quote(c.str(0)), "Topic needs a StreamingResult, and method %q has none", m.model.Name)
	case !m.hasHTTP:
		b.fault(c, quote(c.str(0)), "Topic needs ServerSentEvents in the HTTP of method %q, which has no HTTP", m.model.Name)
	default:
		return true
	}
	return false
}

// topicAttributes returns the names in the braces of a pattern, or what is wrong
// with it.
func topicAttributes(pattern string) (names []string, fault string) {
	switch trimmed := strings.Trim(pattern, "/"); {
	case len(pattern) > longestPattern:
		return nil, fmt.Sprintf("it has %d bytes, %d is the limit", len(pattern), longestPattern)
	case !utf8.ValidString(pattern):
		return nil, "it is not UTF-8"
	case trimmed == "":
		return nil, "a name such as \"rooms/{room}\" is wanted"
	case trimmed != pattern:
		return nil, "it neither begins nor ends with a slash; " + quote(trimmed) + " is meant"
	}
	for segment := range strings.SplitSeq(pattern, "/") {
		name, fault := topicSegment(segment)
		switch {
		case fault != "":
			return nil, fault
		case slices.Contains(names, name):
			return nil, "{" + name + "} stands twice in it"
		case name != "":
			names = append(names, name)
		}
	}
	return names, ""
}

// topicSegment returns the attribute that a segment of a pattern names, or ""
// for a literal.
func topicSegment(s string) (attribute, fault string) {
	unfit := func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }
	name, opened := strings.CutPrefix(s, "{")
	name, closed := strings.CutSuffix(name, "}")
	switch {
	case s == "":
		return "", "it has an empty segment"
	case strings.ContainsFunc(s, unfit):
		return "", "a space, a backslash or a control character cannot stand in it"
	case s[0] == ':' && isIdentifier(s[1:]):
		return "", "an attribute is written {" + s[1:] + "}, not " + s
	case strings.Count(s, "{") != strings.Count(s, "}"):
		return "", "the braces of " + s + " do not match"
	case !strings.ContainsAny(s, "{}"):
		return "", ""
	case !opened || !closed || strings.ContainsAny(name, "{}"):
		return "", "an attribute such as {room} must be a whole segment, " + s + " is not"
	case name == "":
		return "", "{} names no attribute"
	case name[0] == '*' || strings.HasSuffix(name, "..."):
		return "", s + " is a wildcard of a path; a topic has attributes such as {room}"
	}
	return name, ""
}

// checkTopicAttribute reports whether every payload of m has a text for the
// attribute that a pattern names.
func (b *builder) checkTopicAttribute(m *method, c *Call, p *mapping, name string) bool {
	text := quote(c.str(0))
	if p.value == nil {
		b.fault(c, text, "the topic has {%s}, but method %q has no payload", name, m.model.Name)
		return false
	}
	if p.broken() || b.incomplete[b.userType(p.value.Type)] && !p.has(name) {
		return false // reported
	}
	if p.object == nil {
		b.fault(c, text, "the topic has {%s}, but %s is %s, no object", name, p.owner, b.describe(p.value.Type))
		return false
	}
	a := p.object.Attribute(name)
	if a == nil {
		b.fault(c, text, "the topic has {%s}, but %s has no attribute %q%s", name, p.owner, name, nearest(name, attributeNames(p.object)))
		return false
	}
	u := b.underlying(a.Type)
	switch {
	case u == nil: // reported
	case a == p.requestID:
		b.fault(c, text, "attribute %q is the last event ID: it cannot be in the topic", name)
	case u.Kind != model.String && u.Kind != model.Boolean && !u.Kind.IsInteger():
		b.fault(c, text, "the attributes in a topic are String, integers or Boolean; %q is %s", name, b.describe(a.Type))
	case !a.Required && a.Default == nil:
		b.fault(c, text, "attribute %q of %s is optional: in a topic it is Required or has a Default", name, p.owner)
	default:
		return true
	}
	return false
}

// limits reads what is kept.
func (b *builder) limits(c *Call, t *model.Topic) {
	if n := c.find("MaxEvents"); n != nil {
		t.MaxEvents, _ = n.Args[0].(int)
		if t.MaxEvents < 1 {
			b.fault(n, literal(n.Args[0]), "MaxEvents wants the number of events to keep, 1 or more, not %d", t.MaxEvents)
		}
	}
	if age := c.find("MaxAge"); age != nil {
		d, ok := durationOf(age.Args[0])
		if !ok || d < time.Second {
			b.fault(age, literal(age.Args[0]), "MaxAge wants a duration of a second or more, such as \"24h\", not %s", kindOf(age.Args[0]))
		}
		t.MaxAge = d
	}
}

// onGap reads what a client gets that has missed events. To tell it needs
// control events.
func (b *builder) onGap(m *method, c *Call, t *model.Topic) {
	at := c
	if o := c.find("OnGap"); o != nil {
		at = o
		t.OnGap, _ = o.Args[0].(model.GapPolicy)
		if t.OnGap < model.GapContinue || t.OnGap > model.GapRestart {
			b.fault(o, "", "OnGap wants GapContinue, GapFail or GapRestart, not %d", int(t.OnGap))
			return
		}
	}
	if s := m.model.HTTP.Stream; s != nil && s.NoControlEvents && t.OnGap != model.GapFail {
		b.warn(at, "", "method %q has no control events: nobody is told of a gap; OnGap(GapFail) fails instead", m.model.Name)
	}
}
