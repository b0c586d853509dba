// Package wire generates, for each service, the descriptors of its methods:
// how they travel over HTTP. Server and client share them.
//
// It does not generate behaviour: that is in the run time.
package wire

import (
	"fmt"
	"strconv"
	"strings"
	"time"

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
	p.P("HTTP: ", p.courant(kind+"HTTP"), "{")
	p.printRoutes(m.HTTP)
	p.printRequest(m)
	if m.Event != nil {
		p.printEvents(m.HTTP.Stream)
	} else {
		p.printResponse(m.HTTP.Response)
	}
	p.P("},")
	p.printErrors(m)
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

func (p *printer) printRoutes(h *model.HTTP) {
	texts := make([]string, len(h.Routes))
	for i, r := range h.Routes {
		texts[i] = fmt.Sprintf("{Verb: %q, Path: %q}", r.Verb, r.Path)
	}
	p.P("Routes: []", p.courant("Route"), "{", strings.Join(texts, ", "), "},")
}

func (p *printer) printRequest(m *model.Method) {
	id := ""
	if m.HTTP.Stream != nil {
		id = m.HTTP.Stream.RequestID
	}
	if m.Payload == nil || (len(m.HTTP.Params) == 0 && m.HTTP.Body.Part == model.Whole && id == "") {
		return
	}
	p.P("Request: ", p.courant("Request"), "{")
	p.printParams("Params", m.HTTP.Params)
	p.printContent("Body", m.HTTP.Body)
	p.printText("LastEventID", id)
	p.P("},")
}

func (p *printer) printResponse(r *model.Response) {
	if r.Status == 200 && len(r.Headers) == 0 && r.Body.Part == model.Whole {
		return
	}
	if len(r.Headers) == 0 && r.Body.Part == model.Whole {
		p.P("Response: ", p.courant("Response"), "{Status: ", r.Status, "},")
		return
	}
	p.P("Response: ", p.courant("Response"), "{")
	p.P("Status: ", r.Status, ",")
	p.printParams("Headers", r.Headers)
	p.printContent("Body", r.Body)
	p.P("},")
}

func (p *printer) printEvents(e *model.StreamSSE) {
	if isDefault(e) {
		return
	}
	p.P("Events: ", p.courant("Events"), "{")
	p.printText("Type", e.EventType)
	p.printText("ID", e.EventID)
	p.printText("Retry", e.EventRetry)
	p.printContent("Data", e.Data)
	p.printText("Done", e.Done)
	if e.NoControlEvents {
		p.P("NoControlEvents: true,")
	}
	if e.Heartbeat != nil {
		p.P("Heartbeat: ", p.duration(*e.Heartbeat), ",")
	}
	if e.HeartbeatAsEvent {
		p.P("HeartbeatEvent: true,")
	}
	p.P("},")
}

// duration writes a heartbeat; none is negative.
func (p *printer) duration(d time.Duration) string {
	unit, name := time.Millisecond, "Millisecond"
	switch {
	case d == 0:
		return "-1"
	case d%time.Second == 0:
		unit, name = time.Second, "Second"
	case d%time.Millisecond != 0:
		unit, name = time.Nanosecond, "Nanosecond"
	}
	return fmt.Sprint(int64(d/unit), " * ", p.Ident(gotree.Time, name))
}

func isDefault(e *model.StreamSSE) bool {
	return e.Data.Part == model.Whole && e.EventType == "" && e.EventID == "" && e.EventRetry == "" &&
		e.Done == "" && !e.NoControlEvents && e.Heartbeat == nil && !e.HeartbeatAsEvent
}

func (p *printer) printText(field, text string) {
	if text != "" {
		p.P(field, ": ", strconv.Quote(text), ",")
	}
}

var places = map[model.In]string{model.InPath: "InPath", model.InQuery: "InQuery", model.InHeader: "InHeader"}

func (p *printer) printParams(field string, params []*model.Param) {
	if len(params) == 0 {
		return
	}
	p.P(field, ": []", p.courant("Param"), "{")
	for _, a := range params {
		attribute := ""
		if a.Attribute != "" {
			attribute = fmt.Sprintf("Attribute: %q, ", a.Attribute)
		}
		p.P("{In: ", p.courant(places[a.In]), ", ", attribute, fmt.Sprintf("Name: %q},", a.Name))
	}
	p.P("},")
}

func (p *printer) printContent(field string, c model.Content) {
	quoted := make([]string, len(c.Attributes))
	for i, a := range c.Attributes {
		quoted[i] = strconv.Quote(a)
	}
	list := "(" + strings.Join(quoted, ", ") + "),"
	switch {
	case c.Part == model.Nothing:
		p.P(field, ": ", p.courant("Nothing"), "(),")
	case c.Part == model.Members:
		p.P(field, ": ", p.courant("Members"), list)
	case c.Part == model.Bare && len(quoted) > 0:
		p.P(field, ": ", p.courant("Bare"), list)
	case c.Part == model.Bare:
		p.P(field, ": ", p.courant("BareValue"), "(),")
	}
}

func (p *printer) printErrors(m *model.Method) {
	if len(m.Errors) == 0 {
		return
	}
	p.P("Errors: []", p.courant("DeclaredError"), "{")
	for _, e := range m.Errors {
		typ := goname.Exported(e.Name) + "Error"
		if e.Type != "" {
			typ = goname.Exported(p.tree.Design.Type(e.Type).Name)
		}
		temporary := ""
		if e.Temporary {
			temporary = "Temporary: true, "
		}
		p.P(fmt.Sprintf("{Name: %q, Status: %d, %s", e.Name, e.Status, temporary),
			"New: func() error { return new(", p.Ident(p.tree.Service(p.service), typ), ") }},")
	}
	p.P("},")
}
