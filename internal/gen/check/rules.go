package check

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/courant-dev/courant/model"
)

// rules prints one line per rule of a itself.
func (p *Printer) rules(a *model.Attribute, v, path, hint string) {
	r := a.Rules
	kind := p.Tree.Underlying(a.Type).Kind
	line := func(name string, args ...string) {
		p.P(p.valid(name), "(&e, ", path, ", ", strings.Join(args, ", "), ")")
	}
	if r.Enum != nil {
		name, allowed := enum(r.Enum, kind)
		line(name, append([]string{v}, allowed...)...)
	}
	if r.Format != 0 {
		line(formats[r.Format], v)
	}
	if r.Pattern != "" {
		line("Match", v, p.pattern(hint, r.Pattern))
	}
	if r.Minimum != "" {
		line("Minimum", v, string(r.Minimum))
	}
	if r.Maximum != "" {
		line("Maximum", v, string(r.Maximum))
	}
	measured, suffix := v, "Length"
	if kind != model.String {
		measured, suffix = "len("+v+")", "Len"
	}
	if r.MinLength != nil {
		line("Min"+suffix, measured, strconv.Itoa(*r.MinLength))
	}
	if r.MaxLength != nil {
		line("Max"+suffix, measured, strconv.Itoa(*r.MaxLength))
	}
}

var formats = map[model.Format]string{
	model.FormatDate: "FormatDate", model.FormatDateTime: "FormatDateTime", model.FormatUUID: "FormatUUID",
	model.FormatEmail: "FormatEmail", model.FormatHostname: "FormatHostname", model.FormatIPv4: "FormatIPv4",
	model.FormatIPv6: "FormatIPv6", model.FormatIP: "FormatIP", model.FormatURI: "FormatURI",
	model.FormatMAC: "FormatMAC", model.FormatCIDR: "FormatCIDR", model.FormatRegexp: "FormatRegexp",
	model.FormatJSON: "FormatJSON", model.FormatRFC1123: "FormatRFC1123",
}

// enum returns the function that checks an Enum, and the allowed values as Go
// writes them: by == where Go can compare, else by their JSON.
func enum(values []*model.Value, kind model.Kind) (name string, allowed []string) {
	byValue := kind == model.String || kind == model.Boolean || kind.IsNumber()
	name = "EnumJSON"
	if byValue {
		name = "Enum"
	}
	for _, v := range values {
		switch {
		case kind == model.String:
			var text string
			if json.Unmarshal([]byte(v.JSON), &text) == nil { // eval lets only strings through
				allowed = append(allowed, strconv.Quote(text))
			}
		case byValue:
			allowed = append(allowed, v.JSON)
		default:
			allowed = append(allowed, literal(v.JSON))
		}
	}
	return name, allowed
}

// pattern returns the variable that holds an expression.
func (p *Printer) pattern(hint, expression string) string {
	if p.patterns == nil {
		p.patterns = map[string]string{}
	}
	r := []rune(hint)
	r[0] = unicode.ToLower(r[0])
	name := string(r) + "Pattern"
	for i := 2; ; i++ {
		if have, ok := p.patterns[name]; !ok || have == expression {
			p.patterns[name] = expression
			return name
		}
		name = fmt.Sprintf("%sPattern%d", string(r), i)
	}
}

// Patterns prints the variables of the expressions that the checks named.
func (p *Printer) Patterns() {
	for _, name := range slices.Sorted(maps.Keys(p.patterns)) {
		p.P("var ", name, " = ", p.valid("Pattern"), "(", literal(p.patterns[name]), ")")
		p.P()
	}
}

// literal writes a string as it reads best.
func literal(s string) string {
	if strconv.CanBackquote(s) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}
