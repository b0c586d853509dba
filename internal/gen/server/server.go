// Package server generates, for each service, the package that serves it over
// HTTP.
//
// It prints one call of the run time per method, and no behaviour.
package server

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/courant-dev/courant/internal/gen"
	"github.com/courant-dev/courant/internal/gen/gotree"
	"github.com/courant-dev/courant/internal/gofile"
	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// Generator returns the generator of server packages.
func Generator() gen.Generator {
	return gen.Generator{Name: "server", Doc: "HTTP servers", Run: run}
}

func run(in *gen.Input) ([]gen.File, error) {
	return gotree.New(in).Files(serverFile)
}

func serverFile(tree *gotree.Tree, s *model.Service) (gen.File, error) {
	pkg := tree.Server(s)
	f := gofile.New(pkg, "Package server serves the "+s.Name+" service over HTTP.")
	p := &printer{File: f, tree: tree, service: s}
	p.printNew()
	p.printMount()
	p.printUnimplemented()
	return tree.File(pkg, "server.go", f)
}

// printer prints the server of one service.
type printer struct {
	*gofile.File
	tree    *gotree.Tree
	service *model.Service
}

func (p *printer) courant(name string) string { return p.Ident(gotree.Courant, name) }

func (p *printer) svc(name string) string { return p.Ident(p.tree.Service(p.service), name) }

func (p *printer) typeOf(a *model.Attribute) string {
	return p.tree.Type(p.File, p.tree.Service(p.service), a.Type)
}

func (p *printer) printNew() {
	p.P("// New returns a handler that serves svc.")
	p.P("func New(svc ", p.svc("Service"), ", opts ...", p.courant("ServerOption"), ") ", p.Ident(gotree.HTTP, "Handler"), " {")
	p.P("mux := ", p.Ident(gotree.HTTP, "NewServeMux"), "()")
	p.P("Mount(mux, svc, opts...)")
	p.P("return ", p.courant("RedirectSlashes"), "(mux)")
	p.P("}")
	p.P()
}

func (p *printer) printMount() {
	p.P("// Mount registers every route of svc on mux:")
	p.P("//")
	for _, m := range p.service.Methods {
		if m.HTTP == nil {
			continue
		}
		for _, r := range m.HTTP.Routes {
			p.P("//\t", r.Verb, " ", r.Path, "\t", goname.Exported(m.Name))
		}
	}
	for _, files := range p.service.Files {
		p.P("//\tGET ", files.Path, "\t", strings.ReplaceAll(files.Source, "\n", " "))
	}
	p.P("func Mount(mux *", p.Ident(gotree.HTTP, "ServeMux"), ", svc ", p.svc("Service"), ", opts ...", p.courant("ServerOption"), ") {")
	p.P(p.courant("CheckServerOptions"), "(opts", p.names(), ")")
	for _, m := range p.service.Methods {
		if m.HTTP != nil {
			p.printHandle(m)
		}
	}
	for _, files := range p.service.Files {
		p.P(p.courant("HandleFiles"), "(mux, ", strconv.Quote(files.Path), ", ", strconv.Quote(files.Source), ", opts...)")
	}
	p.P("}")
	p.P()
}

// names lists the methods as further arguments.
func (p *printer) names() string {
	var b strings.Builder
	for _, m := range p.service.Methods {
		b.WriteString(", " + strconv.Quote(p.service.Name+"."+m.Name))
	}
	return b.String()
}

// printHandle prints the call of the run time that serves m.
func (p *printer) printHandle(m *model.Method) {
	name := goname.Exported(m.Name)
	kind := "Unary"
	if m.Event != nil {
		kind = "Stream"
	}
	call := p.courant("Handle"+kind) + "(mux, " + p.Ident(p.tree.Wire(p.service), name)
	if m.Event == nil && m.Payload != nil && m.Result != nil {
		p.P(call, ", svc.", name, ", opts...)")
		return
	}
	payload, pass := "_ "+p.courant("None"), ""
	if m.Payload != nil {
		payload, pass = "p "+p.typeOf(m.Payload), ", p"
	}
	p.P(call, ",")
	head := "func(ctx " + p.Ident(gotree.Context, "Context") + ", " + payload
	switch {
	case m.Event != nil:
		p.P(head, ", s *", p.courant("ServerStream"), "[", p.typeOf(m.Event), "]) error {")
		p.P("return svc.", name, "(ctx", pass, ", s)")
	case m.Result != nil:
		p.P(head, ") (", p.typeOf(m.Result), ", error) {")
		p.P("return svc.", name, "(ctx", pass, ")")
	default:
		p.P(head, ") (", p.courant("None"), ", error) {")
		p.P("return ", p.courant("None"), "{}, svc.", name, "(ctx", pass, ")")
	}
	p.P("}, opts...)")
}

func (p *printer) printUnimplemented() {
	p.P("// Unimplemented answers every method with 501 Not Implemented. A service that")
	p.P("// embeds it compiles while it has only some of the methods.")
	p.P("type Unimplemented struct{}")
	p.P()
	p.P("var _ ", p.svc("Service"), " = Unimplemented{}")
	p.P()
	for _, m := range p.service.Methods {
		name := goname.Exported(m.Name)
		params := p.Ident(gotree.Context, "Context")
		if m.Payload != nil {
			params += ", " + p.typeOf(m.Payload)
		}
		result, value := "error", ""
		switch {
		case m.Event != nil:
			params += ", " + p.svc(name+"ServerStream")
		case m.Result != nil:
			result, value = fmt.Sprintf("(r %s, err error)", p.typeOf(m.Result)), "r, "
		}
		p.P("func (Unimplemented) ", name, "(", params, ") ", result, " {")
		p.P("return ", value, p.courant("Unimplemented"), "(", strconv.Quote(p.service.Name+"."+m.Name), ")")
		p.P("}")
	}
}
