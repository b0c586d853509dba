package valid

import "fmt"

// Number is a type made of a number.
type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 |
		~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 |
		~float32 | ~float64
}

// Minimum checks that value >= limit. Not-a-number is neither.
func Minimum[N Number](e *Errors, attribute string, value, limit N) {
	if !(value >= limit) {
		e.Add(attribute, "Minimum", fmt.Sprintf("want at least %v, have %v", limit, value))
	}
}

// Maximum checks that value <= limit.
func Maximum[N Number](e *Errors, attribute string, value, limit N) {
	if !(value <= limit) {
		e.Add(attribute, "Maximum", fmt.Sprintf("want at most %v, have %v", limit, value))
	}
}

// ExclusiveMinimum checks that value > limit.
func ExclusiveMinimum[N Number](e *Errors, attribute string, value, limit N) {
	if !(value > limit) {
		e.Add(attribute, "ExclusiveMinimum", fmt.Sprintf("want more than %v, have %v", limit, value))
	}
}

// ExclusiveMaximum checks that value < limit.
func ExclusiveMaximum[N Number](e *Errors, attribute string, value, limit N) {
	if !(value < limit) {
		e.Add(attribute, "ExclusiveMaximum", fmt.Sprintf("want less than %v, have %v", limit, value))
	}
}
