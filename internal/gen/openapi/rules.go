package openapi

import (
	"encoding/json"
	"regexp/syntax"
	"strings"

	"github.com/courant-dev/courant/model"
)

// applyRules says in s what a value of the kind must satisfy.
func applyRules(s *schema, k model.Kind, r model.Rules) {
	s.Enum = values(r.Enum)
	applyFormat(s, r.Format)
	if r.Pattern != "" {
		if pattern, ok := portable(r.Pattern); ok {
			s.Pattern = pattern
		} else {
			s.RE2 = r.Pattern
		}
	}
	if r.Minimum != "" {
		s.Minimum = json.Number(r.Minimum)
	}
	if r.Maximum != "" {
		s.Maximum = json.Number(r.Maximum)
	}
	switch k {
	case model.Array:
		s.MinItems, s.MaxItems = r.MinLength, r.MaxLength
	case model.Map:
		s.MinProperties, s.MaxProperties = r.MinLength, r.MaxLength
	case model.Bytes:
		s.MinLength, s.MaxLength = base64Length(r.MinLength), base64Length(r.MaxLength)
	default:
		s.MinLength, s.MaxLength = r.MinLength, r.MaxLength
	}
}

// applyFormat uses the name that JSON Schema has for the format. What it has
// none for keeps the name of the design, which tools ignore.
func applyFormat(s *schema, f model.Format) {
	switch f {
	case 0:
	case model.FormatJSON:
		s.ContentMediaType = jsonType
	case model.FormatRegexp:
		s.Format = "regex"
	default:
		s.Format = f.String()
	}
}

// base64Length is how many characters n bytes have in padded base64.
func base64Length(n *int) *int {
	if n == nil {
		return nil
	}
	chars := (*n + 2) / 3 * 4
	return &chars
}

// portable returns the RE2 expression as ECMA-262 has it, in which JSON Schema
// writes patterns. It reports false for what the two do not share; a document
// with such a pattern would be misread, so it goes to the member
// x-re2-pattern.
func portable(re2 string) (string, bool) {
	if _, err := syntax.Parse(re2, syntax.Perl); err != nil {
		return "", false
	}
	var out strings.Builder
	inClass := false
	for i := 0; i < len(re2); i++ {
		rest := re2[i:]
		switch {
		case rest[0] == '\\' && strings.ContainsRune(`QEaCpPx01234567`, rune(rest[1])):
			return "", false
		case strings.HasPrefix(rest, `\A`):
			out.WriteByte('^')
			i++
		case strings.HasPrefix(rest, `\z`):
			out.WriteByte('$')
			i++
		case rest[0] == '\\':
			out.WriteString(rest[:2])
			i++
		case inClass && strings.HasPrefix(rest, "[:"):
			return "", false
		case inClass:
			inClass = rest[0] != ']'
			out.WriteByte(rest[0])
		case strings.HasPrefix(rest, "[]"), strings.HasPrefix(rest, "[^]"): // a member in RE2, the end in ECMA-262
			return "", false
		case strings.HasPrefix(rest, "(?P<"):
			out.WriteString("(?<")
			i += len("(?P<") - 1
		case strings.HasPrefix(rest, "(?") && !strings.HasPrefix(rest, "(?:") && !strings.HasPrefix(rest, "(?<"):
			return "", false
		default:
			inClass = rest[0] == '['
			out.WriteByte(rest[0])
		}
	}
	return out.String(), true
}
