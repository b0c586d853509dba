package eval

import (
	"slices"

	"github.com/courant-dev/courant/model"
)

// verbs are the words that make a route.
var verbs = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"}

// bodyless are the verbs whose requests have no body.
var bodyless = []string{"GET", "HEAD", "DELETE", "TRACE", "CONNECT"}

// buildHTTP says how the methods and files of s travel.
func (b *builder) buildHTTP(s *service) {
	b.checkErrorResponses(s)
	shared := b.sharedParams(s)
	for _, m := range s.methods {
		if b.checkStream(m); !m.hasHTTP {
			b.topic(m, nil)
			b.warn(m.call, quote(m.model.Name), "method %q has no HTTP: nothing serves it", m.model.Name)
			continue
		}
		b.errorStatuses(m)
		h := &model.HTTP{}
		m.model.HTTP = h
		segs := b.routes(m, h)
		p := b.newMapping("payload", m, m.model.Payload)
		sse := b.sseOf(m)
		b.request(m, h, p, segs, shared, sse)
		if m.model.Event != nil {
			b.streamResponse(m)
			h.Stream = b.stream(m, p, sse)
		} else {
			h.Response = b.response(m)
		}
		m.model.Topic = b.topic(m, p)
	}
	for c, used := range shared {
		if !used {
			b.fault(c, quote(c.str(0)), "no payload of service %q has the attribute of this %s", s.model.Name, c.Word)
		}
	}
	b.files(s)
}

// checkStream refuses the streams that are not built.
func (b *builder) checkStream(m *method) {
	if m.model.Event == nil {
		return
	}
	if r := m.call.find("Result"); r != nil {
		b.fault(r, "", "Result together with StreamingResult is not built yet")
	}
}

// sharedParams returns the mappings that the API and the service make for all
// methods; the value is set when a method has the attribute.
func (b *builder) sharedParams(s *service) map[*Call]bool {
	shared := map[*Call]bool{}
	for _, level := range [][]*Call{b.apiHTTP(), s.http} {
		for _, c := range flatten(level) {
			shared[c] = false
		}
	}
	for _, c := range flatten(b.apiHTTP()) {
		shared[c] = true // other services may have it
	}
	return shared
}

// flatten returns the Param and Header calls, those in Params and Headers too.
func flatten(calls []*Call) []*Call {
	var out []*Call
	for _, c := range calls {
		switch c.Word {
		case "Param", "Header":
			out = append(out, c)
		case "Params", "Headers":
			out = append(out, all(c.children, "Param", "Header")...)
		}
	}
	return out
}

// routes reads the routes of m and returns the segments of the first one; nil
// when they are broken.
func (b *builder) routes(m *method, h *model.HTTP) []segment {
	calls := all(m.http, verbs...)
	if len(calls) == 0 {
		b.fault(m.call.find("HTTP"), "", "the HTTP of method %q has no route, such as GET(\"/path\")", m.model.Name)
		return nil
	}
	var first []segment
	for _, c := range calls {
		if c.Word == "HEAD" && m.model.Event != nil {
			b.fault(c, quote(c.str(0)), "the answer to HEAD has no body: it cannot be a stream")
			continue
		}
		for path, segs := range b.paths(m.service, c) {
			if first == nil {
				first = segs
			} else if !sameWildcards(first, segs) {
				b.fault(c, quote(c.str(0)), "every route of a method has the same wildcards: %s has not those of %s", path, h.Routes[0].Path)
				break
			}
			h.Routes = append(h.Routes, model.Route{Verb: c.Word, Path: path})
			b.routed = append(b.routed, route{c, c.Word, path, segs, m.service, "method " + quote(m.model.Name)})
		}
	}
	return first
}

func sameWildcards(a, b []segment) bool {
	x, y := wildcards(a), wildcards(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// request says where the payload travels.
func (b *builder) request(m *method, h *model.HTTP, p *mapping, segs []segment, shared map[*Call]bool, sse *sseWords) {
	h.Body = model.Content{Part: model.Nothing}
	if p.broken() || len(h.Routes) == 0 {
		for c := range shared {
			shared[c] = true // nobody knows
		}
		return
	}
	explicit := b.explicitParams(m, p, shared)
	b.pathParams(p, m, segs, explicit)
	for _, c := range explicit {
		if p.done[c] {
			continue
		}
		if c.Word == "Header" {
			p.header(c, true)
			continue
		}
		name, wire := wireName(c.str(0))
		if wire == "" {
			b.fault(c, quote(c.str(0)), "a query parameter needs a name")
		} else if a := p.find(c, name, quote(c.str(0))); a != nil {
			p.add(c, model.InQuery, a, wire, quote(c.str(0)))
		}
	}
	p.required(m.http)
	b.requestID(m, p, sse)
	body := find(m.http, "Body")
	noBody := slices.IndexFunc(h.Routes, func(r model.Route) bool { return slices.Contains(bodyless, r.Verb) })
	switch {
	case noBody >= 0 && body != nil && (len(body.Args) != 1 || body.Args[0] != any(Empty)):
		b.fault(body, "", "a %s request has no body", h.Routes[noBody].Verb)
	case noBody >= 0:
		p.query(find(m.http, h.Routes[noBody].Verb))
	case body != nil:
		before := len(b.problems)
		if h.Body = p.body(body); len(b.problems) == before {
			p.lost(body, false)
		}
	default:
		h.Body = p.content()
	}
	h.Params = p.params
}

// explicitParams returns what the design maps for m: its own words and those
// of the service and the API whose attribute it has.
func (b *builder) explicitParams(m *method, p *mapping, shared map[*Call]bool) []*Call {
	var out []*Call
	own := flatten(m.http)
	for _, level := range [][]*Call{b.apiHTTP(), m.service.http} {
		for _, c := range flatten(level) {
			name, _ := wireName(c.str(0))
			if !p.has(name) {
				continue
			}
			shared[c] = true
			replaced := slices.ContainsFunc(own, func(o *Call) bool {
				n, _ := wireName(o.str(0))
				return n == name
			})
			if !replaced {
				out = append(out, c)
			}
		}
	}
	for _, c := range append(out, own...) {
		if len(c.Args) > 1 || c.hasBody {
			b.checkParamArguments(c, p)
		}
	}
	return append(out, own...)
}

// checkParamArguments looks at what stands behind the name of a Param, a Header
// or an Attribute of Body: the type may be repeated, anything else belongs to
// the attribute.
func (b *builder) checkParamArguments(c *Call, p *mapping) {
	name, _ := wireName(c.str(0))
	if c.hasBody {
		b.fault(c, quote(c.str(0)), "%s with a function is not built yet: say it where attribute %q is declared", c.Word, name)
		return
	}
	typ, desc := b.typeArguments(c, c.Args[1:])
	if desc != "" {
		b.warn(c, quote(desc), "the description of a %s says nothing: it is that of attribute %q where it is declared", c.Word, name)
	}
	if typ == nil || !p.has(name) {
		return
	}
	t := b.resolve(spec{call: c, typ: typ})
	a := p.object.Attribute(name)
	if t != nil && a.Type != nil && b.describe(t) != b.describe(a.Type) && b.shape(t) != b.shape(a.Type) {
		b.fault(c, quote(c.str(0)), "attribute %q is %s, not %s", name, b.describe(a.Type), b.describe(t))
	}
}

// pathParams maps the wildcards of the path.
func (b *builder) pathParams(p *mapping, m *method, segs []segment, explicit []*Call) {
	for _, w := range wildcards(segs) {
		at, name := all(m.http, verbs...)[0], w
		for _, c := range explicit {
			if n, wire := wireName(c.str(0)); c.Word == "Param" && wire == w {
				at, name = c, n
				p.done[c] = true
			}
		}
		text := quote(at.str(0))
		if p.value == nil {
			b.fault(at, text, "the path has the wildcard {%s}, but method %q has no payload", w, p.method)
			return
		}
		if p.object != nil && !p.has(name) && at.Word != "Param" {
			if !b.incomplete[b.userType(p.value.Type)] {
				b.fault(at, text, "the path has the wildcard {%s}, but %s has no attribute %q%s", w, p.owner, name, nearest(name, attributeNames(p.object)))
			}
			continue
		}
		a := p.find(at, name, text)
		if a == nil {
			continue
		}
		if a.Type != nil && !b.isPathValue(a.Type) {
			b.fault(at, text, "%s cannot travel in a path: wildcard {%s} needs a scalar or an array of scalars", b.describe(a.Type), w)
		}
		if !a.Required {
			b.warn(at, text, "attribute %q is always there, because it is in the path: it could be Required", name)
		}
		p.add(at, model.InPath, a, w, text)
	}
}

// isPathValue reports whether values of type t have a text form for a path.
func (b *builder) isPathValue(t *model.DataType) bool {
	u := b.underlying(t)
	if u == nil {
		return true // reported
	}
	if u.Kind == model.Array {
		u = b.underlying(u.Elem.Type)
	}
	return u == nil || u.Kind.IsPrimitive() && u.Kind != model.Any
}

// query maps what is left to the query: the request has no body. c is the
// route that says so.
func (p *mapping) query(c *Call) {
	if p.value == nil {
		return
	}
	if p.object == nil && p.used[""] == nil {
		p.add(c, model.InQuery, p.value, "payload", "")
	}
	for _, a := range p.left() {
		p.add(c, model.InQuery, a, a.Name, "")
	}
}
