package policy

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"testing"
)

// cells are the package variables that may be assigned after they were
// initialised, each with its reason. There is one: words of a design are
// functions of a package, so they must find the design somewhere.
var cells = map[string]string{
	"eval.cell": "what the words of a design record, for the one evaluation that runs",
}

// TestPackagesHaveNoState finds assignments to package variables, and to what
// is in them. Caches that guard themselves, such as a sync.Map, are no state
// that anyone can see.
func TestPackagesHaveNoState(t *testing.T) {
	r := load(t)
	found := map[string]bool{}
	for dir, files := range r.packages() {
		info := resolve(r.set, dir, files)
		for _, f := range files {
			ast.Inspect(f.ast, func(n ast.Node) bool {
				if fn, ok := n.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					t.Errorf("%s: init is not ours: state belongs to values", r.set.Position(n.Pos()))
				}
				for _, target := range assigned(n) {
					name := packageVariable(info, target)
					if name == "" {
						continue
					}
					name = dir + "." + name
					found[name] = true
					if cells[name] == "" {
						t.Errorf("%s: %s is assigned after initialisation", r.set.Position(n.Pos()), name)
					}
				}
				return true
			})
		}
	}
	for name := range cells {
		if !found[name] {
			t.Errorf("%s may be assigned and is not: remove it from the list", name)
		}
	}
}

// noImporter makes the type checker leave out everything that is imported:
// the names of a package itself are all that is needed here.
type noImporter struct{}

func (noImporter) Import(string) (*types.Package, error) { return nil, errors.New("not needed") }

func resolve(set *token.FileSet, dir string, files []*file) *types.Info {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: noImporter{}, Error: func(error) {}}
	var parsed []*ast.File
	for _, f := range files {
		parsed = append(parsed, f.ast)
	}
	// The error says that imports are missing, which is as intended.
	_, _ = conf.Check(dir, set, parsed, info)
	return info
}

// assigned returns what the statement assigns to.
func assigned(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			return []ast.Expr{n.Key, n.Value}
		}
	}
	return nil
}

// packageVariable returns the name of the package variable that x is, or is in.
func packageVariable(info *types.Info, x ast.Expr) string {
	for {
		switch e := x.(type) {
		case *ast.ParenExpr:
			x = e.X
		case *ast.StarExpr:
			x = e.X
		case *ast.IndexExpr:
			x = e.X
		case *ast.SelectorExpr:
			if id, ok := e.X.(*ast.Ident); ok {
				if _, ok := info.Uses[id].(*types.PkgName); ok {
					return id.Name + "." + e.Sel.Name
				}
			}
			x = e.X
		case *ast.Ident:
			v, ok := info.Uses[e].(*types.Var)
			if ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
				return v.Name()
			}
			return ""
		default:
			return ""
		}
	}
}
