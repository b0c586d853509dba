package openapi

import (
	"slices"

	"github.com/courant-dev/courant/model"
)

// stream describes the answer of a method that streams.
func (b *builder) stream(m *model.Method) *response {
	media := &mediaType{ItemSchema: b.itemSchema(m)}
	if text := b.wireExample(m); text != "" {
		media.Examples.set("stream", &example{Summary: "The bytes on the wire", SerializedValue: text})
	}
	description := m.Event.Description
	if description == "" {
		description = "A stream of Server-Sent Events."
	}
	description = paragraphs(description, resumeText(m))
	return &response{Description: description, Content: members[*mediaType]{{"text/event-stream", media}}}
}

// itemSchema describes one event after it was parsed: an event of the method,
// the sentinel or a control event. Where every event names its type they are
// alternatives of a oneOf; elsewhere of an anyOf, because tools cannot see that
// no event is two of them.
func (b *builder) itemSchema(m *model.Method) *schema {
	stream := m.HTTP.Stream
	event := b.eventSchema(m)
	alternatives := []*schema{event}
	if stream.Done != "" {
		sentinel := &schema{Type: "object", Description: "The stream is complete.", Required: []string{"data"}}
		sentinel.Properties.set("event", &schema{Const: quote("message")})
		sentinel.Properties.set("data", &schema{Const: quote(stream.Done)})
		alternatives = append(alternatives, sentinel)
	}
	for _, o := range controlEvents(m) {
		alternatives = append(alternatives, b.components.ownRef(o))
	}
	switch {
	case len(alternatives) == 1:
		return event
	case stream.Done == "" && slices.Contains(event.Required, "event"):
		return &schema{OneOf: alternatives}
	}
	return &schema{AnyOf: alternatives}
}

// eventSchema describes an event of the method, in the order of the fields on
// the wire.
func (b *builder) eventSchema(m *model.Method) *schema {
	s := &schema{Type: "object"}
	add := func(name, attribute string, of func(*model.Attribute) *schema) {
		if attribute == "" {
			return
		}
		a := b.member(m.Event, attribute)
		s.Properties.set(name, of(a))
		if a.Required {
			s.Required = append(s.Required, name)
		}
	}
	stream := m.HTTP.Stream
	if stream.EventType == "" {
		s.Properties.set("event", &schema{Const: quote("message"), Description: "Not on the wire: the type of an event that names none."})
	}
	add("event", stream.EventType, b.eventTypeSchema)
	if m.Topic != nil {
		s.Properties.set("id", topicIDSchema())
	} else {
		add("id", stream.EventID, func(a *model.Attribute) *schema { return b.components.attributeSchema(a.Name, a) })
	}
	add("retry", stream.EventRetry, func(a *model.Attribute) *schema { return retrySchema(a.Description) })
	s.Properties.set("data", b.dataSchema(m.Event, stream.Data))
	s.Required = append(s.Required, "data")
	return s
}

// eventTypeSchema is the schema of the event type. Where it is free text it
// leaves out the types of control events.
func (b *builder) eventTypeSchema(a *model.Attribute) *schema {
	s := b.components.attributeSchema(a.Name, a)
	if b.isEnum(a) {
		return s
	}
	free := &schema{Pattern: "^stream-"}
	if s.Ref != "" {
		return &schema{AllOf: []*schema{s}, Not: free}
	}
	s.Not = free
	return s
}

func (b *builder) isEnum(a *model.Attribute) bool {
	if a.Rules.Enum != nil {
		return true
	}
	return a.Type.Kind == model.User && b.design.Type(a.Type.Type).Rules.Enum != nil
}

// dataSchema describes the data of an event: text, or a string that holds
// JSON.
func (b *builder) dataSchema(event *model.Attribute, c model.Content) *schema {
	switch c.Part {
	case model.Whole:
		return jsonString(b.components.attributeSchema("", event))
	case model.Members:
		return jsonString(b.components.objectSchema(b.named(event, c.Attributes)))
	case model.Bare:
		return b.bareSchema(b.bare(event, c))
	case model.Nothing:
	}
	return &schema{Const: quote("")}
}

// bareSchema describes a bare value: a String as its text, Bytes as base64,
// anything else as JSON. Where it is absent it is null, or an empty text.
func (b *builder) bareSchema(a *model.Attribute) *schema {
	s := b.components.attributeSchema(a.Name, a)
	k := kind(b.design, a.Type)
	optional := !a.Required && a.Default == nil
	switch {
	case k == model.String || k == model.Bytes:
		if optional && (a.Type.Kind == model.User || !a.Rules.IsZero()) {
			return &schema{AnyOf: []*schema{s, {Const: quote("")}}}
		}
		return s
	case optional && k != model.Any:
		s = &schema{AnyOf: []*schema{s, {Type: "null"}}}
	}
	return jsonString(s)
}
