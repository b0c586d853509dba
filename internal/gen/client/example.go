package client

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode"

	"github.com/courant-dev/courant/internal/gen"
	"github.com/courant-dev/courant/internal/gen/gotree"
	"github.com/courant-dev/courant/internal/gofile"
	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// exampleFile returns the test file whose example shows how to call the first
// method of s, a stream if there is one. It is compiled and vetted, not run.
func exampleFile(tree *gotree.Tree, s *model.Service) (gen.File, error) {
	pkg := tree.Client(s)
	test := gofile.Package{Path: pkg.Path + "_test", Name: "client_test"}
	f := gofile.New(test, "")
	p := &printer{File: f, tree: tree, service: s}
	if m := shown(s); m != nil {
		p.printExample(m)
	}
	return tree.File(pkg, "example_test.go", f)
}

func shown(s *model.Service) *model.Method {
	var first *model.Method
	for _, m := range s.Methods {
		switch {
		case m.HTTP == nil:
		case m.Event != nil:
			return m
		case first == nil:
			first = m
		}
	}
	return first
}

func (p *printer) printExample(m *model.Method) {
	name := goname.Exported(m.Name)
	p.P("func ExampleClient_", lower(name), "() {")
	p.P("c := ", p.Ident(p.tree.Client(p.service), "NewClient"), "(", strconv.Quote(p.baseURL()), ")")
	p.P("ctx := ", p.Ident(gotree.Context, "Background"), "()")
	args := "(ctx)"
	if m.Payload != nil {
		args = "(ctx, " + p.sample(m.Payload) + ")"
	}
	switch {
	case m.Event != nil:
		p.P("stream, err := c.", name, args)
		p.P("if err != nil {\n", p.Ident(gotree.Log, "Fatal"), "(err)\n}")
		p.P("defer stream.Close()")
		p.P("for event, err := range stream.Events() {")
		p.P("if err != nil {\n", p.Ident(gotree.Log, "Fatal"), "(err)\n}")
		p.P(p.Ident(gotree.Log, "Printf"), "(\"%+v\", event)")
		p.P("}")
	case m.Result != nil:
		p.P("result, err := c.", name, args)
		p.P("if err != nil {\n", p.Ident(gotree.Log, "Fatal"), "(err)\n}")
		p.P(p.Ident(gotree.Log, "Printf"), "(\"%+v\", result)")
	default:
		p.P("if err := c.", name, args, "; err != nil {\n", p.Ident(gotree.Log, "Fatal"), "(err)\n}")
	}
	p.P("}")
}

// lower makes the suffix of an example that vet takes: it begins small.
func lower(name string) string {
	r := []rune(name)
	r[0] = unicode.ToLower(r[0])
	return string(r)
}

// constant writes the field for a with its example, when Go has a constant for it.
func constant(t *model.Type, a *model.Attribute) []string {
	example := a.Examples[0].JSON
	var text string
	switch {
	case a.Type.Kind.IsNumber():
	case a.Type.Kind == model.String && json.Unmarshal([]byte(example), &text) == nil:
		example = strconv.Quote(text)
	default:
		return nil
	}
	return []string{gotree.Field(t, a) + ": " + example}
}

// sample writes a payload: an object with its required primitives, or the zero
// value.
func (p *printer) sample(a *model.Attribute) string {
	typ := p.typeOf(a)
	under := p.tree.Underlying(a.Type)
	switch {
	case under.Kind == model.Object:
		var fields []string
		t := p.tree.Design.Type(a.Type.Type)
		for _, m := range under.Attributes {
			if m.Required && len(m.Examples) > 0 {
				fields = append(fields, constant(t, m)...)
			}
		}
		return "&" + strings.TrimPrefix(typ, "*") + "{" + strings.Join(fields, ", ") + "}"
	case under.Kind == model.String:
		return `""`
	case under.Kind.IsNumber():
		return "0"
	case under.Kind == model.Boolean:
		return "false"
	case under.Kind == model.Timestamp:
		return p.Ident(gotree.Time, "Now") + "()"
	case under.Kind == model.Duration:
		return p.Ident(gotree.Time, "Second")
	}
	return "nil"
}
