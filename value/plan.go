package value

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"time"
)

// plan says how values of one Go type are written and read. It is made once
// per type and does not change.
type plan struct {
	kind   Kind
	typ    reflect.Type
	key    *plan   // of a map
	elem   *plan   // of a pointer, an array, a map
	object *object // of an object

	buffers *sync.Pool // of a map: *mapBuffer
}

// kindPointer is the kind of a pointer. It is not seen outside.
const kindPointer = KindObject + 1

var (
	timeType        = reflect.TypeFor[time.Time]()
	timePointerType = reflect.TypeFor[*time.Time]()
	durationType    = reflect.TypeFor[time.Duration]()
	rawType         = reflect.TypeFor[json.RawMessage]()
	jsonType        = reflect.TypeFor[json.Marshaler]()
	textType        = reflect.TypeFor[encoding.TextMarshaler]()
	zeroType        = reflect.TypeFor[interface{ IsZero() bool }]()
)

// plans holds the finished plans: reflect.Type to *plan.
var plans sync.Map

// planOf returns the plan of a type, which it makes if there is none yet.
func planOf(t reflect.Type) (*plan, error) {
	if p, ok := plans.Load(t); ok {
		return p.(*plan), nil
	}
	c := compiler{made: map[reflect.Type]*plan{}}
	p, err := c.plan(t)
	if err == nil {
		err = c.checkDefaults()
	}
	if err != nil {
		return nil, fmt.Errorf("value: %w", err)
	}
	for t, p := range c.made {
		plans.LoadOrStore(t, p)
	}
	return p, nil
}

// compiler makes the plans of one type and of those inside it. Plans refer to
// each other in circles where types do, so none is shared before all are done.
type compiler struct {
	made     map[reflect.Type]*plan
	defaults []defaulted
}

// defaulted is a field with a default, of the struct it is in.
type defaulted struct {
	in    reflect.Type
	field *field
}

func (c *compiler) plan(t reflect.Type) (*plan, error) {
	if p, ok := plans.Load(t); ok {
		return p.(*plan), nil
	}
	if p, ok := c.made[t]; ok {
		return p, nil
	}
	kind, err := kindOf(t)
	if err != nil {
		return nil, err
	}
	p := &plan{kind: kind, typ: t}
	c.made[t] = p
	switch kind {
	case kindPointer, KindArray:
		p.elem, err = c.plan(t.Elem())
	case KindMap:
		if p.key, err = c.plan(t.Key()); err != nil {
			return nil, err
		}
		if !p.key.kind.IsScalar() {
			return nil, fmt.Errorf("%v: %v cannot be the key of a map", t, t.Key())
		}
		p.buffers = new(sync.Pool)
		p.elem, err = c.plan(t.Elem())
	case KindObject:
		p.object, err = c.object(t)
	}
	return p, err
}

// checkDefaults reads each default once: a scalar is kept, anything else is
// read again for each use, because it can be changed.
func (c *compiler) checkDefaults() error {
	for _, d := range c.defaults {
		v := reflect.New(d.field.plan.typ).Elem()
		dec := decoder{data: d.field.text}
		if err := dec.document(d.field.plan, v); err != nil {
			return fmt.Errorf("%v.%s: its default %s: %w", d.in, d.field.name, quote(string(d.field.text)), err)
		}
		if k := d.field.plan.kind; k.IsScalar() && k != KindBytes {
			d.field.value = v
		}
	}
	return nil
}

// kindOf decides what a type is. The JSON methods of structs, slices and maps
// are not asked, because they may be made of this package; those of a type that
// cannot be generated are: then it is of KindAny.
//
// A type made of time.Duration is, for reflection, an int64 like any other. It
// is told by its MarshalJSON, which no other generated integer has.
func kindOf(t reflect.Type) (Kind, error) {
	hasJSON := t.Implements(jsonType)
	switch t.Kind() {
	case reflect.Int64:
		if t == durationType || hasJSON {
			return KindDuration, nil
		}
	case reflect.Struct:
		if t.ConvertibleTo(timeType) {
			return KindTime, nil
		}
		if isOpaque(t) && (hasJSON || t.Implements(textType) || reflect.PointerTo(t).Implements(jsonType)) {
			return KindAny, nil
		}
		return KindObject, nil
	case reflect.Interface:
		return KindAny, nil
	case reflect.Pointer:
		return kindPointer, nil
	case reflect.Map:
		return KindMap, nil
	case reflect.Slice:
		switch {
		case t == rawType:
			return KindAny, nil
		case t.Elem().Kind() == reflect.Uint8:
			return KindBytes, nil
		}
		return KindArray, nil
	}
	kind := scalarKind(t.Kind())
	switch {
	case kind == 0:
		return 0, fmt.Errorf("%v has no JSON", t)
	case hasJSON || t.Implements(textType):
		return KindAny, nil
	}
	return kind, nil
}

func scalarKind(k reflect.Kind) Kind {
	switch k {
	case reflect.Bool:
		return KindBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return KindInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return KindUint
	case reflect.Float32, reflect.Float64:
		return KindFloat
	case reflect.String:
		return KindString
	}
	return 0
}

// isOpaque reports whether a struct has no attributes.
func isOpaque(t reflect.Type) bool {
	for f := range t.Fields() {
		if f.IsExported() {
			return false
		}
	}
	return t.NumField() > 0
}
