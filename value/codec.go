package value

import (
	"fmt"
	"reflect"
)

// Codec writes and reads the JSON of values of type T. It is immutable and may
// be used by several goroutines at once.
type Codec[T any] struct {
	plan *plan
}

// NewCodec returns the codec for T. It fails when T holds a type that has no
// JSON, such as a channel, and when a default is not a value of its attribute.
func NewCodec[T any]() (*Codec[T], error) {
	p, err := planOf(reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	return &Codec[T]{p}, nil
}

// Members returns the codec of the named attributes of T, which is a struct
// or a pointer to one: it writes an object of these, in this order, and reads
// these. It fails when T has no such attribute.
func (c *Codec[T]) Members(names ...string) (*Codec[T], error) {
	p, err := c.plan.members(names)
	if err != nil {
		return nil, err
	}
	return &Codec[T]{p}, nil
}

// members returns a plan like p that knows only some of its attributes.
func (p *plan) members(names []string) (*plan, error) {
	part := *p
	switch p.kind {
	case kindPointer:
		elem, err := p.elem.members(names)
		part.elem = elem
		return &part, err
	case KindObject:
		part.object = &object{byName: map[string]int{}}
		for _, name := range names {
			f, err := p.attribute(name)
			if err != nil {
				return nil, err
			}
			if _, ok := part.object.byName[name]; ok {
				return nil, fmt.Errorf("value: attribute %q of %v is named twice", name, p.typ)
			}
			part.object.add(f)
		}
		return &part, nil
	}
	return nil, fmt.Errorf("value: %v has no attributes", p.typ)
}

// attribute returns the field of an object.
func (p *plan) attribute(name string) (*field, error) {
	if p.kind != KindObject {
		return nil, fmt.Errorf("value: %v has no attributes", p.typ)
	}
	i, ok := p.object.byName[name]
	if !ok {
		return nil, fmt.Errorf("value: %v has no attribute %q", p.typ, name)
	}
	return p.object.fields[i], nil
}

// base is the plan behind the pointers.
func (p *plan) base() *plan {
	for p.kind == kindPointer {
		p = p.elem
	}
	return p
}

// Kind returns the kind of T: of an object, if T is a pointer to a struct.
func (c *Codec[T]) Kind() Kind { return c.plan.base().kind }

// Append appends the JSON of v to dst. With an error, an [*Error], dst is
// returned as it was. A nil pointer is null.
func (c *Codec[T]) Append(dst []byte, v T) ([]byte, error) {
	if s, ok := any(v).(string); ok {
		return appendString(dst, s), nil
	}
	return c.plan.encode(dst, reflected(v, c.plan))
}

// reflected returns v for reflection. It does so without an allocation for
// pointers.
func reflected[T any](v T, p *plan) reflect.Value {
	if p.kind == kindPointer {
		return reflect.ValueOf(v)
	}
	addressable := new(T) // also where T is an interface, which ValueOf would look through
	*addressable = v
	return reflect.ValueOf(addressable).Elem()
}

// Decode reads data, one whole JSON value, into v. If T is a pointer that is
// nil it is allocated. Attributes of T that are absent become their default or
// are left as they are, and those that are no members of c are not touched.
// Decode keeps no reference to data.
//
// With strict set, required attributes that are absent or null, at any depth,
// are an error: a [*MissingError] that names them all. Any other error is an
// [*Error]. With an error v may hold a part of the value.
func (c *Codec[T]) Decode(data []byte, v *T, strict bool) error {
	return c.plan.decode(data, reflect.ValueOf(v).Elem(), strict)
}
