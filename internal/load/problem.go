package load

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/courant-dev/courant/model"
)

// ProblemsError is all that is wrong with a design.
type ProblemsError struct {
	Dir      string           // places are shown relative to it
	Problems []*model.Problem // with columns, in the order of their places
}

func newProblemsError(dir string, ps []*model.Problem) *ProblemsError {
	findColumns(ps)
	return &ProblemsError{Dir: dir, Problems: ps}
}

// Error returns a line for each problem.
func (e *ProblemsError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = ProblemLine(e.Dir, p)
	}
	return strings.Join(lines, "\n")
}

// ProblemLine returns the problem as one line, "file:line:column: message",
// with the file relative to dir when it is inside.
func ProblemLine(dir string, p *model.Problem) string {
	switch pos := p.Position; {
	case pos.File == "":
		return p.Message
	case pos.Column > 0:
		return fmt.Sprintf("%s:%d:%d: %s", Shown(dir, pos.File), pos.Line, pos.Column, p.Message)
	default:
		return fmt.Sprintf("%s:%d: %s", Shown(dir, pos.File), pos.Line, p.Message)
	}
}

func sortByPlace(ps []*model.Problem) {
	slices.SortStableFunc(ps, func(a, b *model.Problem) int {
		return cmp.Or(strings.Compare(a.Position.File, b.Position.File),
			cmp.Compare(a.Position.Line, b.Position.Line), cmp.Compare(a.Position.Column, b.Position.Column))
	})
}
