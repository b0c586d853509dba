package openapi

import (
	"encoding/json"
	"strings"

	"github.com/courant-dev/courant/model"
)

// wireExample returns a whole stream as it travels: a frame for each example of
// the event, and the end. Empty when there is no example.
func (b *builder) wireExample(m *model.Method) string {
	var out strings.Builder
	for _, value := range b.components.sampler.all(m.Event.Name, m.Event) {
		out.WriteString(b.frame(m, value))
	}
	if out.Len() == 0 {
		return ""
	}
	switch stream := m.HTTP.Stream; {
	case stream.Done != "":
		out.WriteString(field("data", stream.Done) + "\n")
	case hasStreamEnd(stream):
		out.WriteString("event: stream-end\nid: stream-end\ndata: {}\n\n")
	}
	return out.String()
}

// frame returns the bytes of one event. The value is the whole event as JSON.
func (b *builder) frame(m *model.Method, value json.RawMessage) string {
	stream := m.HTTP.Stream
	var object map[string]json.RawMessage
	if kind(b.design, m.Event.Type) == model.Object && json.Unmarshal(value, &object) != nil {
		return "" // the example is no object
	}
	var out strings.Builder
	write := func(name, attribute string) {
		if v, ok := object[attribute]; ok && attribute != "" {
			out.WriteString(field(name, text(v)))
		}
	}
	write("event", stream.EventType)
	if m.Topic != nil {
		out.WriteString(field("id", sampleID))
		b.emptyID(m, object)
	} else {
		write("id", stream.EventID)
	}
	if v, ok := object[stream.EventRetry]; ok && stream.EventRetry != "" {
		out.WriteString(retryField(v))
	}
	out.WriteString(field("data", b.frameData(m.Event, value, object, stream.Data)))
	return out.String() + "\n"
}

// frameData returns the data of the event.
func (b *builder) frameData(event *model.Attribute, value json.RawMessage, object map[string]json.RawMessage, c model.Content) string {
	switch c.Part {
	case model.Members:
		var part members[json.RawMessage]
		for _, name := range c.Attributes {
			if v, ok := object[name]; ok {
				part.set(name, v)
			}
		}
		data, err := encode(part)
		if err != nil {
			return ""
		}
		return string(data)
	case model.Bare:
		if len(c.Attributes) > 0 {
			value = object[c.Attributes[0]]
		}
		k := kind(b.design, b.bare(event, c).Type)
		if k == model.String || k == model.Bytes {
			return text(value)
		}
		if value == nil {
			return "null"
		}
	case model.Whole:
	case model.Nothing:
		return ""
	}
	return string(value)
}

// field returns the lines of a field.
func field(name, value string) string {
	var out strings.Builder
	value = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(value)
	for line := range strings.Lines(value + "\n") {
		out.WriteString(name + ": " + line)
	}
	return out.String()
}

// retryField returns the line of a reconnection time; of a Duration only where
// it is the one that the sampler makes.
func retryField(v json.RawMessage) string {
	switch s := text(v); {
	case s == sampleDuration:
		return field("retry", sampleDurationMS)
	case strings.Trim(s, "0123456789") == "":
		return field("retry", s)
	}
	return ""
}

// text returns the string that v holds, or v itself when it is no string.
func text(v json.RawMessage) string {
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}
