package value

import (
	"bytes"
	"encoding/json"
)

// EncodeJSON returns the JSON of v. Errors are [*Error], which name the
// attribute.
func EncodeJSON(v any) ([]byte, error) { return AppendJSON(nil, v) }

// AppendJSON appends the JSON of v to dst. With an error dst is returned as it
// was.
func AppendJSON(dst []byte, v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return dst, err
	}
	return append(dst, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...), nil
}

// DecodeJSON reads the JSON in data, which must be one whole value, into v, a
// pointer that is not nil.
//
// Attributes that are absent are left as they are, or become their default;
// none is missed. Members that are no attribute are ignored. Errors are
// [*Error]; v may then hold a part of the value. DecodeJSON keeps no reference
// to data.
func DecodeJSON(data []byte, v any) error { return json.Unmarshal(data, v) }
