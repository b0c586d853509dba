// Package check prints the checks of values against the rules of a design, as
// calls of package valid.
//
// It prints statements; the function around them, and the variable e that
// collects what does not hold, belong to the caller.
package check

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/courant-dev/courant/internal/gen/gotree"
	"github.com/courant-dev/courant/internal/gofile"
	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// Needed reports whether values of a have anything to be checked.
func Needed(tree *gotree.Tree, a *model.Attribute) bool {
	return needed(tree, a, map[string]bool{})
}

// NeededForType reports whether values of t have anything to be checked.
func NeededForType(tree *gotree.Tree, t *model.Type) bool {
	return Needed(tree, &model.Attribute{Type: &model.DataType{Kind: model.User, Type: t.Key}})
}

func needed(tree *gotree.Tree, a *model.Attribute, seen map[string]bool) bool {
	if !a.Rules.IsZero() {
		return true
	}
	d := a.Type
	if d.Kind == model.User {
		if seen[d.Type] {
			return false
		}
		seen[d.Type] = true
		t := tree.Design.Type(d.Type)
		if !t.Rules.IsZero() {
			return true
		}
		d = t.Def
	}
	for _, inner := range append([]*model.Attribute{d.Key, d.Elem}, d.Attributes...) {
		if inner != nil && needed(tree, inner, seen) {
			return true
		}
	}
	return false
}

// Printer prints checks into a file of package Home.
type Printer struct {
	*gofile.File
	Tree     *gotree.Tree
	patterns map[string]string // the variable of each expression's name
	depth    int
}

// Type prints the checks of the value v of type t, as its Validate method
// makes them.
func (p *Printer) Type(t *model.Type, v string) {
	name := goname.Exported(t.Name)
	if t.Def.Kind == model.Object {
		for _, a := range t.Def.Attributes {
			if Needed(p.Tree, a) {
				field := gotree.Field(t, a)
				p.attribute(a, v+"."+field, strconv.Quote(a.Name), name+field)
			}
		}
		return
	}
	p.value(&model.Attribute{Type: t.Def, Rules: t.Rules, Required: true}, v, `""`, name)
}

// Attribute prints the checks of the value v of a, which is no member of an
// object. Hint begins the names of variables that the checks need.
func (p *Printer) Attribute(a *model.Attribute, v, hint string) { p.value(a, v, `""`, hint) }

// attribute prints the checks of a member, which may be absent.
func (p *Printer) attribute(a *model.Attribute, v, path, hint string) {
	switch {
	case a.Required || a.Default != nil:
		p.value(a, v, path, hint)
	case a.Plain:
		p.P("if ", v, ` != "" {`)
		p.value(a, v, path, hint)
		p.P("}")
	case a.Type.Kind.IsPrimitive() || a.Type.Kind == model.User || !a.Rules.IsZero():
		p.P("if ", v, " != nil {")
		if p.Tree.IsPointer(a) {
			v = "*" + v
		}
		p.value(a, v, path, hint)
		p.P("}")
	default: // nothing but elements, and nil has none
		p.value(a, v, path, hint)
	}
}

// value prints the checks of a value that is there.
func (p *Printer) value(a *model.Attribute, v, path, hint string) {
	d := a.Type
	p.rules(a, v, path, hint)
	switch d.Kind {
	case model.User:
		t := p.Tree.Design.Type(d.Type)
		switch {
		case !NeededForType(p.Tree, t):
		case t.Def.Kind == model.Object:
			p.P(p.valid("Object"), "(&e, ", path, ", ", v, ")")
		default:
			p.P("e.Nested(", path, ", ", method(v), ".Validate())")
		}
	case model.Array:
		p.elements(d, "i", "Index", v, path, hint)
	case model.Map:
		p.elements(d, "k", "Key", v, path, hint)
	}
}

// method writes the pointer v as it stands before a dot.
func method(v string) string { return strings.TrimPrefix(v, "*") }

// elements prints the loop over a collection whose elements have rules.
func (p *Printer) elements(d *model.DataType, index, name, v, path, hint string) {
	key := d.Key != nil && Needed(p.Tree, d.Key)
	elem := Needed(p.Tree, d.Elem)
	if !key && !elem {
		return
	}
	element := "elem"
	if p.depth > 0 {
		index += strconv.Itoa(p.depth)
		element += strconv.Itoa(p.depth)
	}
	inner := fmt.Sprintf("%s(%s, %s)", p.valid(name), path, index)
	if elem {
		p.P("for ", index, ", ", element, " := range ", v, " {")
	} else {
		p.P("for ", index, " := range ", v, " {")
	}
	p.depth++
	if key {
		p.value(d.Key, index, inner, hint+"Key")
	}
	if elem {
		p.value(d.Elem, element, inner, hint+"Elem")
	}
	p.depth--
	p.P("}")
}

func (p *Printer) valid(name string) string { return p.Ident(gotree.Valid, name) }
