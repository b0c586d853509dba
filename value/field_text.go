package value

import (
	"fmt"
	"reflect"
)

// AppendText appends the attribute's text to dst. present is false, and dst as
// it was, for an attribute that is not present.
func (f *Field[T]) AppendText(dst []byte, v T) (out []byte, present bool, err error) {
	rv, ok := f.get(v)
	if !ok {
		return dst, false, nil
	}
	if out, err = f.field.plan.appendText(dst, rv); err != nil {
		return dst, true, f.error(err)
	}
	return out, true, nil
}

// ParseText reads the attribute from its text. If *v is a nil pointer it is
// allocated. Errors are [*Error], such as `limit: want an integer, have "abc"`.
func (f *Field[T]) ParseText(s string, v *T) error {
	if err := f.field.plan.parseText(s, f.at(v)); err != nil {
		return f.textError(err)
	}
	return nil
}

// textError is error for what parseText returns, where JSON inside the text has
// a path of its own.
func (f *Field[T]) textError(err error) error {
	inner, ok := err.(*Error)
	if !ok || inner.Path == "" || f.field.index == itself {
		return f.error(err)
	}
	path := f.field.name + "." + inner.Path
	if inner.Path[0] == '[' {
		path = f.field.name + inner.Path
	}
	return &Error{path, inner.Message}
}

// Texts returns the texts of the attribute: one per element of a list, see
// [Field.IsList], and else one, as of [Field.AppendText]. A list without
// elements has no texts, nil for a nil one, and is present unless it is optional
// and nil.
func (f *Field[T]) Texts(v T) (texts []string, present bool, err error) {
	if !f.IsList() {
		text, present, err := f.AppendText(nil, v)
		if !present || err != nil {
			return nil, present, err
		}
		return []string{string(text)}, true, nil
	}
	list, ok := f.get(v)
	if !ok {
		return nil, false, nil
	}
	for list.Kind() == reflect.Pointer {
		list = list.Elem()
	}
	if list.IsNil() {
		return nil, true, nil
	}
	elem := f.field.plan.base().elem
	texts = make([]string, list.Len())
	for i := range texts {
		text, err := elem.appendText(nil, list.Index(i))
		if err != nil {
			return nil, true, f.error(within(err, step{"", i}))
		}
		texts[i] = string(text)
	}
	return texts, true, nil
}

// ParseTexts reads the attribute from its texts. A list has as many elements
// as there are texts; anything else has one text. If *v is a nil pointer it is
// allocated.
func (f *Field[T]) ParseTexts(texts []string, v *T) error {
	if !f.IsList() {
		if len(texts) != 1 {
			return f.error(fmt.Errorf("want one value, have %d", len(texts)))
		}
		return f.ParseText(texts[0], v)
	}
	rv := f.at(v)
	for rv.Kind() == reflect.Pointer {
		rv.Set(reflect.New(rv.Type().Elem()))
		rv = rv.Elem()
	}
	p := f.field.plan.base()
	list := reflect.MakeSlice(p.typ, len(texts), len(texts))
	for i, text := range texts {
		if err := p.elem.parseText(text, list.Index(i)); err != nil {
			return f.error(within(err, step{"", i}))
		}
	}
	rv.Set(list)
	return nil
}
