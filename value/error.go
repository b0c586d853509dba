package value

import "strings"

// Error says what is wrong with one attribute. It shows at most 40 bytes of a
// text and about 256 of a path.
type Error struct {
	Path    string // such as `items[3].name` or `scores["a b"]`; empty for the value itself
	Message string // such as `want a string, have a number`
}

// Error is the path, a colon and the message.
func (e *Error) Error() string {
	if e.Path == "" {
		return e.Message
	}
	return e.Path + ": " + e.Message
}

// MissingError names the required attributes that are absent or null. Strict
// decoding returns it when nothing else is wrong.
type MissingError struct {
	Paths []string // as in [Error]; at least one and at most 100
}

// Error names the attributes.
func (e *MissingError) Error() string {
	if len(e.Paths) == 1 {
		if e.Paths[0] == "" {
			return "missing value"
		}
		return "missing required attribute " + e.Paths[0]
	}
	return "missing required attributes " + strings.Join(e.Paths, ", ")
}
