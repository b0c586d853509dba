package openapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/courant-dev/courant/model"
)

// route is a route of a method in the terms of OpenAPI.
type route struct {
	verb      string
	wire      map[string]string // from the name of a wildcard in the design to the one in the document
	rest      string            // the name in the document of the wildcard that takes the rest; empty for none
	operation **operation       // its place in the document
}

// paths returns the operations of all services. The first route of each method
// takes its operation ID before any other does.
func (b *builder) paths() members[*pathItem] {
	var out members[*pathItem]
	for _, s := range b.design.Services {
		for _, m := range s.Methods {
			b.operations[operationID(s, m.Name)] = m.HTTP != nil
		}
	}
	for _, s := range b.design.Services {
		for _, m := range s.Methods {
			if m.HTTP == nil {
				continue
			}
			for i, r := range m.HTTP.Routes {
				at, free := place(&out, r)
				if !free {
					continue
				}
				id := operationID(s, m.Name)
				if i > 0 {
					id = b.operations.unique(id)
				}
				*at.operation = b.operation(s, m, at, id)
			}
		}
		for _, f := range s.Files {
			if at, free := place(&out, model.Route{Verb: http.MethodGet, Path: f.Path}); free {
				*at.operation = b.filesOperation(s, f, at)
			}
		}
	}
	return out
}

func operationID(s *model.Service, method string) string { return safe(s.Name + "." + method) }

// operation returns the place of the operation with the verb.
func (p *pathItem) operation(verb string) **operation {
	switch verb {
	case http.MethodGet:
		return &p.Get
	case http.MethodPut:
		return &p.Put
	case http.MethodPost:
		return &p.Post
	case http.MethodDelete:
		return &p.Delete
	case http.MethodOptions:
		return &p.Options
	case http.MethodHead:
		return &p.Head
	case http.MethodPatch:
		return &p.Patch
	case http.MethodTrace:
		return &p.Trace
	}
	if _, ok := p.Additional.get(verb); !ok {
		p.Additional.set(verb, nil)
	}
	for i := range p.Additional {
		if p.Additional[i].name == verb {
			return &p.Additional[i].value
		}
	}
	return nil // it was set above
}

// place returns the route with the place for its operation in items.
//
// Two paths that differ only in the names of their wildcards are one path to
// OpenAPI, so the names are those of the first. Where the verb is taken there,
// because a wildcard for the rest meets one for a segment, the document cannot
// have both: place reports false and tells the readers of the first.
func place(items *members[*pathItem], r model.Route) (route, bool) {
	path := strings.ReplaceAll(r.Path, "{*", "{")
	item := &pathItem{}
	i := slices.IndexFunc(*items, func(m member[*pathItem]) bool { return shape(m.name) == shape(path) })
	if i >= 0 {
		path, item = (*items)[i].name, (*items)[i].value
	} else {
		items.set(path, item)
	}
	at := align(r, path)
	at.operation = item.operation(r.Verb)
	if taken := *at.operation; taken != nil {
		taken.Description = paragraphs(taken.Description, "`"+r.Path+"` is another operation, which OpenAPI cannot tell from this one.")
		return at, false
	}
	return at, true
}

// align pairs the wildcards of the route with those of the document's path.
func align(r model.Route, path string) route {
	at := route{verb: r.Verb, wire: map[string]string{}}
	is := wildcards(path)
	for i, name := range wildcards(r.Path) {
		name, rest := strings.CutPrefix(name, "*")
		at.wire[name] = is[i]
		if rest {
			at.rest = is[i]
		}
	}
	return at
}

// shape is the path without the names of its wildcards.
func shape(path string) string {
	for _, name := range wildcards(path) {
		path = strings.Replace(path, "{"+name+"}", "{}", 1)
	}
	return path
}

// wildcards returns the names between braces, in order.
func wildcards(path string) []string {
	var out []string
	for {
		_, after, ok := strings.Cut(path, "{")
		if !ok {
			return out
		}
		name, rest, ok := strings.Cut(after, "}")
		if !ok {
			return out
		}
		out, path = append(out, name), rest
	}
}
