package eval

import (
	"iter"
	"strings"
)

// segment is what stands between two slashes of a path.
type segment struct {
	text string // of a literal; "/" for the end of a path with a trailing slash
	wild string // name of a wildcard
	rest bool   // {*name}: the wildcard takes the rest of the path
}

// parsePath reads a path that c gives. It reports what is wrong with it.
func (b *builder) parsePath(c *Call, path string) ([]segment, bool) {
	var segs []segment
	fault := ""
	wilds := map[string]bool{}
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, p := range parts {
		s, wrong := parseSegment(p, i == len(parts)-1)
		switch {
		case fault != "":
		case wrong != "":
			fault = wrong
		case s.wild != "" && wilds[s.wild]:
			fault = "the wildcard {" + s.wild + "} stands twice in it"
		case s.rest && i < len(parts)-1:
			fault = "{*" + s.wild + "} takes the rest of the path and must be its last segment"
		}
		wilds[s.wild] = true
		segs = append(segs, s)
	}
	if fault != "" {
		b.fault(c, quote(c.str(0)), "path %q: %s", path, fault)
		return nil, false
	}
	return segs, true
}

func parseSegment(p string, last bool) (s segment, fault string) {
	switch {
	case p == "" && last:
		return segment{text: "/"}, ""
	case p == "":
		return s, "it has an empty segment"
	case p == "." || p == "..":
		return s, "a segment " + p + " matches no request"
	case strings.ContainsAny(p, "?#"):
		return s, "a query or a fragment is no part of a path; see Param"
	case strings.ContainsFunc(p, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }):
		return s, "a space, a backslash or a control character cannot stand in it"
	case p[0] == ':' && isIdentifier(p[1:]):
		return s, "a wildcard is written {" + p[1:] + "}, not " + p
	case !strings.ContainsAny(p, "{}"):
		return segment{text: p}, ""
	}
	name, ok := strings.CutPrefix(p, "{")
	name, closed := strings.CutSuffix(name, "}")
	if !ok || !closed || strings.ContainsAny(name, "{}") {
		return s, "a wildcard such as {id} must be a whole segment, " + p + " is not"
	}
	if rest, ok := strings.CutSuffix(name, "..."); ok && isIdentifier(rest) {
		return s, "a wildcard that takes the rest of the path is written {*" + rest + "}, not " + p
	}
	name, rest := strings.CutPrefix(name, "*")
	if !isIdentifier(name) {
		return s, "the wildcard {" + name + "} needs a name of letters, digits and _; an attribute of another name goes by Param(\"other-name:name\")"
	}
	return segment{wild: name, rest: rest}, ""
}

// isIdentifier reports whether net/http takes name as that of a wildcard.
func isIdentifier(name string) bool {
	for i, r := range name {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}

// wildcards returns the names of the wildcards.
func wildcards(segs []segment) []string {
	var names []string
	for _, s := range segs {
		if s.wild != "" {
			names = append(names, s.wild)
		}
	}
	return names
}

// joinPaths puts base before path. A path that begins with // stands alone;
// the path "/" is the base itself.
func joinPaths(base, path string) string {
	if alone, ok := strings.CutPrefix(path, "//"); ok {
		return "/" + alone
	}
	path = strings.TrimPrefix(path, "/")
	if path == "" && base != "" {
		return "/" + strings.TrimPrefix(base, "/")
	}
	return "/" + strings.Trim(base, "/") + strings.Repeat("/", min(1, len(strings.Trim(base, "/")))) + path
}

// paths yields the paths that c, of s, gives: one after each base path. It
// stops at the first that is wrong, which it has reported.
func (b *builder) paths(s *service, c *Call) iter.Seq2[string, []segment] {
	return func(yield func(string, []segment) bool) {
		bases := b.basePaths(s)
		if strings.HasPrefix(c.str(0), "//") {
			bases = bases[:1] // they do not matter
		}
		for _, base := range bases {
			path := joinPaths(base, c.str(0))
			segs, ok := b.parsePath(c, path)
			if !ok || !yield(path, segs) {
				return
			}
		}
	}
}

// basePaths returns the paths that stand before those of the methods of s.
func (b *builder) basePaths(s *service) []string {
	base := ""
	for _, p := range all(b.apiHTTP(), "Path") {
		base = p.str(0)
	}
	paths := all(s.http, "Path")
	if len(paths) == 0 {
		return []string{base}
	}
	var out []string
	for _, p := range paths {
		out = append(out, joinPaths(base, p.str(0)))
	}
	return out
}

// apiHTTP returns what stands in the HTTP of the API.
func (b *builder) apiHTTP() []*Call {
	if b.api == nil {
		return nil
	}
	var out []*Call
	for _, h := range all(b.api.children, "HTTP") {
		out = append(out, h.children...)
	}
	return out
}
