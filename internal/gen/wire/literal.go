package wire

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/courant-dev/courant/internal/gen/gotree"
	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// width is the length up to which a literal stands in one line.
const width = 90

// literal writes a composite literal, in one line if it is short. Elements that
// are empty are left out.
func literal(typ string, elements ...string) string {
	var kept []string
	for _, e := range elements {
		if e != "" {
			kept = append(kept, e)
		}
	}
	line := typ + "{" + strings.Join(kept, ", ") + "}"
	if len(line) <= width && !strings.Contains(line, "\n") {
		return line
	}
	return typ + "{\n" + strings.Join(kept, ",\n") + ",\n}"
}

// text writes a field that holds a string, unless it is empty.
func text(field, value string) string {
	if value == "" {
		return ""
	}
	return field + ": " + strconv.Quote(value)
}

// flag writes a field that is set.
func flag(field string, set bool) string {
	if !set {
		return ""
	}
	return field + ": true"
}

func (p *printer) routes(h *model.HTTP) string {
	routes := make([]string, len(h.Routes))
	for i, r := range h.Routes {
		routes[i] = fmt.Sprintf("{Verb: %q, Path: %q}", r.Verb, r.Path)
	}
	return "Routes: " + literal("[]"+p.courant("Route"), routes...)
}

// request returns the field Request, or "" when the payload is the body.
func (p *printer) request(m *model.Method) string {
	id := ""
	if m.HTTP.Stream != nil {
		id = m.HTTP.Stream.RequestID
	}
	if m.Payload == nil || (len(m.HTTP.Params) == 0 && m.HTTP.Body.Part == model.Whole && id == "") {
		return ""
	}
	return "Request: " + literal(p.courant("Request"),
		p.params("Params", m.HTTP.Params), p.content("Body", m.HTTP.Body), text("LastEventID", id))
}

// response returns the field Response, or "" when the result is the body of a
// plain 200.
func (p *printer) response(r *model.Response) string {
	if r == nil || (r.Status == 200 && len(r.Headers) == 0 && r.Body.Part == model.Whole) {
		return ""
	}
	return "Response: " + literal(p.courant("Response"),
		"Status: "+strconv.Itoa(r.Status), p.params("Headers", r.Headers), p.content("Body", r.Body))
}

// events returns the field Events, or "" when the event is the data.
func (p *printer) events(e *model.StreamSSE) string {
	if e == nil {
		return ""
	}
	heartbeat := ""
	if e.Heartbeat != nil {
		heartbeat = "Heartbeat: " + p.duration(*e.Heartbeat)
	}
	events := literal(p.courant("Events"),
		text("Type", e.EventType), text("ID", e.EventID), text("Retry", e.EventRetry), p.content("Data", e.Data),
		text("Done", e.Done), flag("NoControlEvents", e.NoControlEvents),
		heartbeat, flag("HeartbeatEvent", e.HeartbeatAsEvent))
	if strings.HasSuffix(events, "{}") {
		return ""
	}
	return "Events: " + events
}

// duration writes a heartbeat or an age; no heartbeat is negative.
func (p *printer) duration(d time.Duration) string {
	unit, name := time.Millisecond, "Millisecond"
	switch {
	case d == 0:
		return "-1"
	case d%time.Hour == 0:
		unit, name = time.Hour, "Hour"
	case d%time.Minute == 0:
		unit, name = time.Minute, "Minute"
	case d%time.Second == 0:
		unit, name = time.Second, "Second"
	case d%time.Millisecond != 0:
		unit, name = time.Nanosecond, "Nanosecond"
	}
	return fmt.Sprint(int64(d/unit), " * ", p.Ident(gotree.Time, name))
}

// topic returns the field Topic.
func (p *printer) topic(t *model.Topic) string {
	events, age, onGap := "", "", ""
	if t.MaxEvents > 0 {
		events = "MaxEvents: " + strconv.Itoa(t.MaxEvents)
	}
	if t.MaxAge > 0 {
		age = "MaxAge: " + p.duration(t.MaxAge)
	}
	if t.OnGap != model.GapContinue {
		onGap = "OnGap: " + p.courant(policies[t.OnGap])
	}
	return "Topic: " + literal(p.courant("Topic"), text("Pattern", t.Pattern), events, age, onGap)
}

var policies = map[model.GapPolicy]string{model.GapFail: "GapFail", model.GapRestart: "GapRestart"}

var places = map[model.In]string{model.InPath: "InPath", model.InQuery: "InQuery", model.InHeader: "InHeader"}

func (p *printer) params(field string, params []*model.Param) string {
	if len(params) == 0 {
		return ""
	}
	elements := make([]string, len(params))
	for i, a := range params {
		elements[i] = literal("", "In: "+p.courant(places[a.In]), text("Attribute", a.Attribute), text("Name", a.Name))
	}
	return field + ": " + literal("[]"+p.courant("Param"), elements...)
}

// content returns the field for c, or "" for the whole value.
func (p *printer) content(field string, c model.Content) string {
	quoted := make([]string, len(c.Attributes))
	for i, a := range c.Attributes {
		quoted[i] = strconv.Quote(a)
	}
	var constructor string
	switch {
	case c.Part == model.Nothing:
		constructor = "Nothing"
	case c.Part == model.Members:
		constructor = "Members"
	case c.Part == model.Bare && len(quoted) > 0:
		constructor = "Bare"
	case c.Part == model.Bare:
		constructor = "BareValue"
	default:
		return ""
	}
	return field + ": " + p.courant(constructor) + "(" + strings.Join(quoted, ", ") + ")"
}

func (p *printer) errors(m *model.Method) string {
	elements := make([]string, len(m.Errors))
	for i, e := range m.Errors {
		typ := goname.Exported(e.Name) + "Error"
		if e.Type != "" {
			typ = goname.Exported(p.tree.Design.Type(e.Type).Name)
		}
		elements[i] = fmt.Sprintf("{Name: %q, Status: %d, ", e.Name, e.Status)
		if e.Temporary {
			elements[i] += "Temporary: true, "
		}
		elements[i] += "New: func() error { return new(" + p.Ident(p.tree.Service(p.service), typ) + ") }}"
	}
	return "Errors: " + literal("[]"+p.courant("DeclaredError"), elements...)
}
