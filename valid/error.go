package valid

import (
	"errors"
	"strings"
)

// MaxErrors is how many errors an [Errors] keeps. What is found after these is
// not recorded, so that a hostile value costs no more than a wrong one.
const MaxErrors = 100

// Error is a rule that an attribute does not satisfy.
type Error struct {
	Attribute string // such as `author.name`, `tags[3]` or `scores["a b"]`; empty for the value itself
	Rule      string // the rule's name in the design language, such as "MinLength" or "Format"
	Message   string // such as `want at least 3 characters, have 2`
}

// Error is the attribute, a colon and the message.
func (e *Error) Error() string {
	if e.Attribute == "" {
		return e.Message
	}
	return e.Attribute + ": " + e.Message
}

// Errors is the list of rules that a value does not satisfy. The zero Errors
// is empty and ready for use. Validate methods return it as an error:
//
//	var list valid.Errors
//	if errors.As(err, &list) { … }
type Errors []*Error

// Error joins the errors with "; ".
func (e Errors) Error() string {
	texts := make([]string, len(e))
	for i, err := range e {
		texts[i] = err.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap returns the errors one by one.
func (e Errors) Unwrap() []error {
	list := make([]error, len(e))
	for i, err := range e {
		list[i] = err
	}
	return list
}

// Err returns e, or nil when e is empty.
func (e Errors) Err() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// Add records that an attribute does not satisfy a rule.
func (e *Errors) Add(attribute, rule, message string) {
	if len(*e) < MaxErrors {
		*e = append(*e, &Error{attribute, rule, message})
	}
}

// Nested adds what err, the outcome of the attribute's own Validate, says,
// with the attribute in front. It does nothing when err is nil.
func (e *Errors) Nested(attribute string, err error) {
	if err == nil {
		return
	}
	var list Errors
	if !errors.As(err, &list) {
		e.Add(attribute, "Validate", err.Error())
		return
	}
	for _, inner := range list {
		e.Add(join(attribute, inner.Attribute), inner.Rule, inner.Message)
	}
}
