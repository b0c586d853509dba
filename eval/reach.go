package eval

import (
	"slices"

	"github.com/courant-dev/courant/model"
)

// reach notes in every type which services need it.
func (b *builder) reach() {
	for _, s := range b.services {
		w := &walk{b, s.model.Name, map[*model.Type]bool{}}
		for _, m := range s.model.Methods {
			w.attribute(m.Payload)
			w.attribute(m.Result)
			w.attribute(m.Event)
		}
		for _, e := range s.model.Errors {
			w.user(b.types[e.Type])
		}
	}
}

// walk visits the types of one service.
type walk struct {
	b       *builder
	service string
	seen    map[*model.Type]bool
}

func (w *walk) attribute(a *model.Attribute) {
	if a != nil && a.Type != nil {
		w.dataType(a.Type)
	}
}

func (w *walk) dataType(t *model.DataType) {
	switch t.Kind {
	case model.User:
		w.user(w.b.types[t.Type])
	case model.Array:
		w.attribute(t.Elem)
	case model.Map:
		w.attribute(t.Key)
		w.attribute(t.Elem)
	case model.Object:
		for _, a := range t.Attributes {
			w.attribute(a)
		}
	}
}

func (w *walk) user(t *model.Type) {
	if t == nil || w.seen[t] {
		return
	}
	w.seen[t] = true
	t.Services = append(t.Services, w.service)
	if t.Def != nil {
		w.dataType(t.Def)
	}
}

// checkFinite refuses objects that need themselves: they have no finite value.
func (b *builder) checkFinite() {
	told := map[*model.Attribute]bool{}
	for _, d := range b.decls {
		path := b.loop(d.t, d.t, nil)
		if path != nil && !slices.ContainsFunc(path, func(a *model.Attribute) bool { return told[a] }) {
			for _, a := range path {
				told[a] = true
			}
			b.fault(b.from[path[0]], quote(path[0].Name), "type %q requires itself through attribute %q: no value of it is finite", d.t.Name, path[0].Name)
		}
	}
}

// loop returns the required attributes that lead from t to goal, or nil.
func (b *builder) loop(t, goal *model.Type, path []*model.Attribute) []*model.Attribute {
	if t == nil || t.Def == nil || t.Def.Kind != model.Object {
		return nil
	}
	for _, a := range t.Def.Attributes {
		next := b.userType(a.Type)
		if !a.Required || next == nil || slices.Contains(path, a) {
			continue
		}
		way := append(slices.Clone(path), a)
		if next == goal {
			return way
		}
		if len(way) > len(b.types) {
			return nil
		}
		if found := b.loop(next, goal, way); found != nil {
			return found
		}
	}
	return nil
}
