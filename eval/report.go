package eval

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/courant-dev/courant/model"
)

// report collects what is wrong with a design.
type report struct {
	problems []*model.Problem
	warnings []*model.Problem
}

// fault notes that c is wrong. text is the argument that it is about, as it
// stands in the call, or "".
func (r *report) fault(c *Call, text, format string, args ...any) {
	r.problems = append(r.problems, problem(c, text, format, args...))
}

// warn notes that c is legal and probably not meant.
func (r *report) warn(c *Call, text, format string, args ...any) {
	r.warnings = append(r.warnings, problem(c, text, format, args...))
}

func problem(c *Call, text, format string, args ...any) *model.Problem {
	return &model.Problem{
		Position: c.place(),
		Word:     c.Word,
		Text:     text,
		Message:  fmt.Sprintf(format, args...),
	}
}

// inOrder sorts ps by place and drops what is said twice.
func inOrder(ps []*model.Problem) []*model.Problem {
	slices.SortStableFunc(ps, func(a, b *model.Problem) int {
		return cmp.Or(strings.Compare(a.Position.File, b.Position.File), a.Position.Line-b.Position.Line)
	})
	seen := make(map[string]bool, len(ps))
	return slices.DeleteFunc(ps, func(p *model.Problem) bool {
		key := p.Position.File + strconv.Itoa(p.Position.Line) + p.Word + p.Message
		twice := seen[key]
		seen[key] = true
		return twice
	})
}

// quote returns s as a design writes it.
func quote(s string) string { return strconv.Quote(s) }

// literal returns v as a design writes it, or "" when that is unknown.
func literal(v any) string {
	switch v := v.(type) {
	case string:
		return quote(v)
	case int, bool, float64:
		return fmt.Sprint(v)
	}
	return ""
}

// nearest returns the end of a message about the unknown name: the known name
// that was probably meant, or all of them where they are few.
func nearest(name string, known []string) string {
	best, least := "", 1+max(1, len(name)/3)
	for _, k := range known {
		d := distance(strings.ToLower(name), strings.ToLower(k))
		if d < least && d < max(len(name), len(k)) { // some letter is the same
			best, least = k, d
		}
	}
	switch {
	case best != "":
		return "; did you mean " + quote(best) + "?"
	case len(known) == 0 || len(known) > 8:
		return ""
	}
	quoted := make([]string, len(known))
	for i, k := range known {
		quoted[i] = quote(k)
	}
	slices.Sort(quoted)
	if len(known) == 1 {
		return "; there is only " + quoted[0]
	}
	return "; there are " + strings.Join(quoted, ", ")
}

// distance returns how many letters to insert, delete, replace or swap with
// their neighbour make b of a.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	before, prev := make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := range s {
		row := make([]int, len(t)+1)
		row[0] = i + 1
		for j := range t {
			cost := 1
			if s[i] == t[j] {
				cost = 0
			}
			row[j+1] = min(row[j]+1, prev[j+1]+1, prev[j]+cost)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, prev = prev, row
	}
	return prev[len(t)]
}
