package trip_test

import (
	"context"
	"errors"
	"testing"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/valid"
)

// accepted fails the test unless the method takes p.
func accepted[P any](t *testing.T, p P, call func(context.Context, P) error) {
	t.Helper()
	if err := call(t.Context(), p); err != nil {
		t.Errorf("%s: %v", show(p), err)
	}
}

// refused fails the test unless the answer to p is status 400 and says of one
// attribute that it breaks a rule.
func refused[P any](t *testing.T, attribute, rule string, p P, call func(context.Context, P) error) {
	t.Helper()
	err := call(t.Context(), p)
	var e *courant.Error
	switch {
	case !errors.As(err, &e):
		t.Errorf("%s: %v, want an error about %q", show(p), err, attribute)
	case e.Status != 400 || e.Name != "validation" || len(e.Faults) != 1:
		t.Errorf("%s: %+v, want one fault of %q", show(p), e, attribute)
	case e.Faults[0].Attribute != attribute || e.Faults[0].Rule != rule || e.Faults[0].Message == "":
		t.Errorf("%s: %+v, want a fault of %q against %s", show(p), e.Faults[0], attribute, rule)
	}
}

func keyOf[K comparable](k K) string { return valid.Key("", k) }
