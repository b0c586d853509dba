package eval

import (
	"maps"
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
	}
	shared := names{b, map[string]string{}}
	for _, d := range b.decls {
		shared.take(d.call, goname.Exported(d.t.Name), "type "+quote(d.t.Name)+" at "+d.call.position())
	}
	for _, s := range b.services {
		b.checkServiceNames(s, types)
		b.checkTopicNames(s)
	}
}

// checkTopicNames looks at the package of the topics of a service.
func (b *builder) checkTopicNames(s *service) {
	n := names{b, map[string]string{}}
	for _, m := range s.methods {
		if c := m.call.find("Topic"); c != nil {
			id, what := goname.Exported(m.model.Name), "the topic of method "+quote(m.model.Name)+" at "+c.position()
			n.take(m.call, id, what)
			n.take(m.call, "New"+id, "the constructor of "+what)
		}
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

// checkServiceNames looks at the package of one service. That a constant is
// named as a type is no fault: gen gives it another name.
func (b *builder) checkServiceNames(s *service, types []*model.Type) {
	generated := b.generatedNames(s)
	n, constants := names{b, maps.Clone(generated)}, names{b, generated}
	for _, t := range types {
		if !slices.Contains(t.Services, s.model.Name) {
			continue
		}
		c := b.from[t]
		n.take(c, goname.Exported(t.Name), b.calls(t)+" at "+c.position())
		if t.Def == nil || t.Def.Kind != model.String {
			continue
		}
		own := map[string]bool{}
		for _, v := range t.Rules.Enum {
			if id := goname.Exported(unquoteJSON(v.JSON)); id != "" && !own[id] {
				own[id] = true
				constants.take(c, goname.Exported(t.Name)+id, "the constant of "+v.JSON+" in "+b.calls(t))
			}
		}
	}
}

// generatedNames returns what gen declares in the package of a service beside
// the types of the design, and what each is.
func (b *builder) generatedNames(s *service) map[string]string {
	taken := map[string]string{"Service": "the interface of the service"}
	for _, m := range s.methods {
		if m.model.Event != nil {
			taken[goname.Exported(m.model.Name)+"ServerStream"] = "the stream of method " + quote(m.model.Name)
		}
	}
	for _, e := range s.model.Errors {
		id := goname.Exported(e.Name)
		taken["Make"+id] = "the constructor of error " + quote(e.Name)
		if e.Type == "" {
			taken[id+"Error"] = "the type of error " + quote(e.Name)
		}
	}
	return taken
}

func (b *builder) checkAttributeNames(t *model.Type) {
	if t.Def == nil || t.Def.Kind != model.Object {
		return
	}
	taken := map[string]*model.Attribute{}
	for _, a := range t.Def.Attributes {
		id := goname.Exported(a.Name)
		if other := taken[id]; other != nil {
			b.fault(b.from[a], quote(a.Name), "attributes %q and %q both have the Go name %s", other.Name, a.Name, id)
			continue
		}
		taken[id] = a
	}
}
