package eval

import (
	"slices"
	"strings"

	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// spec is what a design says of one value: the arguments and the function of
// an Attribute, a Payload, an element.
type spec struct {
	call *Call
	typ  any // nil when none is given
	desc string
	body []*Call
	base *model.Attribute // what Reference or Extend say of the attribute; nil for nothing
	at   place            // for the names of inline types
}

// fill reads s into a. The type of a stays nil when it is broken.
func (b *builder) fill(a *model.Attribute, s spec) {
	a.Description = text(s.body, "Description")
	if a.Description == "" {
		a.Description = s.desc
	}
	if s.base != nil {
		b.inherit(a, s)
	}
	t := b.typeOf(s)
	if t == nil {
		return
	}
	rules := b.rules(s, t)
	if t.Kind == model.String && rules.Enum != nil {
		u := &model.Type{Def: t, Rules: rules, Description: a.Description}
		if t = b.lift(s.call, s.at, u); t == nil {
			return
		}
		rules = model.Rules{}
	}
	a.Type = t
	a.Rules = merge(a.Rules, rules)
	b.examples(s, &a.Examples, func() *model.Attribute { return a })
	b.setDefault(s, a)
}

// inherit gives a what the attribute of the same name says.
func (b *builder) inherit(a *model.Attribute, s spec) {
	if a.Description == "" {
		a.Description = s.base.Description
	}
	if s.typ == nil && !hasMembers(s.body) {
		a.Rules = s.base.Rules
		b.later = append(b.later, func() { takeConstants(a, s.base) })
	}
}

// takeConstants gives a the default and the examples of base, where it has
// none of its own.
func takeConstants(a, base *model.Attribute) {
	if a.Default == nil && !a.Required {
		a.Default = base.Default
	}
	if a.Examples == nil {
		a.Examples = base.Examples
	}
}

// hasMembers reports whether a function speaks of an object.
func hasMembers(body []*Call) bool {
	return len(all(body, "Attribute", "Field", "Extend")) > 0
}

// typeOf returns the type that s means, or nil when it is broken.
func (b *builder) typeOf(s spec) *model.DataType {
	var t *model.DataType
	switch {
	case s.typ != nil:
		if t = b.resolve(s); t == nil {
			return nil
		}
	case hasMembers(s.body):
		u := &model.Type{Description: text(s.body, "Description")}
		u.Def = b.inline(s, u, nil)
		return b.lift(s.call, s.at, u)
	case s.base != nil:
		if t = s.base.Type; t == nil {
			return nil
		}
		b.refuseItems(s, t)
	default:
		t = &model.DataType{Kind: model.String}
		b.refuseItems(s, t)
	}
	if !hasMembers(s.body) && find(s.body, "Required") == nil {
		return t
	}
	if k := b.shape(t); k != model.Object {
		if k != 0 {
			b.refuseMembers(s, t)
		}
		return nil
	}
	return b.customise(s, t)
}

// customise makes an object of its own of the object type t and what s adds.
func (b *builder) customise(s spec, t *model.DataType) *model.DataType {
	base := b.types[t.Type]
	if d := b.byName[t.Type]; d != nil && !b.buildType(d) {
		b.fault(s.call, "", "type %q extends itself", d.t.Name)
		return nil
	}
	if base.Def == nil {
		return nil
	}
	u := &model.Type{Description: base.Description}
	b.incomplete[u] = b.incomplete[base]
	u.Def = b.inline(s, u, base.Def.Attributes)
	return b.lift(s.call, s.at, u)
}

// inline reads the attributes of an object into its type u, after those that
// it inherits.
func (b *builder) inline(s spec, u *model.Type, inherited []*model.Attribute) *model.DataType {
	o := &model.DataType{Kind: model.Object}
	for _, a := range inherited {
		b.inheritAttribute(o, a)
	}
	own := map[string]*Call{}
	for _, c := range all(s.body, "Extend", "Attribute", "Field") {
		if c.Word == "Extend" {
			if base := b.objectArgument(c, u); base != nil {
				for _, a := range base.Attributes {
					b.inheritAttribute(o, a)
				}
			}
			continue
		}
		name, ok := b.attributeName(c, own)
		if !ok {
			b.incomplete[u] = true
			continue
		}
		own[name] = c
		a := &model.Attribute{Name: name}
		b.from[a] = c
		typ, desc := b.typeArguments(c, attributeArguments(c))
		b.fill(a, spec{call: c, typ: typ, desc: desc, body: c.children, at: s.at.in(name), base: b.baseOf(s, o, u, name)})
		o.Attributes = replace(o.Attributes, a)
	}
	b.require(s, u, o)
	return o
}

// inheritAttribute adds a copy of a to o, which may be changed.
func (b *builder) inheritAttribute(o *model.DataType, a *model.Attribute) {
	if o.Attribute(a.Name) != nil {
		return
	}
	own := *a
	b.from[&own] = b.from[a]
	b.later = append(b.later, func() { takeConstants(&own, a) })
	o.Attributes = append(o.Attributes, &own)
}

// replace puts a in the place of the attribute of its name, or at the end.
func replace(attributes []*model.Attribute, a *model.Attribute) []*model.Attribute {
	i := slices.IndexFunc(attributes, func(o *model.Attribute) bool { return o.Name == a.Name })
	if i < 0 {
		return append(attributes, a)
	}
	a.Required = attributes[i].Required
	attributes[i] = a
	return attributes
}

// attributeArguments returns the arguments of c behind the name.
func attributeArguments(c *Call) []any {
	if c.Word == "Field" {
		return c.Args[2:]
	}
	return c.Args[1:]
}

// attributeName returns the name that c gives to an attribute, if it is good.
func (b *builder) attributeName(c *Call, taken map[string]*Call) (string, bool) {
	name := c.str(0)
	if c.Word == "Field" {
		name = c.str(1)
	}
	switch {
	case name == "":
		b.fault(c, quote(name), "an attribute needs a name")
	case !isTag(name):
		b.fault(c, quote(name), "the name %q cannot stand in the JSON tag of a Go struct", name)
	case goname.Exported(name) == "":
		b.fault(c, quote(name), "attribute %q has no name in Go: it needs a letter or a digit", name)
	case taken[name] != nil:
		b.fault(c, quote(name), "attribute %q is declared twice; the first is at %s", name, taken[name].position())
	default:
		return name, true
	}
	return "", false
}

// isTag reports whether encoding/json takes name as the name of a field.
func isTag(name string) bool {
	for _, r := range name {
		if !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", r) && goname.Exported(string(r)) == "" {
			return false
		}
	}
	return name != "-"
}

// baseOf returns what the extended and referred types say of the attribute.
func (b *builder) baseOf(s spec, o *model.DataType, u *model.Type, name string) *model.Attribute {
	if a := o.Attribute(name); a != nil {
		return a
	}
	for _, c := range all(s.body, "Reference") {
		if base := b.objectArgument(c, u); base != nil {
			if a := base.Attribute(name); a != nil {
				return a
			}
		}
	}
	return nil
}

// objectArgument returns the object type that Extend or Reference name. u is
// the object that stands to inherit.
func (b *builder) objectArgument(c *Call, u *model.Type) *model.DataType {
	t := b.resolve(spec{call: c, typ: c.Args[0]})
	k := b.shape(t)
	if k != 0 && k != model.Object {
		b.fault(c, literal(c.Args[0]), "%s wants an object, not %s", c.Word, b.describe(t))
	}
	if k != model.Object {
		b.incomplete[u] = true
		return nil
	}
	d := b.byName[t.Type]
	if !b.buildType(d) {
		b.fault(c, literal(c.Args[0]), "type %q %ss itself", d.t.Name, strings.ToLower(c.Word))
		b.incomplete[u] = true
		return nil
	}
	if b.incomplete[d.t] || d.t.Def == nil {
		b.incomplete[u] = true
	}
	return d.t.Def
}

// require marks the required attributes of o.
func (b *builder) require(s spec, u *model.Type, o *model.DataType) {
	said := map[string]bool{}
	for _, c := range all(s.body, "Required") {
		if len(c.Args) == 0 {
			b.fault(c, "", "Required needs the name of an attribute")
		}
		for i := range c.Args {
			name := c.str(i)
			a := o.Attribute(name)
			switch {
			case a == nil && !b.incomplete[u]:
				b.fault(c, quote(name), "unknown attribute %q%s", name, nearest(name, attributeNames(o)))
			case a == nil:
			case said[name]:
				b.warn(c, quote(name), "attribute %q is required twice", name)
			default:
				a.Required = true
				said[name] = true
			}
		}
	}
}
