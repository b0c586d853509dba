package valid

// Expression is a regular expression in the syntax of RE2. It is compiled when
// it is first used, and may be used by several goroutines at once.
type Expression struct{ source string }

// Pattern returns the expression for [Match]. Generated code keeps it in a
// package variable:
//
//	var tagPattern = valid.Pattern(`^[a-z]+$`)
func Pattern(source string) *Expression { return &Expression{source} }

// Match checks that the expression matches somewhere in value.
func Match[S ~string](e *Errors, attribute string, value S, pattern *Expression) {
}
