package value

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// object is the plan of a struct, or of some of its attributes.
type object struct {
	fields      []*field
	byName      map[string]int
	hasDefaults bool
}

// field is the plan of one attribute.
type field struct {
	name       string
	label      []byte // a comma, the name as JSON, a colon
	index      int    // in the struct
	plan       *plan
	omitsZero  bool
	omitsEmpty bool
	asksZero   bool // the type has a method IsZero
	hasDefault bool
	text       []byte        // the JSON of the default
	value      reflect.Value // the default, if it is a scalar
}

// isRequired reports whether the attribute must be present.
func (f *field) isRequired() bool { return !f.omitsZero && !f.omitsEmpty && !f.hasDefault }

func (c *compiler) object(t reflect.Type) (*object, error) {
	o := &object{byName: map[string]int{}}
	for i := range t.NumField() {
		sf := t.Field(i)
		tag := sf.Tag.Get("json")
		if tag == "-" || !sf.IsExported() && !sf.Anonymous {
			continue
		}
		if sf.Anonymous {
			return nil, fmt.Errorf("%v embeds %v: only named fields have JSON", t, sf.Type)
		}
		f, err := c.field(t, sf, tag)
		if err != nil {
			return nil, err
		}
		if _, ok := o.byName[f.name]; ok {
			return nil, fmt.Errorf("%v has two attributes %q", t, f.name)
		}
		f.index = i
		o.add(f)
	}
	return o, nil
}

func (o *object) add(f *field) {
	o.byName[f.name] = len(o.fields)
	o.fields = append(o.fields, f)
	o.hasDefaults = o.hasDefaults || f.hasDefault
}

func (c *compiler) field(t reflect.Type, sf reflect.StructField, tag string) (*field, error) {
	name, options, _ := strings.Cut(tag, ",")
	if name == "" {
		name = sf.Name
	}
	f := &field{name: name, label: append(appendString([]byte{','}, name), ':')}
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "omitzero":
			f.omitsZero = true
		case "omitempty":
			f.omitsEmpty = true
		case "":
		default:
			return nil, fmt.Errorf("%v.%s: unknown option %q in its json tag", t, name, option)
		}
	}
	var err error
	if f.plan, err = c.plan(sf.Type); err != nil {
		return nil, fmt.Errorf("%v.%s: %w", t, name, err)
	}
	f.asksZero = f.omitsZero && f.plan.kind != KindTime && sf.Type.Implements(zeroType)
	if text, ok := sf.Tag.Lookup("default"); ok {
		f.hasDefault, f.text = true, []byte(text)
		c.defaults = append(c.defaults, defaulted{t, f})
	}
	return f, nil
}

// omits reports whether the attribute, whose value is v, is left out.
func (f *field) omits(v reflect.Value) bool {
	if f.omitsZero && f.isZero(v) {
		return true
	}
	if !f.omitsEmpty {
		return false
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Map, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

func (f *field) isZero(v reflect.Value) bool {
	switch {
	case f.plan.kind == KindTime:
		return timeOf(v).IsZero()
	case f.asksZero:
		if k := v.Kind(); (k == reflect.Pointer || k == reflect.Interface) && v.IsNil() {
			return true
		}
		return v.Interface().(interface{ IsZero() bool }).IsZero()
	}
	return v.IsZero()
}

// setDefault gives v, the attribute's value, the default.
func (f *field) setDefault(v reflect.Value) {
	if f.value.IsValid() {
		v.Set(f.value)
		return
	}
	v.SetZero()
	d := decoder{data: f.text}
	_ = d.document(f.plan, v) // it was read once before
}

// timeOf returns the time in v, without a copy on the heap where it can.
func timeOf(v reflect.Value) time.Time {
	if v.CanAddr() {
		p := v.Addr()
		if p.Type() != timePointerType {
			p = p.Convert(timePointerType)
		}
		return *p.Interface().(*time.Time)
	}
	if v.Type() != timeType {
		v = v.Convert(timeType)
	}
	return v.Interface().(time.Time)
}
