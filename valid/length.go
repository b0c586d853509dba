package valid

import (
	"fmt"
	"unicode/utf8"
)

// MinLength checks that a string has at least limit characters: Unicode code
// points, as JSON Schema counts them.
func MinLength[S ~string](e *Errors, attribute string, value S, limit int) {
	if n := utf8.RuneCountInString(string(value)); n < limit {
		e.Add(attribute, "MinLength", fmt.Sprintf("want at least %s, have %d", count(limit, "character"), n))
	}
}

// MaxLength checks that a string has at most limit characters.
func MaxLength[S ~string](e *Errors, attribute string, value S, limit int) {
	if len(value) <= limit { // no string has more characters than bytes
		return
	}
	if n := utf8.RuneCountInString(string(value)); n > limit {
		e.Add(attribute, "MaxLength", fmt.Sprintf("want at most %s, have %d", count(limit, "character"), n))
	}
}

// MinLen checks the length of bytes, an array or a map: length >= limit.
func MinLen(e *Errors, attribute string, length, limit int) {
	if length < limit {
		e.Add(attribute, "MinLength", fmt.Sprintf("want at least %s, have %d", count(limit, "element"), length))
	}
}

// MaxLen checks the length of bytes, an array or a map: length <= limit.
func MaxLen(e *Errors, attribute string, length, limit int) {
	if length > limit {
		e.Add(attribute, "MaxLength", fmt.Sprintf("want at most %s, have %d", count(limit, "element"), length))
	}
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
