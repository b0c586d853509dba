package eval

import (
	"slices"
	"strings"

	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// checkNames refuses designs in which two things would have one Go name.
func (b *builder) checkNames() {
	types := b.sortedTypes()
	for _, t := range types {
		b.checkAttributeNames(t)
		b.checkConstantNames(t)
	}
	shared := names{b: b, taken: map[string]string{}}
	for _, d := range b.decls {
		shared.take(d.call, goname.Exported(d.t.Name), "type "+quote(d.t.Name)+" at "+d.call.position())
	}
	for _, s := range b.services {
		b.checkServiceNames(s, types)
	}
}

func (b *builder) sortedTypes() []*model.Type {
	var out []*model.Type
	for _, t := range b.types {
		out = append(out, t)
	}
	slices.SortFunc(out, func(x, y *model.Type) int { return strings.Compare(x.Key, y.Key) })
	return out
}

// names are the identifiers of one Go package.
type names struct {
	b     *builder
	taken map[string]string // identifier → what has it
}

// take gives the identifier to what, which c declares, or says who has it.
func (n names) take(c *Call, id, what string) {
	if id == "" {
		return
	}
	if other, ok := n.taken[id]; ok {
		n.b.fault(c, quote(c.str(0)), "%s would have the Go name %s, as %s", strings.TrimSuffix(what, " at "+c.position()), id, other)
		return
	}
	n.taken[id] = what
}

// generated are names that gen declares beside the types of a design.
func (b *builder) checkServiceNames(s *service, types []*model.Type) {
	n := names{b: b, taken: map[string]string{"Service": "the interface of the service"}}
	for _, m := range s.methods {
		if m.model.Event != nil {
			id := goname.Exported(m.model.Name)
			n.taken[id+"ServerStream"] = "the stream of method " + quote(m.model.Name)
		}
	}
	for _, e := range s.model.Errors {
		id := goname.Exported(e.Name)
		n.taken["Make"+id] = "the constructor of error " + quote(e.Name)
		if e.Type == "" {
			n.taken[id+"Error"] = "the type of error " + quote(e.Name)
		}
	}
	var enums []*model.Type
	for _, t := range types {
		if !slices.Contains(t.Services, s.model.Name) {
			continue
		}
		c := b.from[t]
		n.take(c, goname.Exported(t.Name), b.calls(t)+" at "+c.position())
		if t.Rules.Enum != nil && t.Def != nil && t.Def.Kind == model.String {
			enums = append(enums, t)
		}
	}
	for _, t := range enums {
		own := map[string]bool{}
		for _, v := range t.Rules.Enum {
			if id := goname.Exported(unquoteJSON(v.JSON)); id != "" && !own[id] {
				own[id] = true
				n.take(b.from[t], goname.Exported(t.Name)+id, "the constant of "+v.JSON+" in "+b.calls(t))
			}
		}
	}
}

// methodNames are the methods that gen may give to the type of an object.
var methodNames = []string{"Validate", "MarshalJSON", "UnmarshalJSON"}

func (b *builder) checkAttributeNames(t *model.Type) {
	if t.Def == nil || t.Def.Kind != model.Object {
		return
	}
	taken := map[string]*model.Attribute{}
	for _, a := range t.Def.Attributes {
		id := goname.Exported(a.Name)
		c := b.from[a]
		switch other := taken[id]; {
		case other != nil:
			b.fault(c, quote(a.Name), "attributes %q and %q both have the Go name %s", other.Name, a.Name, id)
		case slices.Contains(methodNames, id):
			b.fault(c, quote(a.Name), "attribute %q would have the Go name %s, as a method of its type", a.Name, id)
		default:
			taken[id] = a
		}
	}
}

// checkConstantNames refuses Enums with values that Go cannot tell apart.
func (b *builder) checkConstantNames(t *model.Type) {
	if t.Def == nil || t.Def.Kind != model.String {
		return
	}
	taken := map[string]string{}
	for _, v := range t.Rules.Enum {
		id := goname.Exported(unquoteJSON(v.JSON))
		if other, ok := taken[id]; ok {
			b.fault(enumOf(b.from[t]), v.JSON, "the values %s and %s of an Enum both have the Go name %s", other, v.JSON, goname.Exported(t.Name)+id)
			continue
		}
		taken[id] = v.JSON
	}
}
