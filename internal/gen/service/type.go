package service

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/courant-dev/courant/internal/gen/check"
	"github.com/courant-dev/courant/internal/gen/gotree"
	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

func quote(s string) string { return strconv.Quote(s) }

// printType declares t and what comes with it.
func (p *printer) printType(t *model.Type) {
	name := goname.Exported(t.Name)
	p.Doc(p.typeDoc(name, t))
	if t.Def.Kind == model.Object {
		p.printStruct(name, t)
	} else {
		p.P("type ", name, " ", p.tree.Type(p.File, p.home, t.Def))
		p.P()
	}
	p.printConstants(t, func(c, value string) string { return c + " " + name + " = " + value })
	if t.Error != "" {
		p.printErrorMethods(name, t)
	}
	p.printJSON(name, t)
	if check.NeededForType(p.tree, t) {
		p.printValidate(name, t)
	}
}

func (p *printer) printValidate(name string, t *model.Type) {
	receiver := name
	if t.Def.Kind == model.Object {
		receiver = "*" + name
	}
	p.P("// Validate returns what the design does not allow, as [valid.Errors].")
	p.P("func (v ", receiver, ") Validate() error {")
	p.P("var e ", p.Ident(gotree.Valid, "Errors"))
	p.checks.Type(t, "v")
	p.P("return e.Err()")
	p.P("}")
	p.P()
}

// typeDoc begins with the name, as Go's comments do, where the description
// allows it.
func (p *printer) typeDoc(name string, t *model.Type) string {
	first, _, _ := strings.Cut(t.Description, " ")
	switch first {
	case "":
		return name + " is " + p.role(t) + "."
	case "A", "An", "The":
		return name + " is " + strings.ToLower(first) + " " + gotree.Sentence(strings.TrimPrefix(t.Description, first))
	}
	return name + ": " + gotree.Sentence(t.Description)
}

// role is what t is for: that of a lifted type is known.
func (p *printer) role(t *model.Type) string {
	for _, s := range p.tree.Services {
		for _, m := range s.Methods {
			switch {
			case isOf(m.Payload, t):
				return "the payload of the " + m.Name + " method"
			case isOf(m.Result, t):
				return "the result of the " + m.Name + " method"
			case isOf(m.Event, t):
				return "an event of the " + m.Name + " method"
			}
		}
	}
	return "a type of the design"
}

func isOf(a *model.Attribute, t *model.Type) bool {
	return t.Lifted && a != nil && a.Type.Type == t.Key
}

func (p *printer) printStruct(name string, t *model.Type) {
	p.P("type ", name, " struct {")
	for _, a := range t.Def.Attributes {
		line := gotree.Field(t, a) + " " + p.tree.FieldType(p.File, p.home, a) + " " + gotree.Tag(a)
		if isShort(a.Description) {
			p.P(line, " // ", a.Description)
			continue
		}
		p.Doc(a.Description)
		p.P(line)
	}
	p.P("}")
	p.P()
}

// isShort reports whether a description fits behind the field.
func isShort(d string) bool { return d != "" && len(d) <= 60 && !strings.ContainsAny(d, "\r\n\x00") }

// printAlias gives a shared type its name in the package of a service.
func (p *printer) printAlias(t *model.Type) {
	name := goname.Exported(t.Name)
	shared := p.Ident(p.tree.Types(), name)
	p.P("// ", name, " is shared with other services.")
	p.P("type ", name, " = ", shared)
	p.P()
	p.printConstants(t, func(c, _ string) string { return c + " = " + p.Ident(p.tree.Types(), c) })
}

// printConstants declares the values of a String with an Enum.
func (p *printer) printConstants(t *model.Type, line func(name, value string) string) {
	if t.Def.Kind != model.String || len(t.Rules.Enum) == 0 {
		return
	}
	name := goname.Exported(t.Name)
	p.P("// The values of ", name, ".")
	p.P("const (")
	used := map[string]bool{}
	for i, v := range t.Rules.Enum {
		var text string
		if err := json.Unmarshal([]byte(v.JSON), &text); err != nil {
			continue // eval lets only strings through
		}
		c := name + goname.Exported(text)
		if c == name || used[c] || p.declares(c) {
			c = fmt.Sprintf("%sValue%d", name, i+1)
		}
		used[c] = true
		p.P(line(c, quote(text)))
	}
	p.P(")")
	p.P()
}

// declares reports whether a type of the design has the name in Go.
func (p *printer) declares(name string) bool {
	for _, t := range p.tree.Design.Types {
		if goname.Exported(t.Name) == name {
			return true
		}
	}
	return false
}

func (p *printer) printErrorMethods(name string, t *model.Type) {
	text := quote(t.Error)
	for _, candidate := range []string{"detail", "message"} {
		if a := t.Def.Attribute(candidate); a != nil && a.Required && a.Type.Kind == model.String {
			text = "e." + gotree.Field(t, a)
			break
		}
	}
	p.P("func (e *", name, ") Error() string { return ", text, " }")
	p.printErrorName(name, t.Error)
}

// printJSON prints the methods that a type needs because its tags do not say
// all of its JSON.
func (p *printer) printJSON(name string, t *model.Type) {
	encode, decode := p.needsJSON(t)
	if encode {
		p.P("func (v ", name, ") MarshalJSON() ([]byte, error) { return ", p.Ident(gotree.Value, "EncodeJSON"), "(v) }")
	}
	if decode {
		p.P("func (v *", name, ") UnmarshalJSON(data []byte) error { return ", p.Ident(gotree.Value, "DecodeJSON"), "(data, v) }")
	}
	if encode || decode {
		p.P()
	}
}

// needsJSON reports whether encoding/json by itself would encode or decode t
// wrongly: nil lists that are required, durations, defaults, keys of maps.
func (p *printer) needsJSON(t *model.Type) (encode, decode bool) {
	switch t.Def.Kind {
	case model.Object:
	case model.Duration, model.Timestamp: // a named time.Time has lost its methods
		return true, true
	default:
		special := p.isSpecial(t.Def)
		return special || isList(t.Def), special
	}
	for _, a := range t.Def.Attributes {
		special := p.isSpecial(a.Type)
		decode = decode || special || a.Default != nil
		encode = encode || special || hasList(a)
	}
	return encode, decode
}

// isSpecial reports whether d holds, in no other type, what encoding/json reads
// or writes otherwise: a Duration, or a map whose keys are no strings to it.
func (p *printer) isSpecial(d *model.DataType) bool {
	switch d.Kind {
	case model.Duration:
		return true
	case model.Array:
		return p.isSpecial(d.Elem.Type)
	case model.Map:
		return p.isSpecialKey(d.Key.Type) || p.isSpecial(d.Elem.Type)
	}
	return false
}

func (p *printer) isSpecialKey(d *model.DataType) bool {
	switch kind := p.tree.Underlying(d).Kind; {
	case kind == model.Timestamp:
		return d.Kind == model.User // only time.Time itself has a text
	case kind == model.String || kind.IsInteger():
		return false
	}
	return true
}

// hasList reports whether a can hold a nil list that is not absent.
func hasList(a *model.Attribute) bool {
	switch a.Type.Kind {
	case model.Array, model.Map:
		return a.Required || a.Default != nil || isList(a.Type.Elem.Type)
	case model.Bytes:
		return a.Required || a.Default != nil
	}
	return false
}

func isList(d *model.DataType) bool {
	return d.Kind == model.Array || d.Kind == model.Map || d.Kind == model.Bytes
}
