// Package service generates the package of each service: its interface, its
// types, and what they must satisfy; and package types, for what several
// services share.
//
// It does not generate how anything travels.
package service

import (
	"fmt"
	"slices"

	"github.com/courant-dev/courant/internal/gen"
	"github.com/courant-dev/courant/internal/gen/check"
	"github.com/courant-dev/courant/internal/gen/gotree"
	"github.com/courant-dev/courant/internal/gofile"
	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// Generator returns the generator of service and type packages.
func Generator() gen.Generator {
	return gen.Generator{Name: "service", Doc: "service interfaces and types", Run: run}
}

func run(in *gen.Input) ([]gen.File, error) {
	tree := gotree.New(in)
	files, err := tree.Files(serviceFile)
	if err != nil {
		return nil, err
	}
	shared, err := sharedFile(tree)
	if err != nil || shared == nil {
		return files, err
	}
	return append(files, *shared), nil
}

func serviceFile(tree *gotree.Tree, s *model.Service) (gen.File, error) {
	pkg := tree.Service(s)
	f := gofile.New(pkg, fmt.Sprintf("Package %s is the %q service%s", pkg.Name, s.Name, colon(s.Description)))
	p := newPrinter(f, tree, pkg)
	p.printService(s)
	for _, m := range s.Methods {
		if m.Event != nil {
			p.printStream(m)
		}
	}
	for _, e := range s.Errors {
		if e.Type == "" {
			p.printError(e)
		}
	}
	for _, t := range tree.Design.Types {
		switch {
		case !slices.Contains(t.Services, s.Name):
		case gotree.IsShared(t):
			p.printAlias(t)
		default:
			p.printType(t)
		}
	}
	p.checks.Patterns()
	return tree.File(pkg, "service.go", f)
}

// sharedFile returns package types, or nil when no type is shared.
func sharedFile(tree *gotree.Tree) (*gen.File, error) {
	pkg := tree.Types()
	f := gofile.New(pkg, "Package types holds the types that several services share.")
	p := newPrinter(f, tree, pkg)
	count := 0
	for _, t := range tree.Design.Types {
		if gotree.IsShared(t) {
			p.printType(t)
			count++
		}
	}
	if count == 0 {
		return nil, nil
	}
	p.checks.Patterns()
	file, err := tree.File(pkg, "types.go", f)
	return &file, err
}

// printer prints declarations of one package.
type printer struct {
	*gofile.File
	tree   *gotree.Tree
	home   gofile.Package
	checks *check.Printer
}

func newPrinter(f *gofile.File, tree *gotree.Tree, home gofile.Package) *printer {
	return &printer{f, tree, home, &check.Printer{File: f, Tree: tree}}
}

func (p *printer) printService(s *model.Service) {
	p.P("// Service is what the application implements.")
	p.P("type Service interface {")
	for i, m := range s.Methods {
		if i > 0 {
			p.P()
		}
		p.Doc(methodDoc(m))
		p.P(goname.Exported(m.Name), p.signature(m))
	}
	p.P("}")
	p.P()
}

func methodDoc(m *model.Method) string {
	doc := gotree.MethodDoc(m)
	if m.Event == nil {
		return doc
	}
	return fmt.Sprintf("%s\n\nThe stream ends when %s returns; ctx is done when the client is gone.",
		doc, goname.Exported(m.Name))
}

// signature is what follows the name of the method m.
func (p *printer) signature(m *model.Method) string {
	params := "(ctx " + p.Ident(gotree.Context, "Context")
	if m.Payload != nil {
		params += ", p " + p.typeOf(m.Payload)
	}
	if m.Event != nil {
		return params + ", stream " + goname.Exported(m.Name) + "ServerStream) error"
	}
	if m.Result != nil {
		return params + ") (" + p.typeOf(m.Result) + ", error)"
	}
	return params + ") error"
}

func (p *printer) typeOf(a *model.Attribute) string { return p.tree.Type(p.File, p.home, a.Type) }

func (p *printer) printStream(m *model.Method) {
	name := goname.Exported(m.Name) + "ServerStream"
	p.P("// ", name, " is the sending side of the ", m.Name, " method.")
	p.P("type ", name, " interface {")
	p.P("// Send sends one event to the client. It is safe for concurrent use.")
	p.P("Send(", p.typeOf(m.Event), ") error")
	p.P("// Close flushes; what the method returns decides how the stream ends.")
	p.P("Close() error")
	p.P("}")
	p.P()
}

// printError prints the type of an error that has none in the design.
func (p *printer) printError(e *model.Error) {
	name := goname.Exported(e.Name)
	p.Doc(fmt.Sprintf("%sError is the error %q%s", name, e.Name, colon(e.Description)))
	p.P("type ", name, "Error struct {")
	p.P("Detail string `json:\"detail\"`")
	p.P("}")
	p.P()
	p.Doc(fmt.Sprintf("Make%s returns the error %q with the text of err.", name, e.Name))
	p.P("func Make", name, "(err error) error { return &", name, "Error{Detail: err.Error()} }")
	p.P()
	p.P("func (e *", name, "Error) Error() string { return e.Detail }")
	p.printErrorName(name+"Error", e.Name)
}

func (p *printer) printErrorName(typ, name string) {
	p.P("func (*", typ, ") ErrorName() string { return ", quote(name), " }")
	p.P()
}

func colon(description string) string {
	if description == "" {
		return "."
	}
	return ": " + gotree.Sentence(description)
}
