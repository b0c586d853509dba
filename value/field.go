package value

import "reflect"

// Field is access to one attribute of T, or to a value of type T itself. It is
// immutable and may be used by several goroutines at once.
type Field[T any] struct {
	plan  *plan  // of T
	field *field // with the name "" and the plan of T for the value itself
}

// itself is the index of a field that is the value itself.
const itself = -1

// FieldOf returns the attribute of T, a struct or a pointer to one, with the
// name in the design: the name in its json tag. The empty name is the value
// itself, of any type. It fails, naming T, when there is no such attribute.
func FieldOf[T any](name string) (*Field[T], error) {
	p, err := planOf(reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	if name == "" {
		return &Field[T]{p, &field{index: itself, plan: p}}, nil
	}
	f, err := p.base().attribute(name)
	if err != nil {
		return nil, err
	}
	return &Field[T]{p, f}, nil
}

// Name returns the attribute's name, which is empty for the value itself.
func (f *Field[T]) Name() string { return f.field.name }

// Kind returns the attribute's kind.
func (f *Field[T]) Kind() Kind { return f.field.plan.base().kind }

// IsList reports whether the attribute is an array of scalars, for which
// [Field.Texts] has one text per element.
func (f *Field[T]) IsList() bool {
	p := f.field.plan.base()
	return p.kind == KindArray && p.elem.base().kind.IsScalar()
}

// IsRequired reports whether the attribute must be present: it has neither
// omitzero or omitempty in its json tag nor a default. A value itself is
// required.
func (f *Field[T]) IsRequired() bool { return f.field.isRequired() }

// HasDefault reports whether the attribute has a default.
func (f *Field[T]) HasDefault() bool { return f.field.hasDefault }

// IsPresent reports whether v has the attribute: v is not nil, and the
// attribute is neither a nil pointer nor left out in JSON.
func (f *Field[T]) IsPresent(v T) bool {
	_, ok := f.get(v)
	return ok
}

// get returns the attribute of v, and whether it is there.
func (f *Field[T]) get(v T) (reflect.Value, bool) {
	rv := reflected(v, f.plan)
	if f.field.index != itself {
		for rv.Kind() == reflect.Pointer {
			if rv.IsNil() {
				return rv, false
			}
			rv = rv.Elem()
		}
		rv = rv.Field(f.field.index)
		if f.field.omits(rv) {
			return rv, false
		}
	}
	return rv, rv.Kind() != reflect.Pointer || !rv.IsNil()
}

// at returns the attribute of v, so that it can be set. It allocates *v.
func (f *Field[T]) at(v *T) reflect.Value {
	rv := reflect.ValueOf(v).Elem()
	if f.field.index == itself {
		return rv
	}
	for rv.Kind() == reflect.Pointer {
		if rv.IsNil() {
			rv.Set(reflect.New(rv.Type().Elem()))
		}
		rv = rv.Elem()
	}
	return rv.Field(f.field.index)
}

// SetDefault gives the attribute its default and reports whether it has one.
// If *v is a nil pointer it is allocated.
func (f *Field[T]) SetDefault(v *T) bool {
	if f.field.hasDefault {
		f.field.setDefault(f.at(v))
	}
	return f.field.hasDefault
}

// error makes an [*Error] that names the attribute.
func (f *Field[T]) error(err error) error {
	if f.field.index != itself {
		err = within(err, step{f.field.name, isMember})
	}
	return publicError(err)
}

// AppendJSON appends the attribute's JSON to dst. An attribute that is not
// present is null.
func (f *Field[T]) AppendJSON(dst []byte, v T) ([]byte, error) {
	rv, ok := f.get(v)
	if !ok {
		return append(dst, "null"...), nil
	}
	out, err := f.field.plan.append(dst, rv, 0)
	if err != nil {
		return dst, f.error(err)
	}
	return out, nil
}

// DecodeJSON reads the attribute from data, one whole JSON value, as
// [Codec.Decode] does. The null of an optional attribute is its absence: no
// value, or the default. If *v is a nil pointer it is allocated.
func (f *Field[T]) DecodeJSON(data []byte, v *T, strict bool) error {
	d := decoder{data: data, strict: strict}
	rv := f.at(v)
	if f.field.index == itself {
		return d.document(f.field.plan, rv)
	}
	d.steps = append(d.steps, step{f.field.name, isMember})
	present, err := d.value(f.field.plan, rv)
	switch {
	case err != nil:
		return err
	case present:
	case f.field.hasDefault:
		f.field.setDefault(rv)
	case f.field.isRequired():
		d.miss()
	}
	return d.end()
}
