package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/courant-dev/courant/eval"
	"github.com/courant-dev/courant/model"
)

// outline writes what matters of a model in few lines, for the tables.
type outline struct {
	strings.Builder
	design *model.Design
}

func (o *outline) line(format string, args ...any) {
	o.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

func outlineOf(d *model.Design) string {
	o := &outline{design: d}
	for _, t := range d.Types {
		o.typ(t)
	}
	for _, s := range d.Services {
		for _, m := range s.Methods {
			o.method(s, m)
		}
		for _, f := range s.Files {
			o.line("files %s %s", f.Path, f.Source)
		}
	}
	for _, w := range d.Warnings {
		o.line("warning %s", w.Message)
	}
	return o.String()
}

func (o *outline) typ(t *model.Type) {
	mark := ""
	if t.Lifted {
		mark = " lifted"
	}
	if t.Error != "" {
		mark += " of error " + t.Error
	}
	if t.Def.Kind != model.Object {
		o.line("type %s%s = %s%s%s", t.Key, mark, dataType(t.Def), rules(t.Rules), values("example", t.Examples))
		return
	}
	o.line("type %s%s", t.Key, mark)
	for _, a := range t.Def.Attributes {
		mark := ""
		if a.Required {
			mark = "!"
		}
		if a.Plain {
			mark = " plain"
		}
		if a.Default != nil {
			mark += " default " + a.Default.JSON
		}
		o.line("  %s %s%s%s%s", a.Name, dataType(a.Type), mark, rules(a.Rules), values("example", a.Examples))
	}
}

func dataType(t *model.DataType) string {
	switch t.Kind {
	case model.User:
		return t.Type
	case model.Array:
		return "[]" + dataType(t.Elem.Type) + rules(t.Elem.Rules)
	case model.Map:
		return "map[" + dataType(t.Key.Type) + rules(t.Key.Rules) + "]" + dataType(t.Elem.Type) + rules(t.Elem.Rules)
	}
	return t.Kind.String()
}

func rules(r model.Rules) string {
	out := values("enum", r.Enum)
	if r.Format != 0 {
		out += " format " + r.Format.String()
	}
	if r.Pattern != "" {
		out += " pattern " + r.Pattern
	}
	if r.Minimum != "" || r.Maximum != "" {
		out += fmt.Sprintf(" %s..%s", r.Minimum, r.Maximum)
	}
	if r.MinLength != nil {
		out += fmt.Sprintf(" length>=%d", *r.MinLength)
	}
	if r.MaxLength != nil {
		out += fmt.Sprintf(" length<=%d", *r.MaxLength)
	}
	return out
}

func values(word string, vs []*model.Value) string {
	out := ""
	for _, v := range vs {
		out += " " + word + " " + v.JSON
	}
	return out
}

func (o *outline) method(s *model.Service, m *model.Method) {
	o.line("method %s.%s", s.Name, m.Name)
	if m.Payload != nil {
		o.line("  payload %s%s", dataType(m.Payload.Type), rules(m.Payload.Rules))
	}
	if m.Result != nil {
		o.line("  result %s%s", dataType(m.Result.Type), rules(m.Result.Rules))
	}
	if m.Event != nil {
		o.line("  event %s%s", dataType(m.Event.Type), rules(m.Event.Rules))
	}
	if t := m.Topic; t != nil {
		kept := ""
		if t.MaxEvents > 0 || t.MaxAge > 0 {
			kept = fmt.Sprintf(" keeps %d for %s", t.MaxEvents, t.MaxAge)
		}
		o.line("  topic %s of %s%s on gap %s", t.Pattern, strings.Join(t.Attributes, ","), kept, t.OnGap)
	}
	for _, e := range m.Errors {
		traits := ""
		if e.Temporary {
			traits = " temporary"
		}
		o.line("  error %s %d %s%s", e.Name, e.Status, e.Type, traits)
	}
	if m.HTTP == nil {
		return
	}
	for _, r := range m.HTTP.Routes {
		o.line("  %s %s", r.Verb, r.Path)
	}
	for _, p := range m.HTTP.Params {
		o.line("  %s %s=%s", p.In, p.Name, p.Attribute)
	}
	if m.HTTP.Body.Part != model.Nothing {
		o.line("  body %s", content(m.HTTP.Body))
	}
	if r := m.HTTP.Response; r != nil {
		o.line("  answer %d %s", r.Status, content(r.Body))
		for _, h := range r.Headers {
			o.line("  answer %s %s=%s", h.In, h.Name, h.Attribute)
		}
	}
	if m.HTTP.Stream != nil {
		o.stream(m.HTTP.Stream)
	}
}

func (o *outline) stream(s *model.StreamSSE) {
	o.line("  data %s", content(s.Data))
	for _, f := range [][2]string{
		{"type", s.EventType}, {"id", s.EventID}, {"retry", s.EventRetry},
		{"request id", s.RequestID}, {"done", s.Done},
	} {
		if f[1] != "" {
			o.line("  %s %s", f[0], f[1])
		}
	}
	if s.NoControlEvents {
		o.line("  no control events")
	}
	if s.Heartbeat != nil {
		o.line("  heartbeat %s as event %t", *s.Heartbeat, s.HeartbeatAsEvent)
	}
}

func content(c model.Content) string {
	return strings.TrimSpace(c.Part.String() + " " + strings.Join(c.Attributes, ","))
}

// modelCase is a good design and the outline of its model.
type modelCase struct {
	name   string
	design func()
	want   string
}

func checkModels(t *testing.T, cases []modelCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d, problems := eval.Evaluate(c.design)
			for _, p := range problems {
				t.Errorf("unexpected fault: %s", p.Message)
			}
			if d == nil {
				return
			}
			got := strings.TrimSpace(outlineOf(d))
			if want := strings.TrimSpace(strings.ReplaceAll(c.want, "\n\t\t\t", "\n")); got != want {
				t.Errorf("have\n%s\nwant\n%s", got, want)
			}
		})
	}
}
