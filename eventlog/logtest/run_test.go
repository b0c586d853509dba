package logtest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant/eventlog"
)

// How long is waited for what happens soon: a store with a defect may never do
// it.
const little, much = 300 * time.Millisecond, 20 * time.Second

// TestRulesFindDefects has each rule fail for a log with a defect, and pass
// without.
func TestRulesFindDefects(t *testing.T) {
	found := map[string]bool{}
	for _, d := range defects() {
		t.Run(d.name, func(t *testing.T) {
			for _, name := range d.breaks {
				r := ruleNamed(t, name)
				if !r.applies(d.config(little)) {
					t.Errorf("the rule %q is not tested", name)
					continue
				}
				report := record(t, func(t testing.TB) { r.run(t, d.config(little)) })
				if report == "" {
					t.Errorf("the rule %q is kept", name)
				} else if !strings.Contains(report, "The contract: "+r.contract) || !strings.Contains(report, "For users: "+r.broken) {
					t.Errorf("the rule %q is not explained: %s", name, report)
				}
			}
		})
		for _, name := range d.breaks {
			found[name] = true
		}
	}
	for _, r := range rules() {
		if !found[r.name] {
			t.Errorf("no defect shows that the rule %q can fail", r.name)
		}
	}
}

// TestRulesPassWithoutDefect has what surrounds the defects break nothing.
func TestRulesPassWithoutDefect(t *testing.T) {
	whole := []*defect{
		{name: "loses its records", lose: lossNoticed, log: noticesLoss},
		{name: "keeps its records", keeps: true, starts: sameInner, closes: closeOuter, log: nil},
	}
	for _, d := range whole {
		for _, r := range rules() {
			if d.keeps && r.needs != aKeepingRestart || !r.applies(d.config(much)) {
				continue
			}
			if report := record(t, func(t testing.TB) { r.run(t, d.config(much)) }); report != "" {
				t.Errorf("a log that %s breaks the rule %q: %s", d.name, r.name, report)
			}
		}
	}
}

func ruleNamed(t *testing.T, name string) *rule {
	all := rules()
	i := slices.IndexFunc(all, func(r rule) bool { return r.name == name })
	if i < 0 {
		t.Fatalf("there is no rule %q", name)
	}
	return &all[i]
}

// TestRulesHaveNames has every rule say what it is about, under a name of its own.
func TestRulesHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rules() {
		if r.name == "" || r.contract == "" || r.broken == "" || seen[r.name] {
			t.Errorf("rule %+v lacks a word, or has the name of another one", r)
		}
		if len(r.name)+1+26 > eventlog.MaxLogName {
			t.Errorf("rule %q has a name that is too long to be that of a log", r.name)
		}
		seen[r.name] = true
	}
}
