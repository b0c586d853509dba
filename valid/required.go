package valid

// Required checks that a required object is there. It reports whether it is.
func Required[T any](e *Errors, attribute string, value *T) bool {
	if value == nil {
		e.Add(attribute, "Required", "is required")
		return false
	}
	return true
}

// Object checks that a required object is there and valid: it is [Required]
// and [Errors.Nested] in one line.
func Object[T any, P interface {
	*T
	Validate() error
}](e *Errors, attribute string, value P) {
	if Required(e, attribute, (*T)(value)) {
		e.Nested(attribute, value.Validate())
	}
}
