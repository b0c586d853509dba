package openapi

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"

	"github.com/courant-dev/courant/model"
)

// sampler makes examples. An attribute has the user's example, else its
// default, else one that follows from its name, type and rules alone, so that
// it is the same wherever the attribute is shown.
//
// Every method returns nil when it finds no example.
type sampler struct {
	design *model.Design
	inside []string // keys of the user types that are being sampled
}

// What the sampler makes for times.
const (
	sampleTime       = "2026-01-15T09:30:00Z"
	sampleDuration   = "PT30S"
	sampleDurationMS = "30000"
)

// maxSamples is how many elements an example of a collection may have.
const maxSamples = 16

// all returns every example of the user for the attribute, or one that is made.
func (s *sampler) all(name string, a *model.Attribute) []json.RawMessage {
	given := a.Examples
	if given == nil && a.Type.Kind == model.User {
		given = s.design.Type(a.Type.Type).Examples
	}
	var out []json.RawMessage
	for _, v := range given {
		if c := compact(v); c != nil {
			out = append(out, c)
		}
	}
	if out == nil {
		out = list(s.attribute(name, a))
	}
	return out
}

// attribute returns the example of the attribute, as if it were called name.
func (s *sampler) attribute(name string, a *model.Attribute) json.RawMessage {
	if a.Examples != nil {
		return compact(a.Examples[0])
	}
	if a.Default != nil {
		return compact(a.Default)
	}
	if a.Type.Kind != model.User {
		return s.data(name, a.Type, a.Rules)
	}
	t := s.design.Type(a.Type.Type)
	if a.Rules.IsZero() || t.Def.Kind == model.Object {
		return s.user(t)
	}
	return s.data(name, t.Def, merge(a.Rules, t.Rules))
}

// user returns the example of a user type.
func (s *sampler) user(t *model.Type) json.RawMessage {
	if t.Examples != nil {
		return compact(t.Examples[0])
	}
	if slices.Contains(s.inside, t.Key) {
		return nil // it contains itself
	}
	s.inside = append(s.inside, t.Key)
	defer func() { s.inside = s.inside[:len(s.inside)-1] }()
	return s.data(t.Name, t.Def, t.Rules)
}

// data returns an example of the type that satisfies the rules.
func (s *sampler) data(name string, t *model.DataType, r model.Rules) json.RawMessage {
	if r.Enum != nil {
		return compact(r.Enum[0])
	}
	switch t.Kind {
	case model.Boolean:
		return json.RawMessage("true")
	case model.String:
		return sampleString(name, r)
	case model.Bytes:
		text, ok := fit(sampleText(name), r)
		if !ok {
			return nil
		}
		return quote(base64.StdEncoding.EncodeToString([]byte(text)))
	case model.Any:
		return quote("any value")
	case model.Timestamp:
		return quote(sampleTime)
	case model.Duration:
		return quote(sampleDuration)
	case model.Array:
		return s.array(name, t, r)
	case model.Map:
		return s.dictionary(t, r)
	case model.Object:
		return s.object(t.Attributes)
	default:
		return sampleNumber(name, t.Kind, r)
	}
}

// array returns as few elements as the rules allow, but one where they allow it.
func (s *sampler) array(name string, t *model.DataType, r model.Rules) json.RawMessage {
	n := atLeast(r, 1)
	elem := s.attribute(singular(name), t.Elem)
	if elem == nil {
		n = atLeast(r, 0)
	}
	if n > maxSamples || n > 0 && elem == nil {
		return nil
	}
	out, err := encode(slices.Repeat([]json.RawMessage{elem}, n))
	if err != nil || n == 0 {
		return json.RawMessage("[]")
	}
	return out
}

// dictionary returns a map with one entry, or with none where one cannot be
// made.
func (s *sampler) dictionary(t *model.DataType, r model.Rules) json.RawMessage {
	key, elem := s.attribute("key", t.Key), s.attribute("value", t.Elem)
	n := atLeast(r, 1)
	if key == nil || elem == nil {
		n = atLeast(r, 0)
	}
	switch n {
	case 0:
		return json.RawMessage("{}")
	case 1:
		out, err := encode(members[json.RawMessage]{{text(key), elem}})
		if err == nil && key != nil && elem != nil {
			return out
		}
	}
	return nil
}

// pick returns an example of an object of some attributes of the value: of its
// own example where it has one.
func (s *sampler) pick(value *model.Attribute, attributes []*model.Attribute) json.RawMessage {
	var whole map[string]json.RawMessage
	if examples := s.all(value.Name, value); examples == nil || json.Unmarshal(examples[0], &whole) != nil {
		return s.object(attributes)
	}
	var out members[json.RawMessage]
	for _, a := range attributes {
		if v, ok := whole[a.Name]; ok {
			out.set(a.Name, v)
		}
	}
	return ignore(encode(out))
}

// object returns an example with every attribute that has one; nil when one
// that has none is required.
func (s *sampler) object(attributes []*model.Attribute) json.RawMessage {
	var out members[json.RawMessage]
	for _, a := range attributes {
		v := s.attribute(a.Name, a)
		switch {
		case v != nil:
			out.set(a.Name, v)
		case a.Required:
			return nil
		}
	}
	return ignore(encode(out))
}

// ignore turns an error into no example.
func ignore(v json.RawMessage, err error) json.RawMessage {
	if err != nil {
		return nil
	}
	return v
}

// compact returns the constant in one line; nil when it is no JSON.
func compact(v *model.Value) json.RawMessage {
	var out bytes.Buffer
	if json.Compact(&out, []byte(v.JSON)) != nil {
		return nil
	}
	return out.Bytes()
}

// atLeast returns how many elements an example has where it would have n.
func atLeast(r model.Rules, n int) int {
	if r.MaxLength != nil {
		n = min(n, *r.MaxLength)
	}
	if r.MinLength != nil {
		n = max(n, *r.MinLength)
	}
	return n
}

// merge returns the rules of an attribute together with those of its type.
func merge(own, of model.Rules) model.Rules {
	if own.Enum == nil {
		own.Enum = of.Enum
	}
	if own.Format == 0 {
		own.Format = of.Format
	}
	if own.Pattern == "" {
		own.Pattern = of.Pattern
	}
	if own.Minimum == "" {
		own.Minimum = of.Minimum
	}
	if own.Maximum == "" {
		own.Maximum = of.Maximum
	}
	if own.MinLength == nil {
		own.MinLength = of.MinLength
	}
	if own.MaxLength == nil {
		own.MaxLength = of.MaxLength
	}
	return own
}
