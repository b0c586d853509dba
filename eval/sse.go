package eval

import (
	"strings"
	"time"

	"github.com/courant-dev/courant/model"
)

// HeartbeatOption changes how heartbeats are sent.
type HeartbeatOption int

// AsEvent makes heartbeats events that the code of a page can see.
const AsEvent HeartbeatOption = 1

// sseWords are the blocks of ServerSentEvents that speak for one method: its
// own, its service's and its API's, the nearest first. The nearest maps; what
// it does not say of heartbeats and control events, the others may.
type sseWords struct{ blocks []*Call }

// sseOf returns what speaks for the method, or nil.
func (b *builder) sseOf(m *method) *sseWords {
	own := find(m.http, "ServerSentEvents")
	if m.model.Event == nil {
		if own != nil {
			b.fault(own, "", "ServerSentEvents needs a StreamingResult, and method %q has none", m.model.Name)
		}
		return nil
	}
	w := &sseWords{}
	for _, level := range [][]*Call{m.http, m.service.http, b.apiHTTP()} {
		if c := find(level, "ServerSentEvents"); c != nil {
			w.blocks = append(w.blocks, c)
		}
	}
	if len(w.blocks) == 0 {
		b.fault(m.call.find("HTTP"), "", "a stream without ServerSentEvents is a WebSocket, which is not built yet: add ServerSentEvents() to the HTTP of method %q", m.model.Name)
		return nil
	}
	return w
}

// find returns the word of the nearest block that says it.
func (w *sseWords) find(word string) *Call {
	for _, block := range w.blocks {
		if c := block.find(word); c != nil {
			return c
		}
	}
	return nil
}

// requestID maps the attribute of SSERequestID. What carries the last event ID
// carries nothing else, for a Topic too.
func (b *builder) requestID(m *method, p *mapping, w *sseWords) {
	if w == nil {
		return
	}
	c := w.blocks[0].find("SSERequestID")
	if c != nil {
		p.requestID = b.requestIDOf(p, c)
	}
	topic := m.call.find("Topic")
	switch {
	case p.requestID == nil && topic == nil:
		return
	case p.requestID == nil:
		c = topic
	}
	for wire, what := range map[string]string{
		"header last-event-id": "header Last-Event-ID", "query last_event_id": "query parameter last_event_id",
	} {
		if first := p.wires[wire]; first != nil {
			b.fault(first, quote(first.str(0)), "the %s is that of %s at %s", what, c.Word, c.position())
			return
		}
	}
	if a := p.requestID; a == nil || p.use(c, a, quote(a.Name)) {
		if a != nil {
			a.Plain = !a.Required
		}
		p.wires["query last_event_id"] = c
	}
}

// requestIDOf returns the attribute that the SSERequestID c names, or nil.
func (b *builder) requestIDOf(p *mapping, c *Call) *model.Attribute {
	name := c.str(0)
	if p.value != nil && p.object == nil {
		b.fault(c, quote(name), "SSERequestID names an attribute, but %s is no object", p.owner)
		return nil
	}
	a := p.find(c, name, quote(name))
	if a == nil || a.Type == nil {
		return nil
	}
	if a.Type.Kind != model.String {
		b.fault(c, quote(name), "the attribute of SSERequestID is a String; %q is %s", name, b.describe(a.Type))
		return nil
	}
	return a
}

// stream says how the events of m travel.
func (b *builder) stream(m *method, p *mapping, w *sseWords) *model.StreamSSE {
	s := &model.StreamSSE{Data: model.Content{Part: model.Whole}}
	if w == nil {
		return s
	}
	b.controlEvents(s, w)
	block, event := w.blocks[0], m.model.Event
	if c := block.find("SSERequestID"); c != nil && p.has(c.str(0)) {
		s.RequestID = c.str(0)
	}
	if b.underlying(event.Type) == nil {
		return s
	}
	e := &eventWords{b, block, event, "the event of method " + quote(m.model.Name), map[string]bool{}}
	before := len(b.problems)
	s.Data = e.data()
	s.EventType = e.field("SSEEventType", "String", e.isEventType)
	s.EventID = e.field("SSEEventID", "String", e.isEventID)
	s.EventRetry = e.field("SSEEventRetry", "Int, UInt or Duration", e.isEventRetry)
	e.checkEventTypes(s.EventType)
	if len(b.problems) == before {
		e.lost(s.Data)
	}
	if m.call.find("Topic") != nil && s.EventID != "" && s.Data.Part == model.Whole {
		s.Data = e.withoutID(s.EventID)
	}
	return s
}

// controlEvents reads what is inherited word by word.
func (b *builder) controlEvents(s *model.StreamSSE, w *sseWords) {
	done, control, beat := w.find("SSEDone"), w.find("SSEControlEvents"), w.find("SSEHeartbeat")
	if control != nil {
		on, _ := control.Args[0].(bool)
		s.NoControlEvents = !on
		if on && done != nil && done.parent == control.parent {
			b.fault(control, "", "SSEDone at %s takes the place of the control event stream-end", done.position())
		}
	}
	if done != nil {
		s.Done = done.str(0)
		if s.Done == "" || strings.ContainsAny(s.Done, "\r\n\x00") {
			b.fault(done, quote(s.Done), "the text of SSEDone is one line and not empty")
		}
	}
	if beat == nil {
		return
	}
	d, ok := durationOf(beat.Args[0])
	if n, isInt := beat.Args[0].(int); isInt && n == 0 {
		ok = true
	}
	if !ok || d < 0 || d > 0 && d < time.Millisecond {
		b.fault(beat, literal(beat.Args[0]), "SSEHeartbeat wants a duration such as \"15s\", or \"0\" for none, not %s", kindOf(beat.Args[0]))
		return
	}
	s.Heartbeat = &d
	s.HeartbeatAsEvent = len(beat.Args) > 1
	if s.HeartbeatAsEvent && s.NoControlEvents {
		b.fault(beat, "", "a heartbeat AsEvent is a control event, and SSEControlEvents at %s switches them off", control.position())
	}
	if s.HeartbeatAsEvent && d == 0 {
		b.fault(beat, "", "SSEHeartbeat with 0 sends none: AsEvent says nothing")
	}
}
