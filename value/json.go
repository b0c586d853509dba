package value

import (
	"bytes"
	"fmt"
	"reflect"
	"sync"
)

// scratch holds buffers of AppendJSON for EncodeJSON: its result has the
// length it needs.
var scratch = sync.Pool{New: func() any { return new([]byte) }}

// maxScratch is the largest buffer that is kept.
const maxScratch = 64 << 10

// EncodeJSON returns the JSON of v. Errors are [*Error], which name the
// attribute.
func EncodeJSON(v any) ([]byte, error) {
	buffer := scratch.Get().(*[]byte)
	out, err := AppendJSON((*buffer)[:0], v)
	result := bytes.Clone(out)
	if cap(out) <= maxScratch {
		*buffer = out
		scratch.Put(buffer)
	}
	if err != nil {
		return nil, err
	}
	return result, nil
}

// AppendJSON appends the JSON of v to dst. With an error dst is returned as it
// was.
func AppendJSON(dst []byte, v any) ([]byte, error) {
	rv := reflect.ValueOf(v)
	if !rv.IsValid() {
		return append(dst, "null"...), nil
	}
	p, err := planOf(rv.Type())
	if err != nil {
		return dst, &Error{Message: err.Error()}
	}
	return p.encode(dst, rv)
}

// encode is append with the errors that users see.
func (p *plan) encode(dst []byte, v reflect.Value) ([]byte, error) {
	out, err := p.append(dst, v, 0)
	if err != nil {
		return dst, publicError(err)
	}
	return out, nil
}

// DecodeJSON reads the JSON in data, which must be one whole value, into v, a
// pointer that is not nil.
//
// Attributes that are absent are left as they are, or become their default;
// none is missed. Members that are no attribute are ignored. Errors are
// [*Error]; v may then hold a part of the value. DecodeJSON keeps no reference
// to data.
func DecodeJSON(data []byte, v any) error {
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Pointer || rv.IsNil() {
		return &Error{Message: fmt.Sprintf("want a pointer to decode into, have %T", v)}
	}
	p, err := planOf(rv.Type().Elem())
	if err != nil {
		return &Error{Message: err.Error()}
	}
	return p.decode(data, rv.Elem(), false)
}
