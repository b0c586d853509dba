package eval

import (
	"slices"
	"strings"

	"github.com/courant-dev/courant/model"
)

// builder reads the calls of a design into a model. A data type that is nil
// has been reported: what builds on it is left alone.
type builder struct {
	*report
	top        *Call
	api        *Call // nil when the design has none
	design     *model.Design
	decls      []*decl
	byName     map[string]*decl
	byCall     map[*Call]*decl
	types      map[string]*model.Type // by key
	from       map[any]*Call          // where a *model.Type or *model.Attribute was said
	incomplete map[*model.Type]bool   // an object with attributes that were reported
	errors     map[*Call]*model.Error
	services   []*service
	routed     []route            // every route of the design
	topics     map[string]*method // by pattern
	later      []func()           // what needs all types
}

func newBuilder(r *recorder) *builder {
	return &builder{
		report:     &r.report,
		top:        r.top,
		api:        r.top.find("API"),
		design:     &model.Design{Version: model.Version},
		byName:     map[string]*decl{},
		byCall:     map[*Call]*decl{},
		types:      map[string]*model.Type{},
		from:       map[any]*Call{},
		incomplete: map[*model.Type]bool{},
		errors:     map[*Call]*model.Error{},
		topics:     map[string]*method{},
	}
}

// build reads the whole design.
func (b *builder) build() {
	b.collectTypes()
	for _, d := range b.decls {
		b.buildType(d)
	}
	b.collectServices()
	for _, f := range b.later {
		f()
	}
	b.checkFinite()
	b.buildAPI()
	for _, s := range b.services {
		b.buildHTTP(s)
	}
	b.checkRoutes()
	b.reach()
	b.checkNames()
}

// finish returns the design, or what is wrong with it.
func (b *builder) finish() (*model.Design, []*model.Problem) {
	if len(b.problems) > 0 {
		return nil, inOrder(b.problems)
	}
	d := b.design
	d.Warnings = inOrder(b.warnings)
	for _, t := range b.types {
		if len(t.Services) > 0 {
			d.Types = append(d.Types, t)
		}
	}
	slices.SortFunc(d.Types, func(x, y *model.Type) int { return strings.Compare(x.Key, y.Key) })
	for _, s := range b.services {
		d.Services = append(d.Services, s.model)
	}
	return d, nil
}

// underlying returns what t is behind its name: never of kind User. It is nil
// where t is broken.
func (b *builder) underlying(t *model.DataType) *model.DataType {
	if t == nil || t.Kind != model.User {
		return t
	}
	if u := b.types[t.Type]; u != nil {
		return u.Def
	}
	return nil
}

// userType returns the user type that t names, or nil.
func (b *builder) userType(t *model.DataType) *model.Type {
	if t == nil || t.Kind != model.User {
		return nil
	}
	return b.types[t.Type]
}

// object returns the attributes of t when it is a user type made of an object.
func (b *builder) object(t *model.DataType) *model.DataType {
	if u := b.underlying(t); u != nil && u.Kind == model.Object {
		return u
	}
	return nil
}

// attributeNames returns the names of the attributes of an object.
func attributeNames(t *model.DataType) []string {
	names := make([]string, len(t.Attributes))
	for i, a := range t.Attributes {
		names[i] = a.Name
	}
	return names
}

// describe returns t as a design writes it.
func (b *builder) describe(t *model.DataType) string {
	switch {
	case t == nil:
		return "an unknown type"
	case t.Kind == model.User:
		u := b.types[t.Type]
		if u == nil {
			return t.Type
		}
		if u.Lifted && u.Def != nil && u.Def.Kind == model.Object {
			return "an object"
		}
		if u.Lifted {
			return "a String with an Enum"
		}
		return "type " + quote(u.Name)
	case t.Kind == model.Array:
		return "ArrayOf(" + b.describeElem(t.Elem) + ")"
	case t.Kind == model.Map:
		return "MapOf(" + b.describeElem(t.Key) + ", " + b.describeElem(t.Elem) + ")"
	}
	if t.Kind == model.Object {
		return "an object"
	}
	return t.Kind.String()
}

func (b *builder) describeElem(a *model.Attribute) string {
	if u := b.userType(a.Type); u != nil {
		return u.Name
	}
	return b.describe(a.Type)
}
