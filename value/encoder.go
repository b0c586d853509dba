package value

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"
)

// maxDepth is how deep arrays, maps and objects may be nested, in both
// directions. It is the limit of encoding/json.
const maxDepth = 10000

// encodeError is an [Error] on its way out: the steps from the inside out.
type encodeError struct {
	steps   []step
	message string
}

// Error is the message alone: [publicError] adds the path.
func (e *encodeError) Error() string { return e.message }

// within adds the step to what err tells.
func within(err error, s step) error {
	e, ok := err.(*encodeError)
	if !ok {
		e = &encodeError{message: err.Error()}
	}
	e.steps = append(e.steps, s)
	return e
}

// publicError makes an [Error] of what append returned.
func publicError(err error) error {
	e, ok := err.(*encodeError)
	if !ok {
		return &Error{Message: err.Error()}
	}
	slices.Reverse(e.steps)
	return &Error{Path: pathOf(e.steps), Message: e.message}
}

// append appends the JSON of v, a value of the plan's type.
func (p *plan) append(dst []byte, v reflect.Value, depth int) ([]byte, error) {
	switch p.kind {
	case KindBool:
		return strconv.AppendBool(dst, v.Bool()), nil
	case KindInt:
		return strconv.AppendInt(dst, v.Int(), 10), nil
	case KindUint:
		return strconv.AppendUint(dst, v.Uint(), 10), nil
	case KindFloat:
		return appendFloat(dst, v.Float(), p.typ.Bits())
	case KindString:
		return appendString(dst, v.String()), nil
	case KindBytes:
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, v.Bytes())
		return append(dst, '"'), nil
	case KindDuration:
		dst = append(dst, '"')
		dst = appendDuration(dst, time.Duration(v.Int()))
		return append(dst, '"'), nil
	case KindTime:
		return appendTime(dst, timeOf(v))
	case KindAny:
		return appendAny(dst, v)
	}
	if depth == maxDepth {
		return dst, fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	switch p.kind {
	case kindPointer:
		if v.IsNil() {
			return append(dst, "null"...), nil
		}
		if p.elem.kind == kindPointer { // others are no level: JSON does not show them
			depth++
		}
		return p.elem.append(dst, v.Elem(), depth)
	case KindArray:
		return p.appendArray(dst, v, depth+1)
	case KindMap:
		return p.appendMap(dst, v, depth+1)
	}
	return p.object.append(dst, v, depth+1)
}

func (o *object) append(dst []byte, v reflect.Value, depth int) (_ []byte, err error) {
	start := len(dst)
	for _, f := range o.fields {
		fv := v.Field(f.index)
		if (f.omitsZero || f.omitsEmpty) && f.omits(fv) {
			continue
		}
		dst = append(dst, f.label...)
		if dst, err = f.plan.append(dst, fv, depth); err != nil {
			return dst, within(err, step{f.name, isMember})
		}
	}
	if len(dst) == start {
		return append(dst, "{}"...), nil
	}
	dst[start] = '{' // in place of the comma of the first label
	return append(dst, '}'), nil
}

func (p *plan) appendArray(dst []byte, v reflect.Value, depth int) (_ []byte, err error) {
	dst = append(dst, '[')
	for i := range v.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = p.elem.append(dst, v.Index(i), depth); err != nil {
			return dst, within(err, step{"", i})
		}
	}
	return append(dst, ']'), nil
}

// appendFloat appends a float as encoding/json and ECMAScript write it.
func appendFloat(dst []byte, f float64, bits int) ([]byte, error) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return dst, fmt.Errorf("%v has no JSON", f)
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 {
		if bits == 64 && (abs < 1e-6 || abs >= 1e21) ||
			bits == 32 && (float32(abs) < 1e-6 || float32(abs) >= 1e21) {
			format = 'e'
		}
	}
	dst = strconv.AppendFloat(dst, f, format, -1, bits)
	if n := len(dst); format == 'e' && n >= 4 && dst[n-4] == 'e' && dst[n-2] == '0' {
		dst[n-2] = dst[n-1] // e-09 is e-9
		dst = dst[:n-1]
	}
	return dst, nil
}

func appendTime(dst []byte, t time.Time) ([]byte, error) {
	out, err := t.AppendText(append(dst, '"'))
	if err != nil {
		return dst, errors.New("RFC 3339 has no timestamp with such a year or zone")
	}
	return append(out, '"'), nil
}

// appendAny appends what a user put into an Any, as encoding/json writes it.
func appendAny(dst []byte, v reflect.Value) ([]byte, error) {
	if v.Kind() == reflect.Interface {
		if v.IsNil() {
			return append(dst, "null"...), nil
		}
		v = v.Elem()
	}
	x := v.Interface()
	switch x := x.(type) {
	case string:
		return appendString(dst, x), nil
	case bool:
		return strconv.AppendBool(dst, x), nil
	case int:
		return strconv.AppendInt(dst, int64(x), 10), nil
	case float64:
		return appendFloat(dst, x, 64)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(x); err != nil {
		return dst, err
	}
	return append(dst, b.Bytes()[:b.Len()-1]...), nil // Encode adds a newline
}
