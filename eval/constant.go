package eval

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/courant-dev/courant/model"
)

// setDefault reads the Default of the attribute a once all types are known.
func (b *builder) setDefault(s spec, a *model.Attribute) {
	c := find(s.body, "Default")
	if c == nil {
		return
	}
	b.later = append(b.later, func() {
		json, fault := b.constant(c.Args[0], a)
		switch {
		case fault != "":
			b.fault(c, literal(c.Args[0]), "the default of %q: %s", a.Name, fault)
		case a.Required:
			b.warn(c, literal(c.Args[0]), "attribute %q is required: its default is never used", a.Name)
		default:
			a.Default = &model.Value{JSON: json}
		}
	})
}

// examples reads the examples of a value into values once all types are known;
// of returns the attribute to judge them by.
func (b *builder) examples(s spec, values *[]*model.Value, of func() *model.Attribute) {
	calls := all(s.body, "Example")
	if len(calls) == 0 {
		return
	}
	b.later = append(b.later, func() {
		*values = nil
		for _, c := range calls {
			summary, v, ok := b.exampleArguments(c)
			if !ok {
				continue
			}
			json, fault := b.constant(v, of())
			if fault != "" {
				b.fault(c, literal(v), "the example: %s", fault)
				continue
			}
			*values = append(*values, &model.Value{Summary: summary, JSON: json})
		}
	})
}

// exampleArguments reads (value), (summary, value), (summary, fn) and (fn).
func (b *builder) exampleArguments(c *Call) (summary string, v any, ok bool) {
	args := c.Args
	if c.hasBody {
		value := c.find("Value")
		if value == nil {
			b.fault(c, "", "the function of Example needs a Value")
			return "", nil, false
		}
		args = append(slices.Clone(args), value.Args[0])
	}
	switch len(args) {
	case 1:
		return "", args[0], true
	case 2:
		if summary, ok = args[0].(string); ok {
			return summary, args[1], true
		}
		b.fault(c, literal(args[0]), "Example wants a summary before the value, not %s", kindOf(args[0]))
		return "", nil, false
	}
	b.fault(c, "", "Example takes a summary and a value, not %d arguments", len(args))
	return "", nil, false
}

// constant returns v as it travels as a value of a, or why it is none.
func (b *builder) constant(v any, a *model.Attribute) (text, fault string) {
	if a.Type == nil {
		return "null", ""
	}
	rules := a.Rules
	if u := b.userType(a.Type); u != nil {
		rules = merge(u.Rules, rules)
	}
	t := b.underlying(a.Type)
	if t == nil {
		return "null", ""
	}
	var size int
	switch t.Kind {
	case model.Array:
		text, size, fault = b.arrayConstant(v, t)
	case model.Map:
		text, size, fault = b.mapConstant(v, t)
	case model.Object:
		text, fault = b.objectConstant(v, a.Type, t)
	default:
		text, fault = primitiveJSON(v, t.Kind)
		if fault == "" {
			return text, obey(text, t.Kind, rules)
		}
	}
	if fault == "" && t.Kind != model.Object {
		fault = obeyLength(size, rules)
	}
	return text, fault
}

func (b *builder) arrayConstant(v any, t *model.DataType) (string, int, string) {
	r := reflect.ValueOf(v)
	if !r.IsValid() || r.Kind() != reflect.Slice && r.Kind() != reflect.Array {
		return "", 0, "want a slice, have " + kindOf(v)
	}
	items := make([]string, r.Len())
	for i := range items {
		text, fault := b.constant(r.Index(i).Interface(), t.Elem)
		if fault != "" {
			return "", 0, "element " + strconv.Itoa(i) + ": " + fault
		}
		items[i] = text
	}
	return "[" + strings.Join(items, ",") + "]", len(items), ""
}

func (b *builder) mapConstant(v any, t *model.DataType) (string, int, string) {
	r := reflect.ValueOf(v)
	if !r.IsValid() || r.Kind() != reflect.Map {
		return "", 0, "want a map, have " + kindOf(v)
	}
	var items []string
	for it := r.MapRange(); it.Next(); {
		key, fault := b.constant(it.Key().Interface(), t.Key)
		if fault != "" {
			return "", 0, "key: " + fault
		}
		if !strings.HasPrefix(key, `"`) {
			key = quoteJSON(key)
		}
		text, fault := b.constant(it.Value().Interface(), t.Elem)
		if fault != "" {
			return "", 0, "value of " + key + ": " + fault
		}
		items = append(items, key+":"+text)
	}
	slices.Sort(items)
	return "{" + strings.Join(items, ",") + "}", len(items), ""
}

func (b *builder) objectConstant(v any, t, o *model.DataType) (string, string) {
	r := reflect.ValueOf(v)
	if !r.IsValid() || r.Kind() != reflect.Map || r.Type().Key().Kind() != reflect.String {
		return "", "want a Val with the attributes of " + b.describe(t) + ", have " + kindOf(v)
	}
	given := map[string]any{}
	for it := r.MapRange(); it.Next(); {
		given[it.Key().String()] = it.Value().Interface()
	}
	if name, near := unknownMember(given, o); name != "" && !b.incomplete[b.userType(t)] {
		return "", "unknown attribute " + quote(name) + near
	}
	var items []string
	for _, a := range o.Attributes {
		v, ok := given[a.Name]
		if !ok && a.Required {
			return "", "the required attribute " + quote(a.Name) + " is missing"
		}
		if !ok {
			continue
		}
		text, fault := b.constant(v, a)
		if fault != "" {
			return "", "attribute " + quote(a.Name) + ": " + fault
		}
		items = append(items, quoteJSON(a.Name)+":"+text)
	}
	return "{" + strings.Join(items, ",") + "}", ""
}

// unknownMember returns the first of the given names that no attribute has,
// and what was probably meant.
func unknownMember(given map[string]any, o *model.DataType) (name, near string) {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if o.Attribute(name) == nil {
			return name, nearest(name, attributeNames(o))
		}
	}
	return "", ""
}

// primitiveJSON returns v as a value of the primitive kind k, or why it is none.
func primitiveJSON(v any, k model.Kind) (text, fault string) {
	r := reflect.ValueOf(v)
	switch {
	case k.IsNumber():
		if _, isText := v.(string); isText {
			break
		}
		return numberJSON(v, k)
	case k == model.Any:
		return anyJSON(v)
	case k == model.Boolean && r.Kind() == reflect.Bool:
		return strconv.FormatBool(r.Bool()), ""
	case k == model.String && r.Kind() == reflect.String:
		return quoteJSON(r.String()), ""
	case k == model.Bytes:
		if data, ok := v.([]byte); ok {
			return quoteJSON(base64.StdEncoding.EncodeToString(data)), ""
		}
		if s, ok := v.(string); ok {
			return quoteJSON(base64.StdEncoding.EncodeToString([]byte(s))), ""
		}
	case k == model.Timestamp:
		return timestampJSON(v)
	case k == model.Duration:
		return durationJSON(v)
	}
	return "", "want " + article(k) + ", have " + kindOf(v)
}

func timestampJSON(v any) (text, fault string) {
	switch v := v.(type) {
	case time.Time:
		return quoteJSON(v.Format(time.RFC3339Nano)), ""
	case string:
		if _, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return quoteJSON(v), ""
		}
	}
	return "", "want a time.Time or an RFC 3339 text such as \"2006-01-02T15:04:05Z\", have " + kindOf(v)
}

func anyJSON(v any) (text, fault string) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", "it has no JSON: " + err.Error()
	}
	return strings.TrimSuffix(buf.String(), "\n"), ""
}

// quoteJSON returns s as JSON.
func quoteJSON(s string) string {
	text, _ := anyJSON(s)
	return text
}

// unquoteJSON returns the string that text is as JSON.
func unquoteJSON(text string) string {
	var s string
	if json.Unmarshal([]byte(text), &s) != nil {
		return text
	}
	return s
}
