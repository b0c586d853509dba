package load

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/courant-dev/courant/model"
)

func TestFindColumns(t *testing.T) {
	const text = "package design\n" +
		"\n" +
		"var _ = dsl.Type(\"T\", func() {\n" +
		"\tAttribute(\"a\", String); Attribute(`b`, String); Attribute(\"b\", Int)\n" +
		"\tRequired(\"a\",\n" +
		"\t\t\"b\")\n" +
		"\tf(Attribute(\"é\"), Attribute(\"c\"))\n" +
		"})\n"
	file := filepath.Join(t.TempDir(), "design.go")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name       string
		line       int
		word, text string
		want       string // line:column
	}{
		{"the word", 4, "Attribute", "", "4:2"},
		{"a qualified word", 3, "Type", "", "3:9"},
		{"an argument of the second call on the line", 4, "Attribute", "Int", "4:65"},
		{"a raw string", 4, "Attribute", `"b"`, "4:36"},
		{"an argument on a later line", 5, "Required", `"b"`, "6:3"},
		{"columns count bytes", 7, "Attribute", `"c"`, "7:31"},
		{"an argument that is not there", 5, "Required", `"x"`, "5:2"},
		{"a word that is not there", 5, "Nothing", "", "5:0"},
	} {
		p := &model.Problem{Position: model.Position{File: file, Line: c.line}, Word: c.word, Text: c.text}
		findColumns([]*model.Problem{p})
		if got := fmt.Sprintf("%d:%d", p.Position.Line, p.Position.Column); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestProblemsAreInTheOrderOfTheirPlaces(t *testing.T) {
	at := func(file string, line, column int) *model.Problem {
		return &model.Problem{Position: model.Position{File: file, Line: line, Column: column}, Message: "m"}
	}
	e := newProblemsError("/app", []*model.Problem{
		at("/app/design/b.go", 1, 1), at("/app/design/a.go", 2, 1), at("/app/design/a.go", 1, 7), at("/app/design/a.go", 1, 2), at("/other/c.go", 1, 0),
	})
	want := strings.Join([]string{
		"design/a.go:1:2: m", "design/a.go:1:7: m", "design/a.go:2:1: m", "design/b.go:1:1: m", "/other/c.go:1: m",
	}, "\n")
	if got := filepath.ToSlash(e.Error()); got != want {
		t.Errorf("have\n%s\nwant\n%s", got, want)
	}
}
