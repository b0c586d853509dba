// Package gotree says where generated Go code stands and how it spells the
// types of a design.
//
// It prints nothing but types: declarations are the business of the packages
// that generate them.
package gotree

import (
	"path"

	"github.com/courant-dev/courant/internal/gen"
	"github.com/courant-dev/courant/internal/gofile"
	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// The packages of the run time that generated code imports.
var (
	Courant = gofile.Package{Path: "github.com/courant-dev/courant", Name: "courant"}
	Hub     = gofile.Package{Path: "github.com/courant-dev/courant/hub", Name: "hub"}
	Valid   = gofile.Package{Path: "github.com/courant-dev/courant/valid", Name: "valid"}
	Value   = gofile.Package{Path: "github.com/courant-dev/courant/value", Name: "value"}
)

// The packages of the standard library that generated code imports.
var (
	Context = gofile.Package{Path: "context", Name: "context"}
	HTTP    = gofile.Package{Path: "net/http", Name: "http"}
	Iter    = gofile.Package{Path: "iter", Name: "iter"}
	Log     = gofile.Package{Path: "log", Name: "log"}
	Strconv = gofile.Package{Path: "strconv", Name: "strconv"}
	Time    = gofile.Package{Path: "time", Name: "time"}
)

// Tree is the tree of generated packages of one design.
type Tree struct {
	*model.Design
	root string
}

// New returns the tree of in.
func New(in *gen.Input) *Tree { return &Tree{in.Design, in.ImportPath} }

// Service returns the package of the interface and the types of s.
func (t *Tree) Service(s *model.Service) gofile.Package {
	name := goname.Package(s.Name)
	return gofile.Package{Path: path.Join(t.root, goname.Dir(s.Name)), Name: name, As: localName(name)}
}

// Types returns the package of the types that several services share.
func (t *Tree) Types() gofile.Package {
	return gofile.Package{Path: path.Join(t.root, "types"), Name: "types"}
}

// Wire returns the package of the descriptors of s.
func (t *Tree) Wire(s *model.Service) gofile.Package { return t.below(s, "internal/wire") }

// Server returns the package that serves s.
func (t *Tree) Server(s *model.Service) gofile.Package { return t.below(s, "server") }

// Topics returns the package of the topics of s.
func (t *Tree) Topics(s *model.Service) gofile.Package { return t.below(s, "topics") }

// Client returns the package that calls s.
func (t *Tree) Client(s *model.Service) gofile.Package { return t.below(s, "client") }

func (t *Tree) below(s *model.Service, dir string) gofile.Package {
	return gofile.Package{Path: path.Join(t.Service(s).Path, dir), Name: path.Base(dir)}
}

// File returns the generated file called name in pkg with what f holds.
func (t *Tree) File(pkg gofile.Package, name string, f *gofile.File) (gen.File, error) {
	content, err := f.Bytes()
	return gen.File{Path: path.Join(pkg.Path[len(t.root)+1:], name), Content: content}, err
}

// Files returns the files that each of the functions makes of every service.
func (t *Tree) Files(of ...func(*Tree, *model.Service) (gen.File, error)) ([]gen.File, error) {
	var files []gen.File
	for _, s := range t.Services {
		for _, f := range of {
			file, err := f(t, s)
			if err != nil {
				return nil, err
			}
			files = append(files, file)
		}
	}
	return files, nil
}

// IsShared reports whether several services reach typ.
func IsShared(typ *model.Type) bool { return len(typ.Services) > 1 }
