// Package policy owns the rules of this repository that a machine can check:
// who may import whom, how long files and functions may be, what needs a doc
// comment, which names are not ours.
//
// It holds tests only. It does not check what go vet and the linter check.
// When a test fails, the code is wrong or the rule is: to change a rule is a
// decision of the project, so say why in the commit.
package policy
