package openapi

import (
	"net/http"
	"strings"

	"github.com/courant-dev/courant/model"
)

// route is a route of a method in the terms of OpenAPI.
type route struct {
	verb string
	path string            // with the names of the wildcards that the document has at this path
	wire map[string]string // from the name of a wildcard in the design to the one in path
	rest string            // the name in path of the wildcard that takes the rest; empty for none
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
				id := operationID(s, m.Name)
				if i > 0 {
					id = b.operations.unique(id)
				}
				at := place(&out, r)
				item, _ := out.get(at.path)
				*item.operation(r.Verb) = b.operation(s, m, at, id)
			}
		}
		for _, f := range s.Files {
			at := place(&out, model.Route{Verb: http.MethodGet, Path: f.Path})
			item, _ := out.get(at.path)
			*item.operation(http.MethodGet) = b.filesOperation(s, f, at)
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

// place returns the route with the path item for it in items.
//
// Two paths that differ only in the names of their wildcards are one path to
// OpenAPI, so the names are those of the first. Where the verb is taken there,
// because a wildcard for the rest meets one for a segment, the rest keeps the
// asterisk in its name and thus a path of its own.
func place(items *members[*pathItem], r model.Route) route {
	path, rest := strings.ReplaceAll(r.Path, "{*", "{"), restName(r.Path)
	for _, known := range *items {
		if shape(known.name) != shape(path) {
			continue
		}
		if *known.value.operation(r.Verb) == nil {
			return align(r, known.name, rest)
		}
		path = r.Path
	}
	items.set(path, &pathItem{})
	return align(r, path, rest)
}

// align pairs the wildcards of the route with those of the document's path.
func align(r model.Route, path, rest string) route {
	out := route{verb: r.Verb, path: path, wire: map[string]string{}}
	in, is := wildcards(r.Path), wildcards(path)
	for i, name := range in {
		name = strings.TrimPrefix(name, "*")
		out.wire[name] = is[i]
		if name == rest {
			out.rest = is[i]
		}
	}
	return out
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

// restName returns the name of the wildcard that takes the rest of the path.
func restName(path string) string {
	for _, name := range wildcards(path) {
		if rest, ok := strings.CutPrefix(name, "*"); ok {
			return rest
		}
	}
	return ""
}
