package eval

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/courant-dev/courant/model"
)

// typeArguments reads (type), (type, description) or (description); the name
// and the function are not among args.
func (b *builder) typeArguments(c *Call, args []any) (typ any, desc string) {
	if len(args) == 0 {
		return nil, ""
	}
	first, isString := args[0].(string)
	if isString && b.byName[first] == nil && isProse(first) {
		if len(args) == 1 {
			return nil, first
		}
		b.fault(c, quote(first), "%s wants the type before the description", c.Word)
		return &Call{broken: true}, first
	}
	typ = args[0]
	if typ == nil {
		typ = missing{}
	}
	if len(args) > 1 {
		d, ok := args[1].(string)
		if !ok {
			b.fault(c, literal(args[1]), "%s wants a description behind the type, not %s", c.Word, kindOf(args[1]))
		}
		desc = d
	}
	if len(args) > 2 {
		b.fault(c, literal(args[2]), "%s has too many arguments: it takes a type, a description and a function", c.Word)
	}
	return typ, desc
}

// isProse reports whether s reads like a description, not like a type's name.
func isProse(s string) bool { return s == "" || strings.ContainsAny(s, " .,:!?()") }

// missing stands for a nil where a type is wanted: it is reported where it is
// resolved.
type missing struct{}

// kindOf returns what sort of argument v is.
func kindOf(v any) string {
	switch v := v.(type) {
	case nil, missing:
		return "nil"
	case func():
		return "a function"
	case string:
		return "the string " + quote(v)
	case int, uint, int32, int64, uint64, float32, float64:
		return "the number " + fmt.Sprint(v)
	case time.Duration:
		return "the duration " + v.String()
	case DataType:
		return "a type"
	}
	return fmt.Sprintf("a Go value of type %T", v)
}

// articleOf returns the word with its article.
func articleOf(word string) string {
	if strings.ContainsRune("AEIOU", rune(word[0])) {
		return "an " + word
	}
	return "a " + word
}

// resolve returns the type that s.typ is, or nil when it is none.
func (b *builder) resolve(s spec) *model.DataType {
	c := s.call
	switch t := s.typ.(type) {
	case Primitive:
		out := &model.DataType{Kind: model.Kind(t)}
		b.refuseItems(s, out)
		return out
	case Builtin:
		b.fault(c, t.String(), "%s cannot be the type of %s", t, articleOf(c.Word))
		return nil
	case string:
		if d := b.byName[t]; d != nil {
			return b.refer(s, d)
		}
		b.fault(c, quote(t), "unknown type %q%s", t, b.nearestType(t))
		return nil
	case *Call:
		switch {
		case t == nil:
			b.fault(c, "", "%s was given no type but nil", c.Word)
		case t.broken:
		case isArray(t):
			return b.array(s, t)
		case t.Word == "MapOf":
			return b.mapping(s, t)
		case b.byCall[t] != nil:
			return b.refer(s, b.byCall[t])
		default:
			b.fault(c, "", "%s wants a type, not a %s", c.Word, t.Word)
		}
		return nil
	}
	b.fault(c, literal(s.typ), "%s wants a type, not %s", c.Word, kindOf(s.typ))
	return nil
}

// refer returns a reference to the type of d.
func (b *builder) refer(s spec, d *decl) *model.DataType {
	t := &model.DataType{Kind: model.User, Type: d.t.Key}
	if d.shape != 0 {
		b.refuseItems(s, t)
	}
	return t
}

// refuseItems says that Key and Elem do not fit t.
func (b *builder) refuseItems(s spec, t *model.DataType) {
	for _, c := range all(s.body, "Key", "Elem") {
		if k := b.shape(t); k == model.Array || k == model.Map {
			b.fault(c, "", "%s belongs where the collection is made, with its ArrayOf or MapOf", c.Word)
			continue
		}
		b.fault(c, "", "%s needs a collection, not %s", c.Word, b.describe(t))
	}
}

// refuseMembers says that Attribute, Required and Extend do not fit t.
func (b *builder) refuseMembers(s spec, t *model.DataType) {
	for _, c := range all(s.body, "Attribute", "Field", "Extend", "Reference", "Required") {
		b.fault(c, "", "%s needs an object, not %s", c.Word, b.describe(t))
		return
	}
}

// array reads the ArrayOf a.
func (b *builder) array(s spec, a *Call) *model.DataType {
	for _, c := range all(s.body, "Key") {
		b.fault(c, "", "Key needs a map, not an array")
	}
	elem := b.item(s, a, a.Args[0], a.children, "Elem")
	if elem == nil {
		return nil
	}
	return &model.DataType{Kind: model.Array, Elem: elem}
}

// mapping reads the MapOf m.
func (b *builder) mapping(s spec, m *Call) *model.DataType {
	key := b.item(s, m, m.Args[0], nil, "Key")
	elem := b.item(s, m, m.Args[1], nil, "Elem")
	if key == nil || elem == nil {
		return nil
	}
	if k := b.shape(key.Type); k == 0 {
		return nil
	} else if !k.IsPrimitive() || k == model.Any || k == model.Bytes {
		b.fault(m, literal(m.Args[0]), "the keys of a map cannot be %s: they travel as text", b.describe(key.Type))
		return nil
	}
	return &model.DataType{Kind: model.Map, Key: key, Elem: elem}
}

// item reads the key or the element of the collection c, which s uses.
func (b *builder) item(s spec, c *Call, typ any, body []*Call, word string) *model.Attribute {
	body = slices.Clone(body)
	if c.Word == "MapOf" {
		for _, k := range all(c.children, word) {
			body = append(body, k.children...)
		}
	}
	for _, k := range all(s.body, word) {
		body = append(body, k.children...)
	}
	if typ == nil {
		typ = missing{}
	}
	a := &model.Attribute{Required: true}
	b.from[a] = c
	b.fill(a, spec{call: c, typ: typ, body: body, at: s.at.in(word)})
	if a.Type == nil {
		return nil
	}
	return a
}

// goTypes are names of Go types that are no types of a design.
var goTypes = map[string]string{
	"string": "String", "bool": "Boolean", "boolean": "Boolean", "int": "Int", "int32": "Int32",
	"int64": "Int64", "integer": "Int", "uint": "UInt", "uint32": "UInt32", "uint64": "UInt64",
	"float32": "Float32", "float64": "Float64", "number": "Float64", "[]byte": "Bytes",
	"bytes": "Bytes", "any": "Any", "interface{}": "Any", "time.Time": "Timestamp",
	"time.Duration": "Duration", "timestamp": "Timestamp", "duration": "Duration",
}

// nearestType is [nearest] for the name of a type.
func (b *builder) nearestType(name string) string {
	if word, ok := goTypes[name]; ok {
		return "; did you mean " + word + "?"
	}
	for k := model.Boolean; k <= model.Duration; k++ {
		if k.String() == name {
			return "; the built-in type " + name + " stands without quotes"
		}
	}
	var names []string
	for n := range b.byName {
		names = append(names, n)
	}
	slices.Sort(names)
	return nearest(name, names)
}
