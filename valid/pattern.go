package valid

import (
	"fmt"
	"regexp"
	"sync"
)

// Expression is a regular expression in the syntax of RE2. It is compiled when
// it is first used, and may be used by several goroutines at once.
type Expression struct {
	source  string
	compile func() (*regexp.Regexp, error) // once
}

// Pattern returns the expression for [Match]. Generated code keeps it in a
// package variable:
//
//	var tagPattern = valid.Pattern(`^[a-z]+$`)
//
// Nothing matches an expression that does not compile.
func Pattern(source string) *Expression {
	return &Expression{source, sync.OnceValues(func() (*regexp.Regexp, error) { return regexp.Compile(source) })}
}

// Match checks that the expression matches somewhere in value.
func Match[S ~string](e *Errors, attribute string, value S, pattern *Expression) {
	expression, err := pattern.compile()
	switch {
	case err != nil:
		e.Add(attribute, "Pattern", err.Error())
	case !expression.MatchString(string(value)):
		e.Add(attribute, "Pattern", fmt.Sprintf("want a match of %s", pattern.source))
	}
}
