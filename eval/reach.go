package eval

import "github.com/courant-dev/courant/model"

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
