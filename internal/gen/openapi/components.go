package openapi

import (
	"strconv"
	"strings"

	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// components are the schemas that the document refers to by name. One that
// nothing refers to is left out.
type components struct {
	design  *model.Design
	sampler *sampler
	names   map[string]string // by key of a user type
	types   map[string]*schema
	own     map[ownSchema]string // the names of ours
	made    map[ownSchema]*schema
}

func newComponents(d *model.Design) *components {
	c := &components{
		design: d, sampler: &sampler{design: d}, names: map[string]string{}, types: map[string]*schema{},
		own: map[ownSchema]string{}, made: map[ownSchema]*schema{},
	}
	taken := names{}
	for _, t := range d.Types {
		c.names[t.Key] = taken.unique(componentName(d, t))
	}
	for _, o := range ownSchemas() {
		c.own[o] = taken.unique(o.String())
	}
	return c
}

// componentName puts the service in front of a type that was lifted out of one
// of its methods.
func componentName(d *model.Design, t *model.Type) string {
	for _, s := range d.Services {
		if t.Lifted && t.Key == s.Name+"."+t.Name {
			return goname.Exported(s.Name) + t.Name
		}
	}
	return safe(t.Name)
}

// ref refers to a user type, which becomes a component.
func (c *components) ref(key string) *schema {
	if _, ok := c.types[key]; !ok {
		c.types[key] = nil // it may contain itself
		c.types[key] = c.typeSchema(c.design.Type(key))
	}
	return refTo(c.names[key])
}

// ownRef refers to a schema of ours, which becomes a component.
func (c *components) ownRef(o ownSchema) *schema {
	if _, ok := c.made[o]; !ok {
		c.made[o] = o.make(c)
	}
	return refTo(c.own[o])
}

func refTo(name string) *schema { return &schema{Ref: "#/components/schemas/" + name} }

// schemas returns what was referred to: the types of the design in its order,
// then ours.
func (c *components) schemas() members[*schema] {
	var out members[*schema]
	for _, t := range c.design.Types {
		if s := c.types[t.Key]; s != nil {
			out.set(c.names[t.Key], s)
		}
	}
	for _, o := range ownSchemas() {
		if s := c.made[o]; s != nil {
			out.set(c.own[o], s)
		}
	}
	return out
}

// names are the names that are taken in one space.
type names map[string]bool

// unique takes the name, or the name with the first free number behind it.
func (n names) unique(name string) string {
	free := name
	for i := 2; n[free]; i++ {
		free = name + strconv.Itoa(i)
	}
	n[free] = true
	return free
}

// safe replaces what may not stand in the name of a component or in a URL.
func safe(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return '_'
	}, name)
}
