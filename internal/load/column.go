package load

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"

	"github.com/courant-dev/courant/model"
)

// findColumns sets the columns of the problems and sorts them by place. A
// program knows only the line of a call: the column comes from the source,
// which is parsed only when something is wrong.
func findColumns(ps []*model.Problem) {
	sources := map[string]*source{}
	for _, p := range ps {
		if p.Position.Column > 0 || p.Position.File == "" {
			continue
		}
		s, ok := sources[p.Position.File]
		if !ok {
			s = parse(p.Position.File)
			sources[p.Position.File] = s
		}
		s.locate(p)
	}
	sortByPlace(ps)
}

// source is a parsed file. The nil source knows no columns.
type source struct {
	text  []byte
	set   *token.FileSet
	calls map[int][]*ast.CallExpr // by the lines on which their words end
}

func parse(file string) *source {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	s := &source{text: text, set: token.NewFileSet(), calls: map[int][]*ast.CallExpr{}}
	f, err := parser.ParseFile(s.set, file, text, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			line := s.set.PositionFor(c.Fun.End(), false).Line
			s.calls[line] = append(s.calls[line], c)
		}
		return true
	})
	return s
}

// locate sets the column of p: of the argument it is about, or of the word.
func (s *source) locate(p *model.Problem) {
	if s == nil {
		return
	}
	var word *ast.CallExpr
	for _, c := range s.calls[p.Position.Line] {
		if !isCallOf(c, p.Word) {
			continue
		}
		if word == nil {
			word = c
		}
		if arg := s.argument(c, p.Text); arg != nil {
			s.moveTo(p, arg)
			return
		}
	}
	if word != nil {
		s.moveTo(p, word)
	}
}

func (s *source) moveTo(p *model.Problem, n ast.Node) {
	at := s.set.PositionFor(n.Pos(), false)
	p.Position.Line, p.Position.Column = at.Line, at.Column
}

func isCallOf(c *ast.CallExpr, word string) bool {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name == word
	case *ast.SelectorExpr:
		return f.Sel.Name == word
	}
	return false
}

// argument returns the argument that stands in the call as text, or nil. A
// string may be written in another way than Go quotes it.
func (s *source) argument(c *ast.CallExpr, text string) ast.Expr {
	if text == "" {
		return nil
	}
	for _, arg := range c.Args {
		from, to := s.set.PositionFor(arg.Pos(), false).Offset, s.set.PositionFor(arg.End(), false).Offset
		written := string(s.text[from:to])
		if unquoted, err := strconv.Unquote(written); err == nil {
			written = strconv.Quote(unquoted)
		}
		if written == text {
			return arg
		}
	}
	return nil
}
