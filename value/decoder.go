package value

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// decoder reads one JSON document. The zero decoder with data is ready.
type decoder struct {
	data    []byte
	pos     int
	strict  bool // note the required attributes that are missing
	depth   int
	steps   []step // to the value that is read now
	missing []string
	scratch []byte // of unescape
}

// decoders holds decoders that were used, for their buffers.
var decoders = sync.Pool{New: func() any { return new(decoder) }}

// The largest buffers that are kept.
const (
	keptSteps   = 64
	keptScratch = 64 << 10
)

// decode reads the whole of data into v, which can be set.
func (p *plan) decode(data []byte, v reflect.Value, strict bool) error {
	d := decoders.Get().(*decoder)
	d.data, d.strict = data, strict
	err := d.document(p, v)
	d.release()
	return err
}

// release keeps the decoder for another document. It keeps nothing of this one.
func (d *decoder) release() {
	if cap(d.steps) > keptSteps || cap(d.scratch) > keptScratch {
		return
	}
	clear(d.steps[:cap(d.steps)])
	*d = decoder{steps: d.steps[:0], scratch: d.scratch[:0]}
	decoders.Put(d)
}

// maxMissing is how many paths a [MissingError] has.
const maxMissing = 100

// fail is an error about the value that is read now.
func (d *decoder) fail(message string) error {
	return &Error{Path: pathOf(d.steps), Message: message}
}

// want is the error that the value which comes next is of another type.
func (d *decoder) want(what string) error {
	var have string
	switch b := d.peek(); {
	case b == '"':
		have = "a string"
	case b == '{':
		have = "an object"
	case b == '[':
		have = "an array"
	case b == 't', b == 'f':
		have = "a boolean"
	case b == 'n':
		have = "null"
	case b == '-', '0' <= b && b <= '9':
		have = "a number"
	default:
		return d.syntax()
	}
	return d.fail("want " + what + ", have " + have)
}

// miss notes that the value that is read now is missing.
func (d *decoder) miss() {
	if d.strict && len(d.missing) < maxMissing {
		d.missing = append(d.missing, pathOf(d.steps))
	}
}

// forget drops what is missing inside the value that is read now: it comes a
// second time, and the last one counts.
func (d *decoder) forget() {
	path := pathOf(d.steps)
	d.missing = slices.DeleteFunc(d.missing, func(missing string) bool {
		rest, inside := strings.CutPrefix(missing, path)
		return inside && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

// document reads the whole of data into v, which can be set. What the
// attributes of an object held before is kept where they are absent.
func (d *decoder) document(p *plan, v reflect.Value) error {
	for p.kind == kindPointer && p.elem.kind == KindObject {
		if v.IsNil() {
			v.Set(reflect.New(p.typ.Elem()))
		}
		p, v = p.elem, v.Elem()
	}
	var err error
	switch {
	case d.peek() == 'n' && p.kind != KindAny:
		if err = d.literal("null"); err != nil {
			return err
		}
		d.miss()
		if p.kind != KindObject {
			v.SetZero()
		} else if !d.strict {
			d.finish(p.object, v, &marks{})
		}
	case p.kind == KindObject:
		err = d.object(p, v)
	default:
		_, err = d.value(p, v)
	}
	if err != nil {
		return err
	}
	return d.end()
}

// end checks that nothing follows, and tells what is missing.
func (d *decoder) end() error {
	if d.peek(); d.pos < len(d.data) {
		return d.syntax()
	}
	if len(d.missing) > 0 {
		return &MissingError{d.missing}
	}
	return nil
}

// value reads the value that comes next into v, which can be set, and reports
// whether it is there: null is not, except for Any. Nothing of what v held
// before is kept.
func (d *decoder) value(p *plan, v reflect.Value) (present bool, err error) {
	b := d.peek()
	if b == 'n' && p.kind != KindAny {
		v.SetZero()
		return false, d.literal("null")
	}
	switch p.kind {
	case KindBool:
		return true, d.boolean(b, v)
	case KindInt, KindUint, KindFloat:
		return true, d.scalarNumber(b, p, v)
	case KindString, KindBytes, KindTime, KindDuration:
		return true, d.scalarText(b, p, v)
	case KindAny:
		return true, d.any(b, p, v)
	case kindPointer:
		elem := reflect.New(p.typ.Elem())
		v.Set(elem)
		return d.value(p.elem, elem.Elem())
	case KindArray:
		return true, d.array(b, p, v)
	case KindMap:
		return true, d.entries(b, p, v)
	}
	v.SetZero()
	return true, d.object(p, v)
}

func (d *decoder) boolean(b byte, v reflect.Value) error {
	switch b {
	case 't':
		v.SetBool(true)
		return d.literal("true")
	case 'f':
		v.SetBool(false)
		return d.literal("false")
	}
	return d.want("a boolean")
}

func (d *decoder) scalarNumber(b byte, p *plan, v reflect.Value) error {
	what := "an integer"
	if p.kind == KindFloat {
		what = "a number"
	}
	if b != '-' && (b < '0' || b > '9') {
		return d.want(what)
	}
	text, isInteger, err := d.number()
	switch {
	case err != nil:
		return err
	case p.kind == KindFloat:
		err = p.parseFloat(string(text), v)
	case !isInteger:
		err = fmt.Errorf("want an integer, have %s", cut(string(text)))
	default:
		err = p.parseInteger(string(text), v)
	}
	if err != nil {
		return d.fail(err.Error())
	}
	return nil
}

func (d *decoder) scalarText(b byte, p *plan, v reflect.Value) error {
	if b != '"' {
		switch p.kind {
		case KindBytes:
			return d.want("base64 text")
		case KindTime:
			return d.want("an RFC 3339 timestamp")
		case KindDuration:
			return d.want("an ISO 8601 duration")
		}
		return d.want("a string")
	}
	text, err := d.text()
	if err != nil {
		return err
	}
	switch p.kind {
	case KindString:
		v.SetString(string(text))
		return nil
	case KindBytes:
		bytes := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
		n, err := base64.StdEncoding.Decode(bytes, text)
		if err != nil {
			return d.fail("want base64, have " + quote(string(text)))
		}
		v.SetBytes(bytes[:n])
		return nil
	case KindTime:
		err = parseTime(text, v)
	default:
		err = p.parseText(string(text), v)
	}
	if err != nil {
		return d.fail(err.Error())
	}
	return nil
}

// any reads a value into an interface, or into a type that reads itself, as
// encoding/json does.
func (d *decoder) any(b byte, p *plan, v reflect.Value) error {
	if b == '"' && p.typ.Kind() == reflect.Interface && p.typ.NumMethod() == 0 {
		text, err := d.text()
		if err == nil {
			v.Set(reflect.ValueOf(string(text)))
		}
		return err
	}
	start := d.pos
	if err := d.skip(); err != nil {
		return err
	}
	v.SetZero()
	if err := json.Unmarshal(d.data[start:d.pos], v.Addr().Interface()); err != nil {
		return d.fail(err.Error())
	}
	return nil
}
