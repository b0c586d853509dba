package hub_test

import (
	"fmt"
	"testing"
)

func TestNameTakesAValueForEachAttribute(t *testing.T) {
	f := open(t, ways()[0], setup{})
	said := func(values ...string) (said any) {
		defer func() { said = recover() }()
		f.topic.Name(values...)
		return nil
	}
	if got := fmt.Sprint(said("a"), said()); got != "<nil>hub: the topic rooms/{room} takes 1 values, and not 0" {
		t.Error(got)
	}
	if got := said("a", "b"); got != "hub: the topic rooms/{room} takes 1 values, and not 2" {
		t.Error(got)
	}
}
