// Package wire generates, for each service, the descriptors of its methods:
// how they travel over HTTP. Server and client share them.
//
// It does not generate behaviour: that is in the run time.
package wire

import (
	"strconv"
	"strings"

	"github.com/courant-dev/courant/internal/gen"
	"github.com/courant-dev/courant/internal/gen/check"
	"github.com/courant-dev/courant/internal/gen/gotree"
	"github.com/courant-dev/courant/internal/gofile"
	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// Generator returns the generator of descriptors.
func Generator() gen.Generator {
	return gen.Generator{Name: "wire", Doc: "descriptors of methods, shared by server and client", Run: run}
}

func run(in *gen.Input) ([]gen.File, error) {
	return gotree.New(in).Files(wireFile)
}

func wireFile(tree *gotree.Tree, s *model.Service) (gen.File, error) {
	pkg := tree.Wire(s)
	f := gofile.New(pkg, "Package wire says how the methods of the "+s.Name+
		" service travel over HTTP. The server and the client share it, so that they cannot disagree.")
	p := &printer{f, tree, s, &check.Printer{File: f, Tree: tree}}
	p.printHandshake()
	for _, m := range s.Methods {
		if m.HTTP != nil {
			p.printMethod(m)
		}
	}
	p.checks.Patterns()
	return tree.File(pkg, "wire.go", f)
}

// printer prints the descriptors of one service.
type printer struct {
	*gofile.File
	tree    *gotree.Tree
	service *model.Service
	checks  *check.Printer
}

func (p *printer) courant(name string) string { return p.Ident(gotree.Courant, name) }

func (p *printer) printHandshake() {
	p.P("// This line does not compile when the courant package is older than the")
	p.P("// generator. Update it, or generate again with the command of its version:")
	p.P("//")
	p.P("//\tgo get github.com/courant-dev/courant@latest")
	p.P("const _ = ", p.courant("Version1"))
	p.P()
}

func (p *printer) printMethod(m *model.Method) {
	kind, answer := "Unary", p.passed(m.Result)
	if m.Event != nil {
		kind, answer = "Stream", p.passed(m.Event)
	}
	name := goname.Exported(m.Name)
	p.P("// ", name, " is ", routes(m), ".")
	p.P("var ", name, " = &", p.courant(kind+"Method"), "[", p.passed(m.Payload), ", ", answer, "]{")
	p.P("Name: ", strconv.Quote(p.service.Name+"."+m.Name), ",")
	if m.Idempotent {
		p.P("Idempotent: true,")
	}
	p.P("HTTP: ", literal(p.courant(kind+"HTTP"),
		p.routes(m.HTTP), p.request(m), p.response(m.HTTP.Response), p.events(m.HTTP.Stream)), ",")
	if m.Topic != nil {
		p.P(p.topic(m.Topic), ",")
	}
	if len(m.Errors) > 0 {
		p.P(p.errors(m), ",")
	}
	p.printValidate(m)
	p.P("}")
	p.P()
}

// printValidate prints the checks of a payload that has no method for them.
func (p *printer) printValidate(m *model.Method) {
	a := m.Payload
	if a == nil || (a.Type.Kind == model.User && a.Rules.IsZero()) || !check.Needed(p.tree, a) {
		return
	}
	p.P("Validate: func(p ", p.passed(a), ") error {")
	p.P("var e ", p.Ident(gotree.Valid, "Errors"))
	p.checks.Attribute(a, "p", goname.Exported(m.Name)+"Payload")
	p.P("return e.Err()")
	p.P("},")
}

// passed spells the type of a payload, a result or an event.
func (p *printer) passed(a *model.Attribute) string {
	if a == nil {
		return p.courant("None")
	}
	return p.tree.Type(p.File, p.tree.Service(p.service), a.Type)
}

func routes(m *model.Method) string {
	texts := make([]string, len(m.HTTP.Routes))
	for i, r := range m.HTTP.Routes {
		texts[i] = r.Verb + " " + r.Path
	}
	return strings.Join(texts, " and ")
}
