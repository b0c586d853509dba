package eval

import "github.com/courant-dev/courant/model"

// route is one verb and path of the design.
type route struct {
	call    *Call
	verb    string
	path    string
	segs    []segment
	service *service
	owner   string // in messages
}

// relation is how the requests that two patterns match relate.
type relation int

const (
	equal    relation = iota
	more              // the first is more general
	less              // the first is more specific
	overlap           // neither
	disjoint          // no request matches both
)

// and returns the relation of two patterns with several parts.
func (r relation) and(s relation) relation {
	switch {
	case r == disjoint || s == disjoint:
		return disjoint
	case r == equal:
		return s
	case s == equal || r == s:
		return r
	}
	return overlap
}

// checkRoutes refuses routes that an http.ServeMux refuses: those where some
// request matches two and neither is more specific.
func (b *builder) checkRoutes() {
	told := map[*Call]bool{}
	for i, r := range b.routed {
		for _, s := range b.routed[:i] {
			if told[r.call] || !b.together(r.service, s.service) {
				continue
			}
			rel := relateVerbs(r.verb, s.verb).and(relatePaths(r.segs, s.segs))
			switch {
			case rel == equal && r.call == s.call:
				b.fault(r.call, quote(r.call.str(0)), "%s %s is a route of %s twice, through two base paths", r.verb, r.path, r.owner)
			case rel == equal && r.path == s.path:
				b.fault(r.call, quote(r.call.str(0)), "%s %s is the route of %s at %s too", r.verb, r.path, s.owner, s.call.position())
			case rel == equal:
				b.fault(r.call, quote(r.call.str(0)), "%s %s matches the same requests as %s of %s at %s", r.verb, r.path, s.path, s.owner, s.call.position())
			case rel == overlap:
				b.fault(r.call, quote(r.call.str(0)), "%s %s and %s of %s at %s match some requests both, and neither is more specific", r.verb, r.path, s.path, s.owner, s.call.position())
			default:
				continue
			}
			told[r.call] = true
		}
	}
}

// relateVerbs compares two verbs: GET answers HEAD, too.
func relateVerbs(a, b string) relation {
	switch {
	case a == b:
		return equal
	case a == "GET" && b == "HEAD":
		return more
	case a == "HEAD" && b == "GET":
		return less
	}
	return disjoint
}

// relatePaths compares two paths.
func relatePaths(a, b []segment) relation {
	rel := equal
	for i := 0; ; i++ {
		switch {
		case i == len(a) && i == len(b):
			return rel
		case i == len(a) || i == len(b):
			return disjoint
		}
		x, y := a[i], b[i]
		switch {
		case x.rest && y.rest:
			return rel
		case x.rest:
			return rel.and(more)
		case y.rest:
			return rel.and(less)
		}
		if rel = rel.and(relateSegments(x, y)); rel == disjoint {
			return rel
		}
	}
}

func relateSegments(x, y segment) relation {
	switch {
	case x.wild != "" && y.wild != "", x.text == y.text && x.wild == y.wild:
		return equal
	case x.wild != "" && y.text != "/":
		return more
	case y.wild != "" && x.text != "/":
		return less
	}
	return disjoint
}

// together reports whether one process may host both services.
func (b *builder) together(s, t *service) bool {
	if s == t || b.api == nil {
		return true
	}
	found := false
	for _, server := range all(b.api.children, "Server") {
		hosted := map[string]bool{}
		for _, c := range all(server.children, "Services") {
			for i := range c.Args {
				hosted[c.str(i)] = true
			}
		}
		x, y := hosted[s.model.Name], hosted[t.model.Name]
		if x && y || len(hosted) == 0 {
			return true
		}
		found = found || x || y
	}
	return !found
}

// files reads the static files of s.
func (b *builder) files(s *service) {
	for _, c := range all(s.call.children, "Files") {
		source := c.str(1)
		if source == "" {
			b.fault(c, quote(source), "Files needs a file or a directory")
			continue
		}
		for path, segs := range b.paths(s, c) {
			if n := len(wildcards(segs)); n > 1 || n == 1 && !segs[len(segs)-1].rest {
				b.fault(c, quote(c.str(0)), "the path of Files takes one wildcard, for the rest of the path: {*path}")
				break
			}
			s.model.Files = append(s.model.Files, &model.Files{
				Path: path, Source: source, Description: text(c.children, "Description"),
			})
			b.routed = append(b.routed, route{c, "GET", path, segs, s, "Files"})
		}
	}
}
