package eval_test

import (
	"regexp"
	"runtime"
	"slices"
	"testing"

	. "github.com/courant-dev/courant/dsl"
	"github.com/courant-dev/courant/eval"
)

// faultCase is a design with one fault and what is said of it. The places that
// a message names are written HERE.
type faultCase struct {
	name   string
	design func()
	want   string
}

var place = regexp.MustCompile(`\w+_test\.go:\d+`)

func checkFaults(t *testing.T, cases []faultCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := messages(c.design)
			for i := range got {
				got[i] = place.ReplaceAllString(got[i], "HERE")
			}
			if !slices.Equal(got, []string{c.want}) {
				t.Errorf("have %q\nwant %q alone", got, c.want)
			}
		})
	}
}

// TestAllFaultsAtOnce proves that independent faults are all told, in order.
func TestAllFaultsAtOnce(t *testing.T) {
	got := messages(func() {
		Type("T", func() {
			Attribute("a", "Evnt")
			Attribute("b", Int, func() { Pattern("x") })
			Required("c")
		})
		Service("s", func() {
			Method("m", func() {
				Payload("T")
				HTTP(func() { GET("/{d}") })
			})
			Method("m", func() {})
		})
	})
	if len(got) != 5 {
		t.Errorf("have %d messages %q, want 5", len(got), got)
	}
}

// TestPlaces proves that a fault is at the word that is wrong, with the
// argument that it is about.
func TestPlaces(t *testing.T) {
	var wrong int
	_, problems := eval.Evaluate(func() {
		method(func() {
			Payload(func() {
				Attribute("title")
				wrong = line() + 1
				Required("titel")
				attributeOfHelper()
			})
			HTTP(func() { POST("/m") })
		})()
	})
	if len(problems) != 2 {
		t.Fatalf("have %d problems, want 2", len(problems))
	}
	first, second := problems[0], problems[1]
	if first.Position.Line != wrong || !regexp.MustCompile(`^/.*/fault_test\.go$`).MatchString(first.Position.File) {
		t.Errorf("the first fault is at %+v, want line %d of this file", first.Position, wrong)
	}
	if first.Word != "Required" || first.Text != `"titel"` {
		t.Errorf("the first fault is about %s(%s), want Required(\"titel\")", first.Word, first.Text)
	}
	if second.Position.Line != helperLine() {
		t.Errorf("the second fault is at line %d, want that in the helper", second.Position.Line)
	}
}

// attributeOfHelper is a function of a design that uses words.
func attributeOfHelper() {
	Attribute("count", "Integer")
}

func helperLine() int { return line() - 3 }

// line returns the line that it is called at.
func line() int {
	_, _, n, _ := runtime.Caller(1)
	return n
}

// TestEvaluateIsClean proves that designs do not see each other.
func TestEvaluateIsClean(t *testing.T) {
	for range 2 {
		if got := messages(payload(attrs("a"))); len(got) != 0 {
			t.Errorf("have %q, want no problem", got)
		}
	}
}

// TestPanicLeavesCell proves that a panic of a design reaches the caller and
// the next design is unharmed.
func TestPanicLeavesCell(t *testing.T) {
	func() {
		defer func() {
			if r := recover(); r != "mine" {
				t.Errorf("recovered %v, want the design's own panic", r)
			}
		}()
		messages(service(func() { panic("mine") }))
	}()
	if got := messages(payload(attrs("a"))); len(got) != 0 {
		t.Errorf("have %q, want no problem", got)
	}
}
