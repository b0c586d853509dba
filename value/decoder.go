package value

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
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

func (d *decoder) array(b byte, p *plan, v reflect.Value) error {
	if b != '[' {
		return d.want("an array")
	}
	if err := d.enter(); err != nil {
		return err
	}
	v.SetZero()
	top := len(d.steps)
	d.steps = append(d.steps, step{})
	for n := 0; ; n++ {
		more, err := d.more(n == 0, ']')
		if err != nil {
			return err
		}
		if !more {
			if n == 0 {
				v.Set(reflect.MakeSlice(p.typ, 0, 0))
			}
			d.steps = d.steps[:top]
			return nil
		}
		if n == v.Cap() {
			v.Grow(1)
		}
		v.SetLen(n + 1)
		d.steps[top] = step{"", n}
		present, err := d.value(p.elem, v.Index(n))
		if err != nil {
			return err
		}
		if !present {
			d.miss()
		}
	}
}

func (d *decoder) entries(b byte, p *plan, v reflect.Value) error {
	if b != '{' {
		return d.want("an object")
	}
	if err := d.enter(); err != nil {
		return err
	}
	m := reflect.MakeMap(p.typ)
	v.Set(m)
	key := reflect.New(p.key.typ).Elem()
	elem := reflect.New(p.elem.typ).Elem()
	top := len(d.steps)
	d.steps = append(d.steps, step{})
	for first := true; ; first = false {
		more, err := d.more(first, '}')
		if err != nil {
			return err
		}
		if !more {
			d.steps = d.steps[:top]
			return nil
		}
		d.steps[top] = step{"", isMember}
		name, err := d.member()
		if err != nil {
			return err
		}
		text := string(name)
		d.steps[top] = step{text, isKey}
		if err := p.key.parseText(text, key); err != nil {
			return d.fail("its key: " + err.Error())
		}
		if len(d.missing) > 0 && m.MapIndex(key).IsValid() {
			d.forget()
		}
		elem.SetZero()
		present, err := d.value(p.elem, elem)
		if err != nil {
			return err
		}
		if !present {
			d.miss()
		}
		m.SetMapIndex(key, elem)
	}
}
