package eval

import (
	"cmp"
	"regexp"

	"github.com/courant-dev/courant/model"
)

// rules reads what the function of s asks of a value of type t.
func (b *builder) rules(s spec, t *model.DataType) model.Rules {
	var r model.Rules
	k := b.shape(t)
	if k == 0 {
		return r
	}
	for _, c := range s.body {
		fits, wants := fitsRule(c.Word, k)
		if !fits {
			b.fault(c, "", "%s needs %s, not %s", c.Word, wants, b.describe(t))
			continue
		}
		switch c.Word {
		case "Enum":
			r.Enum = b.enum(c, t, k)
		case "Format":
			r.Format = b.format(c)
		case "Pattern":
			r.Pattern = b.pattern(c)
		case "Minimum":
			r.Minimum = b.bound(c, k)
		case "Maximum":
			r.Maximum = b.bound(c, k)
		case "MinLength":
			r.MinLength = b.length(c)
		case "MaxLength":
			r.MaxLength = b.length(c)
		}
	}
	b.checkRange(s, r)
	return r
}

// fitsRule reports whether the rule is one for values of kind k, and says what
// it is for.
func fitsRule(rule string, k model.Kind) (fits bool, wants string) {
	switch rule {
	case "Enum":
		return k == model.String || k == model.Boolean || k.IsNumber(), "a String, a number or a Boolean"
	case "Format", "Pattern":
		return k == model.String, "a String"
	case "Minimum", "Maximum":
		return k.IsNumber(), "a number"
	case "MinLength", "MaxLength":
		return k == model.String || k == model.Bytes || k == model.Array || k == model.Map,
			"a String, Bytes, an array or a map"
	}
	return true, ""
}

// checkRange says where a minimum is above its maximum.
func (b *builder) checkRange(s spec, r model.Rules) {
	if r.Minimum != "" && r.Maximum != "" && compareNumbers(r.Minimum, r.Maximum) > 0 {
		b.fault(find(s.body, "Minimum"), string(r.Minimum), "the minimum %s is above the maximum %s", r.Minimum, r.Maximum)
	}
	if r.MinLength != nil && r.MaxLength != nil && *r.MinLength > *r.MaxLength {
		b.fault(find(s.body, "MinLength"), literal(*r.MinLength), "the minimum length %d is above the maximum length %d", *r.MinLength, *r.MaxLength)
	}
}

// merge returns what own and base ask together; own wins.
func merge(base, own model.Rules) model.Rules {
	if own.Enum == nil {
		own.Enum = base.Enum
	}
	own.Format = cmp.Or(own.Format, base.Format)
	own.Pattern = cmp.Or(own.Pattern, base.Pattern)
	own.Minimum = cmp.Or(own.Minimum, base.Minimum)
	own.Maximum = cmp.Or(own.Maximum, base.Maximum)
	own.MinLength = cmp.Or(own.MinLength, base.MinLength)
	own.MaxLength = cmp.Or(own.MaxLength, base.MaxLength)
	return own
}

func (b *builder) enum(c *Call, t *model.DataType, k model.Kind) []*model.Value {
	if len(c.Args) == 0 {
		b.fault(c, "", "Enum needs at least one value")
	}
	var values []*model.Value
	seen := map[string]bool{}
	for _, arg := range c.Args {
		json, err := primitiveJSON(arg, k)
		switch {
		case err != "":
			b.fault(c, literal(arg), "a value of an Enum of %s: %s", b.describe(t), err)
		case seen[json]:
			b.fault(c, literal(arg), "the value %s stands twice in the Enum", json)
		default:
			seen[json] = true
			values = append(values, &model.Value{JSON: json})
		}
	}
	return values
}

// FormatName is the name of a [model.Format], as the word Format takes it.
type FormatName string

func (b *builder) format(c *Call) model.Format {
	name, _ := c.Args[0].(FormatName)
	var f model.Format
	if f.UnmarshalText([]byte(name)) == nil {
		return f
	}
	var known []string
	for f := model.FormatDate; f <= model.FormatRFC1123; f++ {
		known = append(known, f.String())
	}
	b.fault(c, quote(string(name)), "unknown format %q%s", name, nearest(string(name), known))
	return 0
}

func (b *builder) pattern(c *Call) string {
	p := c.str(0)
	if _, err := regexp.Compile(p); err != nil {
		b.fault(c, quote(p), "bad pattern: %v", err)
		return ""
	}
	if p == "" {
		b.fault(c, quote(p), "an empty pattern asks nothing")
	}
	return p
}

// bound reads the number of Minimum and Maximum for a value of kind k.
func (b *builder) bound(c *Call, k model.Kind) model.Number {
	json, err := numberJSON(c.Args[0], k)
	if err != "" {
		b.fault(c, literal(c.Args[0]), "%s of a value that is %s: %s", c.Word, article(k), err)
		return ""
	}
	return model.Number(json)
}

func (b *builder) length(c *Call) *int {
	n, _ := c.Args[0].(int)
	if n < 0 {
		b.fault(c, literal(n), "%s %d is negative", c.Word, n)
		return nil
	}
	return &n
}
