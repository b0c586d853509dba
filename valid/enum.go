package valid

import "slices"

// Enum checks that value is one of those allowed.
func Enum[T comparable](e *Errors, attribute string, value T, allowed ...T) {
	if !slices.Contains(allowed, value) {
		e.Add(attribute, "Enum", oneOf(allowed))
	}
}

// EnumJSON checks that the JSON of value is equal, as JSON, to one of those
// allowed. It is for what [Enum] cannot compare: bytes, timestamps, Any,
// arrays and maps.
func EnumJSON(e *Errors, attribute string, value any, allowed ...string) {
}

func oneOf[T any](allowed []T) string { return "" }
