package openapi

import (
	"bytes"
	"encoding/json"
)

// members is a JSON object whose members keep their order.
type members[V any] []member[V]

type member[V any] struct {
	name  string
	value V
}

// set appends a member, or replaces the one with the name.
func (m *members[V]) set(name string, value V) {
	for i := range *m {
		if (*m)[i].name == name {
			(*m)[i].value = value
			return
		}
	}
	*m = append(*m, member[V]{name, value})
}

// get returns the value of the member, or the zero value.
func (m members[V]) get(name string) (value V, ok bool) {
	for _, x := range m {
		if x.name == name {
			return x.value, true
		}
	}
	return value, false
}

// MarshalJSON implements [json.Marshaler].
func (m members[V]) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, x := range m {
		if i > 0 {
			out = append(out, ',')
		}
		name, err := encode(x.name)
		if err != nil {
			return nil, err
		}
		value, err := encode(x.value)
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, name...), ':'), value...)
	}
	return append(out, '}'), nil
}

// encode returns v as JSON that leaves <, > and & as they are.
func encode(v any) (json.RawMessage, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte{'\n'}), nil
}

// quote returns s as a JSON string.
func quote(s string) json.RawMessage {
	out, err := encode(s)
	if err != nil {
		return json.RawMessage(`""`) // a string always encodes
	}
	return out
}
