package eval

import (
	"slices"

	"github.com/courant-dev/courant/model"
)

// checkFinite refuses objects that need themselves: they have no finite value.
// It tells one fault for each circle.
func (b *builder) checkFinite() {
	told := map[*model.Attribute]bool{}
	for _, d := range b.decls {
		circle := b.circle(d.t, d.t, map[*model.Type]bool{})
		if circle == nil || slices.ContainsFunc(circle, func(a *model.Attribute) bool { return told[a] }) {
			continue
		}
		for _, a := range circle {
			told[a] = true
		}
		name := circle[0].Name
		b.fault(b.from[circle[0]], quote(name), "type %q requires itself through attribute %q: no value of it is finite unless one on the way is optional", d.t.Name, name)
	}
}

// circle returns the required attributes that lead from t to goal, or nil.
func (b *builder) circle(t, goal *model.Type, seen map[*model.Type]bool) []*model.Attribute {
	if t == nil || t.Def == nil || t.Def.Kind != model.Object || seen[t] {
		return nil
	}
	seen[t] = true
	for _, a := range t.Def.Attributes {
		if !a.Required {
			continue
		}
		next := b.userType(a.Type)
		if next == goal {
			return []*model.Attribute{a}
		}
		if way := b.circle(next, goal, seen); way != nil {
			return append([]*model.Attribute{a}, way...)
		}
	}
	return nil
}
