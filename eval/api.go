package eval

import (
	"cmp"
	"slices"
	"strings"

	"github.com/courant-dev/courant/model"
)

// defaultURI is where a server listens that the design says nothing of.
const defaultURI = "http://localhost:8080"

// buildAPI reads what the design says of the whole.
func (b *builder) buildAPI() {
	api := &model.API{Name: b.packageName(), Version: "0.0.1"}
	b.design.API = api
	var calls []*Call
	if b.api != nil {
		calls = b.api.children
		if api.Name = b.api.str(0); api.Name == "" {
			b.fault(b.api, quote(""), "an API needs a name")
		}
	}
	api.Title = cmp.Or(text(calls, "Title"), api.Name)
	api.Version = cmp.Or(text(calls, "Version"), api.Version)
	api.Description = text(calls, "Description")
	for _, c := range all(calls, "Server") {
		name := c.str(0)
		if name == "" || slices.ContainsFunc(api.Servers, func(s *model.Server) bool { return s.Name == name }) {
			b.fault(c, quote(name), "a server needs a name of its own, not %q", name)
			continue
		}
		api.Servers = append(api.Servers, b.server(c))
	}
	if len(api.Servers) == 0 {
		api.Servers = []*model.Server{{Name: api.Name, Hosts: []*model.Host{localhost()}}}
	}
	if paths := all(b.apiHTTP(), "Path"); len(paths) > 1 {
		b.fault(paths[1], quote(paths[1].str(0)), "an API has one base path; the first is at %s", paths[0].position())
	}
	var known []string
	for _, s := range b.services {
		for _, e := range s.model.Errors {
			known = append(known, e.Name)
		}
	}
	for _, e := range good(b, b.api) {
		known = append(known, e.str(0))
	}
	b.checkResponses(b.apiHTTP(), known, "the design")
}

func localhost() *model.Host {
	return &model.Host{Name: "localhost", URIs: []string{defaultURI}}
}

func (b *builder) server(c *Call) *model.Server {
	s := &model.Server{Name: c.str(0), Description: text(c.children, "Description")}
	for _, list := range all(c.children, "Services") {
		for i := range list.Args {
			b.checkService(list, list.str(i))
		}
	}
	for _, h := range all(c.children, "Host") {
		host := &model.Host{Name: h.str(0), Description: text(h.children, "Description")}
		for _, u := range all(h.children, "URI") {
			if b.checkURI(u) {
				host.URIs = append(host.URIs, u.str(0))
			}
		}
		if len(all(h.children, "URI")) == 0 {
			b.fault(h, quote(host.Name), "host %q needs a URI", host.Name)
		}
		s.Hosts = append(s.Hosts, host)
	}
	if len(s.Hosts) == 0 {
		s.Hosts = []*model.Host{localhost()}
	}
	return s
}

func (b *builder) checkService(c *Call, name string) {
	var known []string
	for _, s := range b.services {
		known = append(known, s.model.Name)
	}
	if !slices.Contains(known, name) {
		b.fault(c, quote(name), "unknown service %q%s", name, nearest(name, known))
	}
}

func (b *builder) checkURI(c *Call) bool {
	uri := c.str(0)
	scheme, rest, ok := strings.Cut(uri, "://")
	switch {
	case strings.Contains(uri, "{"):
		b.fault(c, quote(uri), "a URI with variables is not built yet")
	case !ok || rest == "" || strings.HasPrefix(rest, "/") || strings.ContainsAny(rest, "?# "):
		b.fault(c, quote(uri), "%q is no URI of a server, such as %q", uri, defaultURI)
	case scheme != "http" && scheme != "https":
		b.fault(c, quote(uri), "the scheme %s is not built yet: a URI begins with http:// or https://", scheme)
	default:
		return true
	}
	return false
}

// packageName returns the name of the design package, which names an API that
// the design does not name.
func (b *builder) packageName() string {
	if len(b.services) == 0 {
		return "design"
	}
	function := b.services[0].call.frame().Function // example.com/app/design.init.0
	function = function[strings.LastIndexByte(function, '/')+1:]
	name, _, _ := strings.Cut(function, ".")
	return cmp.Or(name, "design")
}
