package eval

import (
	"slices"

	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// errorsOf reads the errors that the API, a service or a method declares.
func (b *builder) errorsOf(c *Call, at place) []*Call {
	if c == nil {
		return nil
	}
	var out []*Call
	byName := map[string]*Call{}
	for _, e := range all(c.children, "Error") {
		name := e.str(0)
		id := goname.Exported(name)
		switch first := byName[id]; {
		case id == "":
			b.fault(e, quote(name), "error %q has no name in Go: it needs a letter or a digit", name)
		case first != nil && first.str(0) == name:
			b.fault(e, quote(name), "error %q is declared twice; the first is at %s", name, first.position())
		case first != nil:
			b.fault(e, quote(name), "errors %q and %q at %s both have the Go name %s", name, first.str(0), first.position(), id)
		default:
			byName[id] = e
			if b.errors[e] == nil {
				b.errors[e] = b.readError(e, at)
			}
			out = append(out, e)
		}
	}
	return out
}

// readError reads what the declaration c says. A broken type counts as the
// built-in one.
func (b *builder) readError(c *Call, at place) *model.Error {
	name := c.str(0)
	typ, desc := b.typeArguments(c, c.Args[1:])
	e := &model.Error{
		Name:        name,
		Description: text(c.children, "Description"),
		Status:      400,
		Temporary:   c.find("Temporary") != nil,
		Timeout:     c.find("Timeout") != nil,
		Fault:       c.find("Fault") != nil,
	}
	if e.Description == "" {
		e.Description = desc
	}
	if t := c.find("Timeout"); t != nil && len(t.Args) > 0 {
		b.fault(t, literal(t.Args[0]), "the Timeout of an Error takes no argument")
	}
	builtIn := typ == nil || typ == ErrorResult || typ == Primitive(model.String)
	if builtIn && !hasMembers(c.children) {
		b.refuseErrorRules(c)
		return e
	}
	if typ == ErrorResult {
		typ = nil
	}
	at.name = goname.Exported(name) + "Error"
	a := &model.Attribute{Required: true}
	b.fill(a, spec{call: c, typ: typ, body: c.children, at: at})
	t := b.userType(a.Type)
	switch {
	case a.Type == nil:
	case b.shape(a.Type) != model.Object:
		b.fault(c, "", "the type of an error is an object or String, not %s", b.describe(a.Type))
	case t.Error != "" && t.Error != name:
		b.fault(c, quote(name), "type %q is that of error %q already: each error needs a type of its own", t.Name, t.Error)
	default:
		e.Type, t.Error = t.Key, name
		b.checkErrorType(t)
	}
	return e
}

// refuseErrorRules says that the built-in error takes no rules.
func (b *builder) refuseErrorRules(c *Call) {
	for _, r := range c.children {
		if !slices.Contains([]string{"Description", "Temporary", "Timeout", "Fault", "Example"}, r.Word) {
			b.fault(r, "", "%s does not fit the built-in error: give error %q a type", r.Word, c.str(0))
		}
	}
}

// problemMembers are the members of every problem+json answer that an attribute
// of an error's type would hide.
var problemMembers = []string{"type", "status", "name", "temporary", "retry_ms", "errors"}

// textMembers are those that an attribute may be, if it is a String.
var textMembers = []string{"detail", "title", "id"}

// checkErrorType refuses attributes that would hide what every error has.
func (b *builder) checkErrorType(t *model.Type) {
	if t.Def == nil {
		return
	}
	for _, a := range t.Def.Attributes {
		c, id := b.from[a], goname.Exported(a.Name)
		switch {
		case id == "Error" || id == "ErrorName":
			b.fault(c, quote(a.Name), "attribute %q of an error's type has the Go name of its method %s", a.Name, id)
		case slices.Contains(problemMembers, a.Name):
			b.fault(c, quote(a.Name), "attribute %q of an error's type would hide the member of this name in its answer", a.Name)
		case slices.Contains(textMembers, a.Name) && a.Type != nil && b.shape(a.Type) != model.String:
			b.fault(c, quote(a.Name), "attribute %q of an error's type is the member of this name in its answer: a String, not %s", a.Name, b.describe(a.Type))
		}
	}
}

// methodErrors gives m its own errors, those of the service and of the API.
func (b *builder) methodErrors(m *method) {
	own := b.errorsOf(m.call, place{service: m.service.model.Name})
	levels := [][]*Call{own, good(b, m.service.call), good(b, b.api)}
	for i, level := range levels {
		for _, c := range level {
			if slices.ContainsFunc(m.model.Errors, func(e *model.Error) bool { return e.Name == c.str(0) }) {
				continue
			}
			e := *b.errors[c]
			for _, outer := range levels[i+1:] {
				for _, o := range outer {
					if o.str(0) == e.Name && len(c.Args) == 1 && e.Type == "" {
						completeError(&e, b.errors[o])
					}
				}
			}
			m.model.Errors = append(m.model.Errors, &e)
		}
	}
	for _, e := range m.model.Errors {
		b.addServiceError(m, e)
	}
}

// good returns the declarations of c that were read.
func good(b *builder, c *Call) []*Call {
	if c == nil {
		return nil
	}
	return slices.DeleteFunc(all(c.children, "Error"), func(e *Call) bool { return b.errors[e] == nil })
}

// completeError gives e what the outer declaration of its name says.
func completeError(e, outer *model.Error) {
	e.Type = outer.Type
	if e.Description == "" {
		e.Description = outer.Description
	}
	e.Temporary = e.Temporary || outer.Temporary
	e.Timeout = e.Timeout || outer.Timeout
	e.Fault = e.Fault || outer.Fault
}

// addServiceError notes an error of m as one of the service.
func (b *builder) addServiceError(m *method, e *model.Error) {
	for _, other := range m.service.model.Errors {
		if other.Name != e.Name {
			continue
		}
		if other.Type != e.Type {
			b.fault(m.call, "", "error %q has two types in service %q: it is one type in Go", e.Name, m.service.model.Name)
		}
		return
	}
	m.service.model.Errors = append(m.service.model.Errors, e)
}
