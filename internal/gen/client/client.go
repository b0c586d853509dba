// Package client generates, for each service, the package that calls it over
// HTTP, with a compiled example.
//
// It prints one call of the run time per method, and no behaviour.
package client

import (
	"strings"

	"github.com/courant-dev/courant/internal/gen"
	"github.com/courant-dev/courant/internal/gen/gotree"
	"github.com/courant-dev/courant/internal/gofile"
	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// Generator returns the generator of client packages.
func Generator() gen.Generator {
	return gen.Generator{Name: "client", Doc: "Go clients that reconnect and resume", Run: run}
}

func run(in *gen.Input) ([]gen.File, error) {
	return gotree.New(in).Files(clientFile, exampleFile)
}

func clientFile(tree *gotree.Tree, s *model.Service) (gen.File, error) {
	pkg := tree.Client(s)
	f := gofile.New(pkg, "Package client calls the "+s.Name+" service over HTTP.")
	p := &printer{File: f, tree: tree, service: s}
	p.printClient()
	p.printStreamTypes()
	for _, m := range s.Methods {
		if m.HTTP == nil {
			continue
		}
		if m.Event != nil {
			p.printStream(m)
		} else {
			p.printUnary(m)
		}
	}
	return tree.File(pkg, "client.go", f)
}

// printer prints the client of one service.
type printer struct {
	*gofile.File
	tree    *gotree.Tree
	service *model.Service
}

func (p *printer) courant(name string) string { return p.Ident(gotree.Courant, name) }

func (p *printer) typeOf(a *model.Attribute) string {
	return p.tree.Type(p.File, p.tree.Service(p.service), a.Type)
}

// baseURL is where the service runs according to the design.
func (p *printer) baseURL() string { return p.tree.API.Servers[0].Hosts[0].URIs[0] }

func (p *printer) printClient() {
	p.Doc("Client calls the " + p.service.Name + " service. It is safe for concurrent use.")
	p.P("type Client struct{ c *", p.courant("Client"), " }")
	p.P()
	p.Doc("NewClient returns a client of the server at baseURL, such as \"" + p.baseURL() +
		"\". A bad URL is an error of the first call.")
	p.P("func NewClient(baseURL string, opts ...", p.courant("ClientOption"), ") *Client {")
	p.P("return &Client{", p.courant("NewClient"), "(baseURL, opts...)}")
	p.P("}")
	p.P()
}

// params returns the parameters of m, and what is passed on as the payload.
func (p *printer) params(m *model.Method) (params, payload string) {
	params = "ctx " + p.Ident(gotree.Context, "Context")
	if m.Payload == nil {
		return params, p.courant("None") + "{}"
	}
	return params + ", p " + p.typeOf(m.Payload), "p"
}

func (p *printer) call(m *model.Method, kind, payload string) string {
	return p.courant("Call"+kind) + "(ctx, c.c, " +
		p.Ident(p.tree.Wire(p.service), goname.Exported(m.Name)) + ", " + payload + ")"
}

// printStreamTypes gives the receiving sides of streams their names.
func (p *printer) printStreamTypes() {
	var lines []string
	for _, m := range p.service.Methods {
		if m.HTTP != nil && m.Event != nil {
			name := goname.Exported(m.Name)
			lines = append(lines, name+"ClientStream = "+p.courant("ClientStream")+"["+p.typeOf(m.Event)+"] // of "+name)
		}
	}
	switch len(lines) {
	case 0:
		return
	case 1:
		p.P("// The receiving side of a stream.")
		p.P("type ", lines[0])
	default:
		p.P("// The receiving sides of streams.")
		p.P("type (")
		p.P(strings.Join(lines, "\n"))
		p.P(")")
	}
	p.P()
}

func (p *printer) printStream(m *model.Method) {
	name := goname.Exported(m.Name)
	stream := name + "ClientStream"
	p.Doc(gotree.MethodDoc(m) + "\n\nIt reconnects by itself until ctx is done; see [courant.CallStream].")
	params, payload := p.params(m)
	p.P("func (c *Client) ", name, "(", params, ") (*", stream, ", error) {")
	p.P("return ", p.call(m, "Stream", payload))
	p.P("}")
	p.P()
}

func (p *printer) printUnary(m *model.Method) {
	params, payload := p.params(m)
	p.Doc(gotree.MethodDoc(m))
	head := "func (c *Client) " + goname.Exported(m.Name) + "(" + params + ") "
	if m.Result != nil {
		p.P(head, "(", p.typeOf(m.Result), ", error) {")
		p.P("return ", p.call(m, "Unary", payload))
	} else {
		p.P(head, "error {")
		p.P("_, err := ", p.call(m, "Unary", payload))
		p.P("return err")
	}
	p.P("}")
	p.P()
}
