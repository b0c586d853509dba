package value

// Field is access to one attribute of T, or to a value of type T itself. It is
// immutable and may be used by several goroutines at once.
type Field[T any] struct{ name string }

// FieldOf returns the attribute of T, a struct or a pointer to one, with the
// name in the design: the name in its json tag. The empty name is the value
// itself, of any type. It fails, naming T, when there is no such attribute.
func FieldOf[T any](name string) (*Field[T], error) { return &Field[T]{name}, nil }

// Name returns the attribute's name, which is empty for the value itself.
func (f *Field[T]) Name() string { return f.name }

// Kind returns the attribute's kind.
func (f *Field[T]) Kind() Kind { return 0 }

// IsList reports whether the attribute is an array of scalars, for which
// [Field.Texts] has one text per element.
func (f *Field[T]) IsList() bool { return false }

// IsRequired reports whether the attribute must be present: it has neither
// omitzero or omitempty in its json tag nor a default. A value itself is
// required.
func (f *Field[T]) IsRequired() bool { return false }

// HasDefault reports whether the attribute has a default.
func (f *Field[T]) HasDefault() bool { return false }

// IsPresent reports whether v has the attribute: it is not an optional
// attribute without a value, and v is not nil.
func (f *Field[T]) IsPresent(v T) bool { return false }

// SetDefault gives the attribute its default and reports whether it has one.
// If *v is a nil pointer it is allocated.
func (f *Field[T]) SetDefault(v *T) bool { return false }

// AppendJSON appends the attribute's JSON to dst. An attribute that is not
// present is null.
func (f *Field[T]) AppendJSON(dst []byte, v T) ([]byte, error) { return dst, nil }

// DecodeJSON reads the attribute from data, one whole JSON value, as
// [Codec.Decode] does. If *v is a nil pointer it is allocated.
func (f *Field[T]) DecodeJSON(data []byte, v *T, strict bool) error { return nil }

// AppendText appends the attribute's text to dst. present is false, and dst as
// it was, for an attribute that is not present.
func (f *Field[T]) AppendText(dst []byte, v T) (out []byte, present bool, err error) {
	return dst, false, nil
}

// ParseText reads the attribute from its text. If *v is a nil pointer it is
// allocated. Errors are [*Error], such as `limit: want an integer, have "abc"`.
func (f *Field[T]) ParseText(s string, v *T) error { return nil }

// Texts returns the texts of the attribute: one per element of a list, see
// [Field.IsList], and else one, as of [Field.AppendText].
func (f *Field[T]) Texts(v T) (texts []string, present bool, err error) { return nil, false, nil }

// ParseTexts reads the attribute from its texts. A list has as many elements
// as there are texts; anything else has one text.
func (f *Field[T]) ParseTexts(texts []string, v *T) error { return nil }
