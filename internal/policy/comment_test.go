package policy

import (
	"go/ast"
	"strings"
	"testing"
)

// selfEvident are methods whose contract is that of an interface of the
// standard library which everyone knows.
var selfEvident = map[string]bool{"Error": true, "Unwrap": true}

func TestExportedNamesHaveComments(t *testing.T) {
	r := load(t)
	for _, f := range r.files {
		if f.isTest() || f.ast.Name.Name == "main" {
			continue
		}
		for _, e := range exported(f.ast) {
			if e.comment == "" && (e.kind != method || !selfEvident[e.name]) {
				t.Errorf("%s: %s has no doc comment", r.set.Position(e.node.Pos()), e.name)
			}
		}
	}
}

// TestPackagesHaveComments wants one comment per package, which says what the
// package owns.
func TestPackagesHaveComments(t *testing.T) {
	for dir, files := range load(t).packages() {
		var comments []string
		for _, f := range files {
			if f.ast.Doc != nil {
				comments = append(comments, f.ast.Doc.Text())
			}
		}
		want := "Package " + files[0].ast.Name.Name + " "
		if files[0].ast.Name.Name == "main" {
			want = "Command "
		}
		if len(comments) != 1 || !strings.HasPrefix(comments[0], want) {
			t.Errorf("%s has %d package comments, want one that begins with %q", dir, len(comments), want)
		}
	}
}

// exportedName is a name that users of a package see.
type exportedName struct {
	name    string
	kind    nameKind
	comment string
	node    ast.Node
}

type nameKind int

const (
	object nameKind = iota // a type, function, constant or variable
	method
	member // a field, or a method of an interface
)

// exported returns the exported names that the file declares: of the members
// of a type only methods have to have a comment.
func exported(f *ast.File) []exportedName {
	var out []exportedName
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			kind := object
			if d.Recv != nil {
				kind = method
			}
			if d.Name.IsExported() && (d.Recv == nil || ast.IsExported(receiver(d))) {
				out = append(out, exportedName{d.Name.Name, kind, d.Doc.Text(), d})
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				out = append(out, exportedInSpec(s, d.Doc.Text())...)
			}
		}
	}
	return out
}

func exportedInSpec(s ast.Spec, group string) []exportedName {
	var out []exportedName
	switch s := s.(type) {
	case *ast.TypeSpec:
		if !s.Name.IsExported() {
			return nil
		}
		out = append(out, exportedName{s.Name.Name, object, s.Doc.Text() + s.Comment.Text() + group, s})
		return append(out, exportedMembers(s)...)
	case *ast.ValueSpec:
		for _, n := range s.Names {
			if n.IsExported() {
				out = append(out, exportedName{n.Name, object, s.Doc.Text() + s.Comment.Text() + group, s})
			}
		}
	}
	return out
}

// exportedMembers returns the fields of a struct, with a comment because they
// need none, and the methods of an interface.
func exportedMembers(s *ast.TypeSpec) []exportedName {
	var fields *ast.FieldList
	none := ""
	switch t := s.Type.(type) {
	case *ast.StructType:
		fields, none = t.Fields, "a field"
	case *ast.InterfaceType:
		fields = t.Methods
	default:
		return nil
	}
	var out []exportedName
	for _, f := range fields.List {
		for _, n := range f.Names {
			if n.IsExported() {
				out = append(out, exportedName{n.Name, member, none + f.Doc.Text() + f.Comment.Text(), f})
			}
		}
	}
	return out
}

// receiver returns the name of the type whose method d is.
func receiver(d *ast.FuncDecl) string {
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}
