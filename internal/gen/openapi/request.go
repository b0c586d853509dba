package openapi

import (
	"strconv"

	"github.com/courant-dev/courant/model"
)

const restText = "The rest of the path, with its slashes."

// parameters describes what of the payload travels outside the body of a
// request to the route.
func (b *builder) parameters(m *model.Method, at route) []*parameter {
	var out []*parameter
	for _, p := range m.HTTP.Params {
		a := b.member(m.Payload, p.Attribute)
		param := &parameter{Name: p.Name, In: p.In.String(), Description: a.Description}
		// A list without elements travels as no parameter at all.
		param.Required = a.Required && a.Type.Kind != model.Array
		if p.In == model.InPath {
			name, ok := at.wire[p.Name]
			if !ok {
				continue // of another route of the method
			}
			param.Name, param.Required = name, true
			if name == at.rest {
				param.Description = paragraphs(a.Description, restText)
			}
		}
		param.Schema, param.Content = b.textOrJSON(p.Name, a)
		if param.Schema != nil && param.Schema.Examples == nil {
			param.Example = b.components.sampler.attribute(p.Name, a)
		}
		out = append(out, param)
	}
	if canResume(m) {
		out = append(out, b.lastEventID(m, out)...)
	}
	return out
}

// lastEventID describes the two places of the last event ID, as far as the
// parameters do not have them already. Where it is required, one of the two
// is: OpenAPI cannot say that.
func (b *builder) lastEventID(m *model.Method, have []*parameter) []*parameter {
	a := &model.Attribute{Type: &model.DataType{Kind: model.String}}
	if id := m.HTTP.Stream.RequestID; id != "" {
		a = b.member(m.Payload, id)
	}
	required := ""
	if a.Required {
		required = "Required here or in the other place."
	}
	all := []*parameter{
		{Name: "Last-Event-ID", In: model.InHeader.String(), Description: paragraphs(a.Description,
			"The stream goes on after the event with this ID. An EventSource sends the header by itself when it reconnects.", required)},
		{Name: "last_event_id", In: model.InQuery.String(), Description: paragraphs(a.Description,
			"The same for the first connection of a browser, which cannot set headers. The header wins.", required)},
	}
	var out []*parameter
	for _, p := range all {
		p.Schema = b.components.attributeSchema(m.HTTP.Stream.RequestID, a)
		p.Schema.Description = ""
		if m.Topic != nil && a.Examples == nil {
			p.Schema.Examples = list(quote(sampleID))
		}
		if !hasParameter(have, p) {
			out = append(out, p)
		}
	}
	return out
}

func hasParameter(have []*parameter, p *parameter) bool {
	for _, h := range have {
		if h.In == p.In && h.Name == p.Name {
			return true
		}
	}
	return false
}

// textOrJSON returns a schema for a value that travels as text, an array of
// such values included, and content for one that travels as JSON text.
func (b *builder) textOrJSON(name string, a *model.Attribute) (*schema, members[*mediaType]) {
	s := b.components.attributeSchema(name, a)
	s.Description = "" // the parameter has it
	if b.isText(a.Type, true) {
		return s, nil
	}
	media := &mediaType{Schema: s, Example: b.components.sampler.attribute(name, a)}
	return nil, members[*mediaType]{{jsonType, media}}
}

// isText reports whether a value of the type is one text, or several where
// arrays may be.
func (b *builder) isText(t *model.DataType, arrays bool) bool {
	if t.Kind == model.User {
		t = b.design.Type(t.Type).Def
	}
	if t.Kind == model.Array && arrays {
		return b.isText(t.Elem.Type, false)
	}
	return t.Kind.IsPrimitive() && t.Kind != model.Any
}

func (b *builder) requestBody(m *model.Method) *requestBody {
	media := b.body(m.Payload, m.HTTP.Body)
	if media == nil {
		return nil
	}
	return &requestBody{Required: true, Content: members[*mediaType]{{jsonType, media}}}
}

// body describes the part of a value that travels in a body as JSON; nil for
// nothing.
func (b *builder) body(value *model.Attribute, c model.Content) *mediaType {
	if value == nil {
		return nil
	}
	switch c.Part {
	case model.Whole:
		return b.media(value)
	case model.Members:
		attributes := b.named(value, c.Attributes)
		return &mediaType{Schema: b.components.objectSchema(attributes), Example: b.components.sampler.pick(value, attributes)}
	case model.Bare:
		return b.media(b.bare(value, c))
	case model.Nothing:
	}
	return nil
}

// media describes a whole value as JSON, with its example or, where the user
// gave several, with all of them.
func (b *builder) media(a *model.Attribute) *mediaType {
	out := &mediaType{Schema: b.components.attributeSchema("", a)}
	given := a.Examples
	if given == nil && a.Type.Kind == model.User {
		given = b.design.Type(a.Type.Type).Examples
	}
	if len(given) < 2 {
		out.Example = b.components.sampler.attribute(a.Name, a)
		return out
	}
	for i, v := range given {
		out.Examples.set(strconv.Itoa(i+1), &example{Summary: v.Summary, Value: compact(v)})
	}
	return out
}

// named returns the attributes of the value with the names.
func (b *builder) named(value *model.Attribute, names []string) []*model.Attribute {
	var out []*model.Attribute
	for _, name := range names {
		out = append(out, b.member(value, name))
	}
	return out
}

// bare returns the attribute that travels bare, which may be the value itself.
func (b *builder) bare(value *model.Attribute, c model.Content) *model.Attribute {
	if len(c.Attributes) == 0 {
		return value
	}
	return b.member(value, c.Attributes[0])
}

// paragraphs joins what is not empty.
func paragraphs(all ...string) string {
	out := ""
	for _, p := range all {
		if out != "" && p != "" {
			out += "\n\n"
		}
		out += p
	}
	return out
}
