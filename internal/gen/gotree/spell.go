package gotree

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/courant-dev/courant/internal/gofile"
	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

var primitives = map[model.Kind]string{
	model.Boolean: "bool", model.Int: "int64", model.Int32: "int32", model.Int64: "int64",
	model.UInt: "uint64", model.UInt32: "uint32", model.UInt64: "uint64", model.Float32: "float32",
	model.Float64: "float64", model.String: "string", model.Bytes: "[]byte", model.Any: "any",
}

// Type spells d in f, as it is passed in Go: an object by pointer. The user
// types it names are those of package home.
func (t *Tree) Type(f *gofile.File, home gofile.Package, d *model.DataType) string {
	switch d.Kind {
	case model.Timestamp:
		return f.Ident(Time, "Time")
	case model.Duration:
		return f.Ident(Time, "Duration")
	case model.Array:
		return "[]" + t.Type(f, home, d.Elem.Type)
	case model.Map:
		return "map[" + t.Type(f, home, d.Key.Type) + "]" + t.Type(f, home, d.Elem.Type)
	case model.User:
		typ := t.Design.Type(d.Type)
		name := f.Ident(home, goname.Exported(typ.Name))
		if typ.Def.Kind == model.Object {
			return "*" + name
		}
		return name
	}
	return primitives[d.Kind]
}

// FieldType spells the type of the struct field for a.
func (t *Tree) FieldType(f *gofile.File, home gofile.Package, a *model.Attribute) string {
	typ := t.Type(f, home, a.Type)
	if t.IsPointer(a) {
		return "*" + typ
	}
	return typ
}

// IsPointer reports whether the field for a is a pointer so that it can be
// absent. Objects, which are pointers anyway, are none of these.
func (t *Tree) IsPointer(a *model.Attribute) bool {
	return !a.Required && !a.Plain && a.Default == nil && !t.isNilable(a.Type)
}

func (t *Tree) isNilable(d *model.DataType) bool {
	switch kind := t.Underlying(d).Kind; kind {
	case model.Bytes, model.Any, model.Array, model.Map, model.Object:
		return true
	default:
		return false
	}
}

// Underlying returns what d is when names are looked through.
func (t *Tree) Underlying(d *model.DataType) *model.DataType {
	if d.Kind == model.User {
		return t.Design.Type(d.Type).Def
	}
	return d
}

// Field is the name of the struct field for attribute a of typ. It keeps clear
// of the methods that generated types have.
func Field(typ *model.Type, a *model.Attribute) string {
	name := goname.Exported(a.Name)
	switch name {
	case "Validate", "MarshalJSON", "UnmarshalJSON":
		return name + "_"
	case "Error", "ErrorName":
		if typ.Error != "" {
			return name + "_"
		}
	}
	return name
}

// Tag is the tag of the struct field for a, quoted.
func Tag(a *model.Attribute) string {
	options := ",omitzero"
	switch {
	case a.Required || a.Default != nil:
		options = ""
	case a.Type.Kind == model.Timestamp:
		options = ",omitempty" // omitzero would ask the time, not the pointer
	}
	tag := fmt.Sprintf("json:%s", strconv.Quote(a.Name+options))
	if a.Default != nil {
		tag += " default:" + strconv.Quote(a.Default.JSON)
	}
	if strings.ContainsAny(tag, "`\n\r") {
		return strconv.Quote(tag)
	}
	return "`" + tag + "`"
}
