package eval

import (
	"slices"
	"strings"

	"github.com/courant-dev/courant/model"
)

// mapping says where the parts of one payload or result travel.
type mapping struct {
	b      *builder
	what   string // "payload" or "result"
	owner  string // `the payload of method "stream"`
	method string
	value  *model.Attribute // nil for none
	object *model.DataType  // nil when the value is no object
	params []*model.Param
	used   map[string]*Call // attribute, or "" for the value itself → where it was mapped
	wires  map[string]*Call // place and name on the wire → where it was mapped
	done   map[*Call]bool   // words that a wildcard took

	requestID *model.Attribute // that of SSERequestID, or nil
}

func (b *builder) newMapping(what string, m *method, value *model.Attribute) *mapping {
	p := &mapping{
		b: b, what: what, method: m.model.Name, value: value,
		owner: "the " + what + " of method " + quote(m.model.Name),
		used:  map[string]*Call{}, wires: map[string]*Call{}, done: map[*Call]bool{},
	}
	if value != nil {
		p.object = b.object(value.Type)
	}
	return p
}

// broken reports whether the value was reported, so that nothing can be said
// of its attributes.
func (p *mapping) broken() bool { return p.value != nil && p.b.underlying(p.value.Type) == nil }

// wireName splits "attribute:name on the wire".
func wireName(s string) (attribute, wire string) {
	attribute, wire, ok := strings.Cut(s, ":")
	if !ok {
		wire = attribute
	}
	return attribute, wire
}

// has reports whether the attribute is there to be mapped.
func (p *mapping) has(attribute string) bool {
	return p.object != nil && p.object.Attribute(attribute) != nil
}

// find returns the attribute that c maps; the value itself when it is no
// object. When there is none, it says so.
func (p *mapping) find(c *Call, name, text string) *model.Attribute {
	switch {
	case p.value == nil:
		p.b.fault(c, text, "%s maps %q, but method %q has no %s", c.Word, name, p.method, p.what)
		return nil
	case p.broken():
		return nil
	case p.object == nil:
		return p.value
	}
	if a := p.object.Attribute(name); a != nil {
		return a
	}
	if !p.b.incomplete[p.b.userType(p.value.Type)] {
		p.b.fault(c, text, "unknown attribute %q: %s has none of this name%s", name, p.owner, nearest(name, attributeNames(p.object)))
	}
	return nil
}

// use notes that c maps the attribute a; it may travel once.
func (p *mapping) use(c *Call, a *model.Attribute, text string) bool {
	if first := p.used[a.Name]; first != nil {
		what := "attribute " + quote(a.Name)
		if a.Name == "" {
			what = p.owner + ", which is no object,"
		}
		p.b.fault(c, text, "%s is mapped twice; the first is the %s at %s", what, first.Word, first.position())
		return false
	}
	p.used[a.Name] = c
	return true
}

// add maps a to a place outside the body.
func (p *mapping) add(c *Call, in model.In, a *model.Attribute, wire, text string) {
	if !p.use(c, a, text) {
		return
	}
	key := in.String() + " " + wire
	if in == model.InHeader {
		key = strings.ToLower(key)
	}
	if first := p.wires[key]; first != nil {
		p.b.fault(c, text, "the %s %q is taken; the first is the %s at %s", inWords(in), wire, first.Word, first.position())
		return
	}
	p.wires[key] = c
	p.params = append(p.params, &model.Param{In: in, Attribute: a.Name, Name: wire})
}

// inWords returns what a design calls the place.
func inWords(in model.In) string {
	switch in {
	case model.InPath:
		return "wildcard"
	case model.InHeader:
		return "header"
	}
	return "query parameter"
}

// header maps what the Header c says.
func (p *mapping) header(c *Call, request bool) {
	name, wire := wireName(c.str(0))
	switch {
	case !isToken(wire):
		p.b.fault(c, quote(c.str(0)), "%q is no name of a header", wire)
	case slices.Contains(framing, strings.ToLower(wire)) || request && strings.EqualFold(wire, "Host"):
		p.b.fault(c, quote(c.str(0)), "the header %s belongs to the connection: it cannot carry an attribute", wire)
	default:
		if a := p.find(c, name, quote(c.str(0))); a != nil {
			p.add(c, model.InHeader, a, wire, quote(c.str(0)))
		}
	}
}

// framing are the headers that net/http writes.
var framing = []string{"connection", "content-length", "transfer-encoding", "trailer", "upgrade", "te", "keep-alive"}

// isToken reports whether s is a token of RFC 9110, § 5.6.2.
func isToken(s string) bool {
	for _, r := range s {
		if r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) {
			return false
		}
	}
	return s != ""
}

// left returns the attributes that travel nowhere yet.
func (p *mapping) left() []*model.Attribute {
	if p.object == nil {
		return nil
	}
	var out []*model.Attribute
	for _, a := range p.object.Attributes {
		if p.used[a.Name] == nil {
			out = append(out, a)
		}
	}
	return out
}

// content returns the body when the design does not say it: what travels
// nowhere else.
func (p *mapping) content() model.Content {
	switch {
	case p.value == nil:
		return model.Content{Part: model.Nothing}
	case p.object == nil && p.used[""] != nil:
		return model.Content{Part: model.Nothing}
	case p.object == nil:
		return model.Content{Part: model.Whole}
	}
	left := p.left()
	if len(left) == 0 {
		return model.Content{Part: model.Nothing}
	}
	if len(left) == len(p.object.Attributes) {
		return model.Content{Part: model.Whole}
	}
	names := make([]string, len(left))
	for i, a := range left {
		names[i] = a.Name
	}
	return model.Content{Part: model.Members, Attributes: names}
}

// body reads the Body c.
func (p *mapping) body(c *Call) model.Content {
	nothing := model.Content{Part: model.Nothing}
	switch {
	case c.hasBody && len(c.Args) == 0:
		return p.bodyMembers(c)
	case len(c.Args) != 1 || c.hasBody:
		p.b.fault(c, "", "Body takes one argument: the name of an attribute, a function that names attributes, an object type, or Empty")
	case c.Args[0] == any(Empty):
	default:
		name, ok := c.Args[0].(string)
		if !ok {
			return p.bodyOfType(c)
		}
		if p.value != nil && p.object == nil && !p.broken() {
			p.b.fault(c, quote(name), "Body names an attribute, but %s is no object", p.owner)
			return nothing
		}
		if a := p.find(c, name, quote(name)); a != nil && p.use(c, a, quote(name)) {
			return model.Content{Part: model.Bare, Attributes: []string{name}}
		}
	}
	return nothing
}

// bodyOfType reads a Body that is a type: the attributes of the same names.
func (p *mapping) bodyOfType(c *Call) model.Content {
	out := model.Content{Part: model.Nothing}
	t := p.b.resolve(spec{call: c, typ: c.Args[0]})
	o := p.b.object(t)
	switch {
	case t == nil || p.broken():
		return out
	case o == nil:
		p.b.fault(c, literal(c.Args[0]), "Body wants the name of an attribute, a function that names attributes, an object type or Empty, not %s", p.b.describe(t))
		return out
	case p.object == nil:
		p.b.fault(c, "", "Body names attributes, but %s is no object", p.owner)
		return out
	}
	for _, a := range o.Attributes {
		if own := p.find(c, a.Name, ""); own != nil && p.use(c, own, "") {
			out.Part = model.Members
			out.Attributes = append(out.Attributes, a.Name)
		}
	}
	return out
}

func (p *mapping) bodyMembers(c *Call) model.Content {
	out := model.Content{Part: model.Members}
	if p.value != nil && p.object == nil && !p.broken() {
		p.b.fault(c, "", "Body names attributes, but %s is no object", p.owner)
		return model.Content{Part: model.Nothing}
	}
	for _, m := range c.children {
		switch name := m.str(0); {
		case m.Word != "Attribute":
		default:
			if len(m.Args) > 1 || m.hasBody {
				p.b.checkParamArguments(m, p)
			}
			if a := p.find(m, name, quote(name)); a != nil && p.use(m, a, quote(name)) {
				out.Attributes = append(out.Attributes, name)
			}
		}
	}
	if len(out.Attributes) == 0 {
		out.Part = model.Nothing
	}
	return out
}

// required looks at Required among the words that map: what they name is
// required where it is declared, or the design says two things.
func (p *mapping) required(calls []*Call) {
	if p.object == nil {
		return
	}
	for _, group := range all(calls, "Params", "Headers", "Body") {
		for _, c := range all(group.children, "Required") {
			for i := range c.Args {
				if a := p.find(c, c.str(i), quote(c.str(i))); a != nil && !a.Required {
					p.b.fault(c, quote(a.Name), "attribute %q is optional where it is declared: Required belongs there", a.Name)
				}
			}
		}
	}
}

// lost says what travels nowhere although c says all that travels. It is on
// purpose where a result is left out as a whole.
func (p *mapping) lost(c *Call, onPurpose bool) {
	if p.broken() || p.value == nil {
		return
	}
	if p.object == nil && p.used[""] == nil && !onPurpose {
		p.b.fault(c, "", "%s travels nowhere", p.owner)
	}
	for _, a := range p.left() {
		if a.Required && !onPurpose {
			p.b.fault(c, "", "attribute %q of %s is required and travels nowhere", a.Name, p.owner)
			continue
		}
		p.b.warn(c, "", "attribute %q of %s travels nowhere", a.Name, p.owner)
	}
}
