package courant

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/courant-dev/courant/value"
)

// bodyPlan knows which part of a value is the JSON of a body.
type bodyPlan[T any] struct {
	codec    *value.Codec[T] // whole or members
	field    *value.Field[T] // bare
	required bool            // there is no value without a body
}

// newBodyPlan returns nil for a message without a body.
func newBodyPlan[T any](c Content) (*bodyPlan[T], error) {
	if c.part == partNothing {
		return nil, nil
	}
	var none T
	if _, ok := any(none).(None); ok {
		return nil, nil
	}
	plan := &bodyPlan[T]{}
	var err error
	switch c.part {
	case partBare:
		name := ""
		if len(c.names) > 0 {
			name = c.names[0]
		}
		if plan.field, err = value.FieldOf[T](name); err != nil {
			return nil, err
		}
		plan.required = plan.field.IsRequired()
		return plan, nil
	case partMembers:
		if plan.codec, err = value.NewCodec[T](); err == nil {
			plan.codec, err = plan.codec.Members(c.names...)
		}
	default:
		plan.codec, err = value.NewCodec[T]()
	}
	if err != nil {
		return nil, err
	}
	var probe T // an object without members tells whether any is required
	plan.required = plan.codec.Kind() != value.KindObject || plan.codec.Decode([]byte("{}"), &probe, true) != nil
	return plan, nil
}

func (b *bodyPlan[T]) append(dst []byte, v T) ([]byte, error) {
	if b.field != nil {
		return b.field.AppendJSON(dst, v)
	}
	return b.codec.Append(dst, v)
}

// decode reads a request's body, strictly.
func (b *bodyPlan[T]) decode(data []byte, contentType string, v *T) error {
	if len(data) == 0 {
		return b.absent(v)
	}
	if err := checkContentType(contentType); err != nil {
		return err
	}
	if !b.required && string(bytes.TrimSpace(data)) == "null" {
		return b.absent(v)
	}
	return b.read(data, v, true)
}

func (b *bodyPlan[T]) read(data []byte, v *T, strict bool) error {
	if b.field != nil {
		return b.field.DecodeJSON(data, v, strict)
	}
	return b.codec.Decode(data, v, strict)
}

// absent is what a request without a body means.
func (b *bodyPlan[T]) absent(v *T) error {
	switch {
	case b.required && b.field != nil:
		return &value.MissingError{Paths: []string{b.field.Name()}}
	case b.required:
		err := b.codec.Decode([]byte("{}"), v, true)
		if missing, ok := errors.AsType[*value.MissingError](err); ok && missing.Paths[0] != "" {
			return missing
		}
		return &value.Error{Message: "want a body, have none"}
	case b.field != nil:
		b.field.SetDefault(v)
		return nil
	}
	return b.codec.Decode([]byte("{}"), v, true)
}

// sizeText spells a limit.
func sizeText(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
