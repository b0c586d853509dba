package eval

import (
	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// service is a use of the word Service.
type service struct {
	call    *Call
	model   *model.Service
	methods []*method
	http    []*Call // what stands in its HTTP
}

// method is a use of the word Method.
type method struct {
	call    *Call
	service *service
	model   *model.Method
	http    []*Call // what stands in its HTTP
	hasHTTP bool
}

// reservedServices are the packages under gen that belong to all services.
var reservedServices = map[string]bool{"types": true, "ts": true, "internal": true}

// collectServices reads the services, their methods and errors, but not how
// they travel.
func (b *builder) collectServices() {
	byName, byPackage := map[string]*Call{}, map[string]*Call{}
	calls := all(b.top.children, "Service")
	if len(calls) == 0 {
		at := b.top
		if b.api != nil {
			at = b.api
		} else if len(b.top.children) > 0 {
			at = b.top.children[0]
		}
		if len(b.problems) == 0 && at != b.top {
			b.fault(at, "", "the design has no Service")
		}
	}
	b.errorsOf(b.api, place{})
	for _, c := range calls {
		name := c.str(0)
		pkg := goname.Package(name)
		switch first, same := byName[name], byPackage[pkg]; {
		case first != nil:
			b.fault(c, quote(name), "service %q is declared twice; the first is at %s", name, first.position())
			continue
		case pkg == "" || goname.Dir(name) == "":
			b.fault(c, quote(name), "service %q has no name in Go: it needs a letter or a digit", name)
		case reservedServices[pkg] || reservedServices[goname.Dir(name)]:
			b.fault(c, quote(name), "service %q has the name of a directory that gen writes for all services", name)
		case same != nil:
			b.fault(c, quote(name), "services %q and %q at %s both have the package name %s", name, same.str(0), same.position(), pkg)
		}
		byName[name], byPackage[pkg] = c, c
		s := &service{call: c, model: &model.Service{Name: name, Description: text(c.children, "Description")}}
		for _, h := range all(c.children, "HTTP") {
			s.http = append(s.http, h.children...)
		}
		b.services = append(b.services, s)
		b.errorsOf(c, place{service: name})
		b.collectMethods(s)
	}
}

func (b *builder) collectMethods(s *service) {
	byName := map[string]*Call{}
	for _, c := range all(s.call.children, "Method") {
		name := c.str(0)
		id := goname.Exported(name)
		switch first := byName[id]; {
		case id == "":
			b.fault(c, quote(name), "method %q has no name in Go: it needs a letter or a digit", name)
			continue
		case first != nil && first.str(0) == name:
			b.fault(c, quote(name), "method %q is declared twice; the first is at %s", name, first.position())
			continue
		case first != nil:
			b.fault(c, quote(name), "methods %q and %q at %s both have the Go name %s", name, first.str(0), first.position(), id)
			continue
		}
		byName[id] = c
		m := &method{call: c, service: s, model: &model.Method{Name: name, Description: text(c.children, "Description")}}
		for _, h := range all(c.children, "HTTP") {
			m.hasHTTP = true
			m.http = append(m.http, h.children...)
		}
		m.model.Payload = b.methodValue(m, "Payload", "Payload")
		m.model.Result = b.methodValue(m, "Result", "Result")
		m.model.Event = b.methodValue(m, "StreamingResult", "Event")
		m.model.Idempotent = c.find("Idempotent") != nil
		b.methodErrors(m)
		s.methods = append(s.methods, m)
		s.model.Methods = append(s.model.Methods, m.model)
	}
	if len(s.methods) == 0 && len(all(s.call.children, "Files", "Method")) == 0 {
		b.warn(s.call, quote(s.model.Name), "service %q has no method", s.model.Name)
	}
}

// methodValue reads a Payload, Result or StreamingResult; nil is none. The
// type of what it returns is nil when it is broken.
func (b *builder) methodValue(m *method, word, suffix string) *model.Attribute {
	c := m.call.find(word)
	if c == nil {
		return nil
	}
	typ, desc := b.typeArguments(c, c.Args)
	a := &model.Attribute{Required: true}
	b.from[a] = c
	none := typ == Empty || typ == nil && c.hasBody && !hasMembers(c.children)
	switch {
	case none && word == "StreamingResult":
		b.fault(c, "", "a stream needs something to send: StreamingResult has no type and no attribute")
		return a
	case none:
		for _, rule := range c.children {
			if rule.Word != "Description" {
				b.fault(rule, "", "%s has no type that %s could speak of", word, rule.Word)
			}
		}
		return nil
	case typ == nil && !c.hasBody:
		b.fault(c, literal(c.Args[0]), "%s wants a type or a function", word)
		return a
	}
	at := place{m.service.model.Name, goname.Exported(m.model.Name) + suffix}
	b.fill(a, spec{call: c, typ: typ, desc: desc, body: c.children, at: at})
	return a
}
