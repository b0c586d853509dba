package value

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// step is one part of the path of an attribute: a member of an object, an
// element of an array, or a value of a map.
type step struct {
	name  string
	index int // isMember, isKey, or the index of the element
}

const (
	isMember = -1
	isKey    = -2
)

// The limits of what an error shows, however long the value is.
const (
	maxPath  = 256 // bytes of a path, about
	maxShown = 40  // bytes of a text
)

// appendStep appends the part as [Error] shows it.
func appendStep(dst []byte, s step) []byte {
	switch {
	case s.index >= 0:
		dst = append(dst, '[')
		dst = strconv.AppendInt(dst, int64(s.index), 10)
		return append(dst, ']')
	case s.index == isKey:
		dst = append(dst, '[')
		dst = strconv.AppendQuote(dst, cut(s.name))
		return append(dst, ']')
	}
	if len(dst) > 0 {
		dst = append(dst, '.')
	}
	return append(dst, cut(s.name)...)
}

// pathOf returns the path of the attribute that the steps lead to. A long one
// is cut.
func pathOf(steps []step) string {
	var path []byte
	for _, s := range steps {
		if s.index == isMember && s.name == "" {
			continue // its name is not yet read
		}
		if len(path) > maxPath {
			return string(path) + "…"
		}
		path = appendStep(path, s)
	}
	return string(path)
}

// quote returns s for a message: quoted, and cut when it is long.
func quote(s string) string { return strconv.Quote(cut(s)) }

// cut returns s, or its beginning when it is long.
func cut(s string) string {
	if len(s) <= maxShown {
		return strings.Clone(s)
	}
	end := maxShown
	for end > maxShown-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}
