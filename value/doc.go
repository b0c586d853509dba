// Package value owns the JSON and text forms of a design's values: how what
// travels is written and read, whatever carries it.
//
// It knows nothing of HTTP or of events, does not check the rules of a design
// (package valid does), and imports the standard library only.
//
// # Values
//
// A value is anything a generated type can hold: booleans, integers, floats,
// strings, []byte, [time.Time], [time.Duration], any, slices, maps, structs,
// pointers to these, and named types made of them. The names and the
// presence of attributes come from struct tags:
//
//	Title string        `json:"title"`                // required
//	Note  *string       `json:"note,omitzero"`        // optional, nil is absent
//	Tags  []string      `json:"tags,omitzero"`        // optional, nil is absent
//	Limit int64         `json:"limit" default:"10"`   // absent: the default, which is JSON
//	Wait  time.Duration `json:"wait"`                 // "PT1.5S"
//
// # JSON
//
// Structs and named types are written and read field by field. Their own
// MarshalJSON and UnmarshalJSON are not called, so that these may be made of
// [EncodeJSON] and [DecodeJSON]:
//
//	func (e Event) MarshalJSON() ([]byte, error)     { return value.EncodeJSON(e) }
//	func (e *Event) UnmarshalJSON(data []byte) error { return value.DecodeJSON(data, e) }
//
// What is written is what [encoding/json] writes with SetEscapeHTML(false),
// but for nil slices and maps, which are [] and {}, nil []byte, which is "",
// durations, which are ISO 8601 text, and map keys of every primitive kind.
//
// What is read is what encoding/json reads, but for: names of attributes,
// which match exactly; null, which is the same as absence; of two members with
// one name, the last one, which replaces the first one whole; durations.
//
// # Text
//
// Paths, queries, headers and the fields of events carry text. Numbers are
// decimal, booleans "true" and "false", []byte is base64, a timestamp is RFC
// 3339, a duration ISO 8601; what has no text of its own is its JSON. A string
// that is no UTF-8 is refused.
package value
