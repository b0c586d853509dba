package eval

import (
	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// decl is a use of the word Type.
type decl struct {
	call  *Call
	base  any // the type that the new one is made of; nil for an object
	t     *model.Type
	state buildState
	shape model.Kind // what the type is behind its name; 0 when it is broken
}

// buildState says how far a decl was read.
type buildState int

const (
	unread buildState = iota
	reading
	read
)

// collectTypes notes the name and the shape of every type.
func (b *builder) collectTypes() {
	for _, c := range all(b.top.children, "Type") {
		name := c.str(0)
		d := &decl{call: c, t: &model.Type{Key: name, Name: name}}
		b.byCall[c] = d
		if first := b.byName[name]; first != nil {
			b.fault(c, quote(name), "type %q is declared twice; the first is at %s", name, first.call.position())
			b.byCall[c] = first
			continue
		}
		b.byName[name] = d
		if goname.Exported(name) == "" {
			b.fault(c, quote(name), "type %q has no name in Go: it needs a letter or a digit", name)
		}
		b.decls = append(b.decls, d)
		b.types[name] = d.t
		b.from[d.t] = c
		switch args := c.Args[1:]; {
		case len(args) == 0 && !c.hasBody:
			d.base = Primitive(model.String)
		case len(args) == 1:
			d.base = args[0]
			if args[0] == nil {
				d.base = missing{}
			}
		case len(args) > 1:
			b.fault(c, "", "Type takes a name, a type and a function, not %d arguments", len(c.Args))
			d.state = read
		}
	}
	for _, d := range b.decls {
		d.shape = b.shapeOf(d, 0)
	}
}

// shapeOf follows the types that d is made of.
func (b *builder) shapeOf(d *decl, depth int) model.Kind {
	if d.base == nil {
		return model.Object
	}
	if depth > len(b.decls) {
		return 0 // made of itself: reported by buildType
	}
	switch t := d.base.(type) {
	case Primitive:
		return model.Kind(t)
	case string:
		if base := b.byName[t]; base != nil {
			return b.shapeOf(base, depth+1)
		}
	case *Call:
		switch {
		case t == nil || t.broken:
		case isArray(t):
			return model.Array
		case t.Word == "MapOf":
			return model.Map
		case b.byCall[t] != nil:
			return b.shapeOf(b.byCall[t], depth+1)
		}
	}
	return 0
}

// shape returns what t is behind its name, before its type is read; 0 when it
// is broken.
func (b *builder) shape(t *model.DataType) model.Kind {
	if t == nil {
		return 0
	}
	if t.Kind != model.User {
		return t.Kind
	}
	if d := b.byName[t.Type]; d != nil {
		return d.shape
	}
	if u := b.types[t.Type]; u != nil && u.Def != nil {
		return u.Def.Kind
	}
	return 0
}

// buildType reads d once. It reports false when d is being read: it is made of
// itself.
func (b *builder) buildType(d *decl) bool {
	if d.state != unread {
		return d.state == read
	}
	d.state = reading
	defer func() { d.state = read }()
	c, t := d.call, d.t
	t.Description = text(c.children, "Description")
	s := spec{call: c, typ: d.base, body: c.children, at: place{name: goname.Exported(t.Name)}}
	if d.base == nil {
		t.Def = b.inline(s, t, nil)
		b.rules(s, t.Def)
		b.examples(s, &t.Examples, func() *model.Attribute { return b.of(t) })
		return true
	}
	base := b.resolve(s)
	if base == nil {
		return true
	}
	if base.Kind == model.User {
		if !b.copyType(d, b.byName[base.Type]) {
			return true
		}
	} else {
		t.Def = base
	}
	if t.Def.Kind == model.Object {
		t.Def = b.inline(s, t, t.Def.Attributes)
		b.rules(s, t.Def)
	} else {
		b.refuseMembers(s, base)
		own := b.rules(s, t.Def)
		t.Rules = merge(t.Rules, own)
	}
	b.examples(s, &t.Examples, func() *model.Attribute { return b.of(t) })
	return true
}

// of returns an attribute of type t, to judge a constant by.
func (b *builder) of(t *model.Type) *model.Attribute {
	return &model.Attribute{Required: true, Type: &model.DataType{Kind: model.User, Type: t.Key}}
}

// copyType makes d what base is.
func (b *builder) copyType(d, base *decl) bool {
	if !b.buildType(base) {
		b.fault(d.call, "", "type %q is made of itself", d.t.Name)
		return false
	}
	if base.t.Def == nil {
		return false
	}
	def := *base.t.Def
	d.t.Def, d.t.Rules = &def, base.t.Rules
	if b.incomplete[base.t] {
		b.incomplete[d.t] = true
	}
	if d.t.Description == "" {
		d.t.Description = base.t.Description
	}
	return true
}

// lift gives the inline type of c a name. It returns nil when the name is
// taken.
func (b *builder) lift(c *Call, at place, t *model.Type) *model.DataType {
	t.Key, t.Name, t.Lifted = at.key(), at.name, true
	if other := b.types[t.Key]; other != nil {
		b.fault(c, "", "the inline type of this %s would have the Go name %s, as %s at %s", c.Word, t.Name, b.calls(other), b.from[other].position())
		return nil
	}
	b.types[t.Key] = t
	b.from[t] = c
	return &model.DataType{Kind: model.User, Type: t.Key}
}

// calls returns what a design calls t.
func (b *builder) calls(t *model.Type) string {
	if t.Lifted {
		return "the inline type of the " + b.from[t].Word
	}
	return "type " + quote(t.Name)
}

// place is where a lifted type gets its name from.
type place struct {
	service string // empty for a user type of the design
	name    string // in Go
}

func (p place) key() string {
	if p.service == "" {
		return p.name
	}
	return p.service + "." + p.name
}

// in returns the place of what is called name inside of p.
func (p place) in(name string) place { return place{p.service, p.name + goname.Exported(name)} }

// isArray reports whether c makes an array.
func isArray(c *Call) bool { return c.Word == "ArrayOf" || c.Word == "ArrayOfRequired" }
