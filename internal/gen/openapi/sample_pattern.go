package openapi

import (
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"github.com/courant-dev/courant/model"
)

// matching returns a short string for the pattern; it need not match where the
// pattern looks around itself. Repetitions have as many turns as reach the
// shortest length that the rules allow.
func matching(pattern string, r model.Rules) string {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return ""
	}
	const most = 64
	for turns := 1; ; turns *= 2 {
		var out strings.Builder
		writeMatch(&out, re, turns)
		s := out.String()
		if r.MinLength == nil || utf8.RuneCountInString(s) >= *r.MinLength || turns >= most {
			return s
		}
	}
}

// writeMatch appends a match of re, with that many turns of what may repeat.
func writeMatch(out *strings.Builder, re *syntax.Regexp, turns int) {
	switch re.Op {
	case syntax.OpLiteral:
		out.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		out.WriteRune(runeOf(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		out.WriteByte('a')
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range re.Sub {
			writeMatch(out, sub, turns)
		}
	case syntax.OpAlternate:
		writeMatch(out, re.Sub[0], turns)
	case syntax.OpPlus, syntax.OpStar:
		repeatMatch(out, re.Sub[0], turns)
	case syntax.OpRepeat:
		n := max(re.Min, turns)
		if re.Max >= 0 {
			n = min(n, re.Max)
		}
		repeatMatch(out, re.Sub[0], min(n, 1000))
	default: // the empty ones: ^, $, \b and what is optional
	}
}

func repeatMatch(out *strings.Builder, re *syntax.Regexp, n int) {
	for range n {
		writeMatch(out, re, 1)
	}
}

// runeOf returns a rune of the class: a small letter, a digit or a capital
// where it has one. The class is pairs of bounds.
func runeOf(class []rune) rune {
	for _, wanted := range []struct{ from, to rune }{{'a', 'z'}, {'1', '9'}, {'A', 'Z'}, {'!', '~'}} {
		for i := 0; i+1 < len(class); i += 2 {
			if from := max(class[i], wanted.from); from <= min(class[i+1], wanted.to) {
				return from
			}
		}
	}
	if len(class) == 0 {
		return 0
	}
	return class[0]
}
