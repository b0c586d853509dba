package eval

import (
	"slices"

	"github.com/courant-dev/courant/model"
)

// answer is what the arguments of a Response say.
type answer struct {
	name   string // of an error; empty for the result
	status int    // 0 when none is given
}

// answerOf returns what c says, its arguments in either order.
func answerOf(c *Call) answer {
	var r answer
	for _, a := range c.Args {
		switch a := a.(type) {
		case string:
			r.name = a
		case int:
			r.status = a
		}
	}
	if code := c.find("Code"); code != nil {
		r.status, _ = code.Args[0].(int)
	}
	return r
}

// checkResponse refuses arguments and statuses that do not fit a Response.
func (b *builder) checkResponse(c *Call) bool {
	names, statuses := 0, 0
	for _, a := range c.Args {
		switch a.(type) {
		case string:
			names++
		case int:
			statuses++
		default:
			b.fault(c, literal(a), "Response wants a status or the name of an error, not %s", kindOf(a))
			return false
		}
	}
	r := answerOf(c)
	switch {
	case names > 1 || statuses > 1:
		b.fault(c, "", "Response takes one status and the name of one error")
	case names > 0 && r.status == 0:
		b.fault(c, quote(r.name), "the Response of error %q needs a status", r.name)
	case names > 0 && (r.status < 400 || r.status > 599):
		b.fault(c, literal(r.status), "status %d is none of an error: want 400 to 599", r.status)
	case names == 0 && r.status >= 400 && r.status <= 599:
		b.fault(c, literal(r.status), "status %d is that of an error: name the error before it", r.status)
	case names == 0 && r.status != 0 && (r.status < 200 || r.status > 399):
		b.fault(c, literal(r.status), "status %d is none of an answer: want 200 to 399", r.status)
	default:
		return true
	}
	return false
}

// checkErrorResponses refuses responses for errors that nobody declares.
func (b *builder) checkErrorResponses(s *service) {
	var known []string
	for _, e := range s.model.Errors {
		known = append(known, e.Name)
	}
	for _, level := range []*Call{s.call, b.api} {
		if level == nil {
			continue
		}
		for _, e := range all(level.children, "Error") {
			known = append(known, e.str(0))
		}
	}
	b.checkResponses(s.http, known, "service "+quote(s.model.Name))
	for _, m := range s.methods {
		var own []string
		for _, e := range m.model.Errors {
			own = append(own, e.Name)
		}
		b.checkResponses(m.http, own, "method "+quote(m.model.Name))
	}
}

func (b *builder) checkResponses(calls []*Call, known []string, owner string) {
	first := map[string]*Call{}
	for _, c := range all(calls, "Response") {
		ok, r := b.checkResponse(c), answerOf(c)
		c.broken = !ok
		switch {
		case !ok || !namesError(c) && c.opens == inResponse:
		case !namesError(c):
			c.broken = true
			b.fault(c, literal(r.status), "only a method has a result: here Response names an error")
		case !slices.Contains(known, r.name):
			b.fault(c, quote(r.name), "%s has no error %q%s", owner, r.name, nearest(r.name, known))
		case first[r.name] != nil:
			b.fault(c, quote(r.name), "error %q has two responses; the first is at %s", r.name, first[r.name].position())
		default:
			first[r.name] = c
			for _, w := range all(c.children, "Header", "Headers", "Body") {
				b.fault(w, "", "%s in the Response of an error is not built yet", w.Word)
			}
		}
	}
}

// errorStatuses gives the errors of m their statuses: what the method says,
// else the service, else the API.
func (b *builder) errorStatuses(m *method) {
	for _, level := range [][]*Call{b.apiHTTP(), m.service.http, m.http} {
		for _, c := range all(level, "Response") {
			if !c.broken && namesError(c) {
				answerError(c, m.model.Errors)
			}
		}
	}
	for _, e := range m.service.model.Errors {
		for _, own := range m.model.Errors {
			if own.Name == e.Name && e.Status == 400 {
				e.Status = own.Status
			}
		}
	}
}

// answerError gives the error that the Response c names what c says.
func answerError(c *Call, errors []*model.Error) {
	r := answerOf(c)
	for _, e := range errors {
		if e.Name != r.name {
			continue
		}
		e.Status = r.status
		if e.Description == "" {
			e.Description = text(c.children, "Description")
		}
	}
}

// success returns the Response of the result of m, or nil.
func (b *builder) success(m *method) *Call {
	var out *Call
	for _, c := range all(m.http, "Response") {
		if c.broken || namesError(c) {
			continue
		}
		if out != nil {
			b.fault(c, "", "several responses of one result are not built yet; the first is at %s", out.position())
			continue
		}
		out = c
	}
	return out
}

// streamResponse checks the Response of a stream, which leaves no choice.
func (b *builder) streamResponse(m *method) {
	c := b.success(m)
	if c == nil {
		return
	}
	if r := answerOf(c); r.status != 0 && r.status != 200 {
		b.fault(c, literal(r.status), "a stream answers with status 200, not %d", r.status)
	}
	for _, w := range all(c.children, "Header", "Headers", "Body") {
		b.fault(w, "", "%s in the Response of a stream is not built yet", w.Word)
	}
}

// response says how the result of m travels.
func (b *builder) response(m *method) *model.Response {
	r := &model.Response{}
	p := b.newMapping("result", m, m.model.Result)
	c := b.success(m)
	if c != nil {
		r.Description = text(c.children, "Description")
		for _, h := range flatten(c.children) {
			p.header(h, false)
		}
		p.required(c.children)
		r.Status = answerOf(c).status
	}
	r.Headers = p.params
	r.Body = p.content()
	if c != nil {
		if body := c.find("Body"); body != nil {
			before := len(b.problems)
			if r.Body = p.body(body); len(b.problems) == before {
				p.lost(body, r.Body.Part == model.Nothing)
			}
		}
	}
	hasBody := r.Body.Part != model.Nothing
	switch {
	case r.Status == 0 && hasBody:
		r.Status = 200
	case r.Status == 0:
		r.Status = 204
	case hasBody && !p.broken() && (r.Status == 204 || r.Status == 304 || r.Status == 205):
		b.fault(c, literal(r.Status), "an answer with status %d has no body, but %s would be its body: use another status, or Body(Empty)", r.Status, p.owner)
	}
	return r
}
