package eval

import (
	"slices"
	"strings"

	"github.com/courant-dev/courant/model"
)

// eventWords reads how one event becomes the fields of a Server-Sent Event.
type eventWords struct {
	b     *builder
	block *Call // the ServerSentEvents that maps
	event *model.Attribute
	owner string          // in messages
	used  map[string]bool // attributes that travel
}

// attribute returns the attribute that c names, or nil after saying so.
func (e *eventWords) attribute(c *Call, name string) *model.Attribute {
	b := e.b
	o := b.object(e.event.Type)
	if o == nil {
		b.fault(c, quote(name), "%s names an attribute, but %s is %s, no object", c.Word, e.owner, b.describe(e.event.Type))
		return nil
	}
	a := o.Attribute(name)
	if a == nil {
		if !b.incomplete[b.userType(e.event.Type)] {
			b.fault(c, quote(name), "unknown attribute %q: %s has none of this name%s", name, e.owner, nearest(name, attributeNames(o)))
		}
		return nil
	}
	e.used[name] = true
	return a
}

// data reads what the data of an event is.
func (e *eventWords) data() model.Content {
	named, bare := e.block.find("SSEEventData"), e.block.find("SSEEventValue")
	if len(e.block.Args) > 0 && e.block.Args[0] != nil {
		if extra := named; extra != nil || bare != nil {
			if extra == nil {
				extra = bare
			}
			e.b.fault(extra, "", "ServerSentEvents(%q) names the data already", e.block.str(0))
			return model.Content{Part: model.Whole}
		}
		if len(e.block.Args) > 1 || e.block.str(0) == "" {
			e.b.fault(e.block, literal(e.block.Args[0]), "ServerSentEvents takes the name of an attribute and a function")
			return model.Content{Part: model.Whole}
		}
		named = e.block
	}
	switch {
	case named != nil && bare != nil:
		e.b.fault(bare, "", "SSEEventValue and SSEEventData at %s both say what the data is", named.position())
	case bare != nil && len(bare.Args) > 0:
		if len(bare.Args) > 1 {
			e.b.fault(bare, quote(bare.str(1)), "SSEEventValue names one attribute; SSEEventData takes several")
		} else if a := e.attribute(bare, bare.str(0)); a != nil {
			return model.Content{Part: model.Bare, Attributes: []string{a.Name}}
		}
	case bare != nil:
		return model.Content{Part: model.Bare}
	case named != nil:
		return e.members(named)
	}
	return model.Content{Part: model.Whole}
}

func (e *eventWords) members(c *Call) model.Content {
	out := model.Content{Part: model.Members}
	for i := range c.Args {
		name := c.str(i)
		if e.used[name] {
			e.b.fault(c, quote(name), "attribute %q is named twice", name)
			continue
		}
		if e.attribute(c, name) != nil {
			out.Attributes = append(out.Attributes, name)
		}
	}
	if len(out.Attributes) == 0 {
		out.Part = model.Whole
	}
	return out
}

// withoutID is what the data of a topic has where nothing else is said: not the
// ID, which the log gives when the data is rendered already.
func (e *eventWords) withoutID(id string) model.Content {
	out := model.Content{Part: model.Members}
	for _, a := range e.b.object(e.event.Type).Attributes {
		if a.Name != id {
			out.Attributes = append(out.Attributes, a.Name)
		}
	}
	if len(out.Attributes) == 0 {
		out.Part = model.Whole
	}
	return out
}

// field reads the attribute that word names; fits says whether its type does.
func (e *eventWords) field(word, wants string, fits func(*model.DataType) bool) string {
	c := e.block.find(word)
	if c == nil {
		return ""
	}
	a := e.attribute(c, c.str(0))
	if a == nil {
		return ""
	}
	if a.Type != nil && !fits(a.Type) {
		e.b.fault(c, quote(a.Name), "the attribute of %s is %s; %q is %s", word, wants, a.Name, e.b.describe(a.Type))
		return ""
	}
	return a.Name
}

// isEventType reports whether t is String or a type made of it.
func (e *eventWords) isEventType(t *model.DataType) bool {
	u := e.b.underlying(t)
	return u == nil || u.Kind == model.String
}

// isEventID reports whether t is String or a type made of it that allows more
// than a few values.
func (e *eventWords) isEventID(t *model.DataType) bool {
	named := e.b.userType(t)
	return e.isEventType(t) && (named == nil || named.Rules.Enum == nil)
}

// isEventRetry reports whether t is an integer, a Duration or a type made of
// one.
func (e *eventWords) isEventRetry(t *model.DataType) bool {
	u := e.b.underlying(t)
	return u == nil || u.Kind.IsInteger() || u.Kind == model.Duration
}

// checkEventTypes refuses constants that are no event types.
func (e *eventWords) checkEventTypes(name string) {
	if name == "" {
		return
	}
	a := e.b.object(e.event.Type).Attribute(name)
	enum, at := a.Rules.Enum, e.b.from[a]
	if u := e.b.userType(a.Type); u != nil {
		if enum = append(slices.Clone(enum), u.Rules.Enum...); !u.Lifted {
			at = e.b.from[u]
		}
	}
	for _, v := range enum {
		switch typ := unquoteJSON(v.JSON); {
		case strings.HasPrefix(typ, "stream-"):
			e.b.fault(enumOf(at), v.JSON, "the event type %s has the prefix stream-, which belongs to control events", v.JSON)
		case strings.ContainsAny(typ, "\r\n\x00"):
			e.b.fault(enumOf(at), v.JSON, "the event type %s is not one line", v.JSON)
		}
	}
}

// enumOf returns the Enum that stands in c, or c.
func enumOf(c *Call) *Call {
	if e := c.find("Enum"); e != nil {
		return e
	}
	return c
}

// lost says which attributes travel nowhere.
func (e *eventWords) lost(data model.Content) {
	o := e.b.object(e.event.Type)
	if o == nil || data.Part == model.Whole || data.Part == model.Bare && len(data.Attributes) == 0 {
		return
	}
	for _, a := range o.Attributes {
		switch {
		case e.used[a.Name]:
		case a.Required:
			e.b.fault(e.block, "", "attribute %q of %s is required and travels nowhere: name it in SSEEventData", a.Name, e.owner)
		default:
			e.b.warn(e.block, "", "attribute %q of %s travels nowhere", a.Name, e.owner)
		}
	}
}
