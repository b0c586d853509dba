// Package topics generates, for each service that has topics, the package that
// publishes and serves them. It alone needs the hub: servers and clients do not
// import it.
//
// It prints one call of the hub per function, and no behaviour.
package topics

import (
	"strings"

	"github.com/courant-dev/courant/internal/gen"
	"github.com/courant-dev/courant/internal/gen/gotree"
	"github.com/courant-dev/courant/internal/gofile"
	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// Generator returns the generator of packages of topics.
func Generator() gen.Generator {
	return gen.Generator{Name: "topics", Doc: "topics that publish events and serve streams from a log", Run: run}
}

func run(in *gen.Input) ([]gen.File, error) {
	tree := gotree.New(in)
	var files []gen.File
	for _, s := range tree.Services {
		if !hasTopic(s) {
			continue
		}
		file, err := topicsFile(tree, s)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

func hasTopic(s *model.Service) bool {
	for _, m := range s.Methods {
		if m.Topic != nil {
			return true
		}
	}
	return false
}

func topicsFile(tree *gotree.Tree, s *model.Service) (gen.File, error) {
	pkg := tree.Topics(s)
	f := gofile.New(pkg, "Package topics publishes the events of the "+s.Name+" service, and serves its streams from a log.")
	for _, m := range s.Methods {
		if m.Topic != nil {
			newPrinter(f, tree, s, m).printTopic()
		}
	}
	return tree.File(pkg, "topics.go", f)
}

// printer prints the topic of one method.
type printer struct {
	*gofile.File
	tree    *gotree.Tree
	service *model.Service
	method  *model.Method

	name   string  // of the type
	event  string  // the type of an event
	params []param // of the attributes in the pattern
	texts  string  // the texts of these parameters; empty where they are texts
	topic  string  // the call that gives the topic's name, of these parameters
	served string  // the same, of a payload p
}

// param is a parameter of a function.
type param struct{ name, typ string }

func newPrinter(f *gofile.File, tree *gotree.Tree, s *model.Service, m *model.Method) *printer {
	p := &printer{File: f, tree: tree, service: s, method: m, name: goname.Exported(m.Name)}
	p.event = p.typeOf(m.Event)
	var names, fields, texts []string
	converts := false
	for _, attribute := range m.Topic.Attributes {
		payload := tree.Design.Type(m.Payload.Type.Type)
		a := payload.Def.Attribute(attribute)
		name := gotree.Parameter(attribute, names...)
		p.params = append(p.params, param{name, p.typeOf(a)})
		names = append(names, name)
		fields = append(fields, "p."+gotree.Field(payload, a))
		texts = append(texts, p.text(a, name))
		converts = converts || texts[len(texts)-1] != name
	}
	function := "t.topic.Name("
	if converts {
		function = "t.name("
		p.texts = strings.Join(texts, ", ")
	}
	p.topic, p.served = function+strings.Join(names, ", ")+")", function+strings.Join(fields, ", ")+")"
	return p
}

func (p *printer) typeOf(a *model.Attribute) string {
	return p.tree.Type(p.File, p.tree.Service(p.service), a.Type)
}

func (p *printer) hub(name string) string { return p.Ident(gotree.Hub, name) }

// signature writes the parameters of a function: a context, the attributes of
// the pattern, and more.
func (p *printer) signature(more ...param) string {
	all := append([]param{{"ctx", p.Ident(gotree.Context, "Context")}}, p.params...)
	return "(" + list(append(all, more...)) + ")"
}

// list writes parameters, neighbours of one type with one mention of it.
func list(params []param) string {
	var b strings.Builder
	for i, a := range params {
		b.WriteString(a.name)
		switch last := i == len(params)-1; {
		case last:
			b.WriteString(" " + a.typ)
		case params[i+1].typ == a.typ:
			b.WriteString(", ")
		default:
			b.WriteString(" " + a.typ + ", ")
		}
	}
	return b.String()
}

// text writes the text of the value v of a.
func (p *printer) text(a *model.Attribute, v string) string {
	kind := p.tree.Underlying(a.Type).Kind
	named := a.Type.Kind == model.User
	convert := func(typ string, needed bool) string {
		if !needed {
			return v
		}
		return typ + "(" + v + ")"
	}
	switch kind {
	case model.String:
		return convert("string", named)
	case model.Boolean:
		return p.Ident(gotree.Strconv, "FormatBool") + "(" + convert("bool", named) + ")"
	case model.Int, model.Int32, model.Int64:
		return p.Ident(gotree.Strconv, "FormatInt") + "(" + convert("int64", named || kind == model.Int32) + ", 10)"
	default: // no other kind stands in a pattern
		return p.Ident(gotree.Strconv, "FormatUint") + "(" + convert("uint64", named || kind == model.UInt32) + ", 10)"
	}
}

func (p *printer) printTopic() {
	topic := p.hub("Topic") + "[" + p.event + "]"
	p.Doc(p.name + " is the topic of the " + p.method.Name + " method: " + p.method.Topic.Pattern + ". It is safe for concurrent use.")
	p.P("type ", p.name, " struct{ topic *", topic, " }")
	p.P()
	p.Doc("New" + p.name + " opens the log of the topic in the store of h.")
	p.P("func New", p.name, "(ctx ", p.Ident(gotree.Context, "Context"), ", h *", p.hub("Hub"), ") (*", p.name, ", error) {")
	p.P("topic, err := ", p.hub("Open"), "(ctx, h, ", p.Ident(p.tree.Wire(p.service), p.name), ")")
	p.P("if err != nil {\nreturn nil, err\n}")
	p.P("return &", p.name, "{topic}, nil")
	p.P("}")
	p.P()
	p.printPublish()
	p.printEvents()
	p.printServe()
	if p.texts != "" {
		p.printName()
	}
}

// receiver begins a method of the topic.
func (p *printer) receiver(name string) string { return "func (t *" + p.name + ") " + name }

func (p *printer) printPublish() {
	p.Doc("Publish adds events to the log, in order; see [hub.Topic.Publish].")
	p.P(p.receiver("Publish"), p.signature(param{"events", "..." + p.event}), " error {")
	p.P("return t.topic.Publish(ctx, ", p.topic, ", events...)")
	p.P("}")
	p.P()
	p.Doc("PublishOnce adds an event unless the log has one of the key, and returns its ID; see [hub.Topic.PublishOnce].")
	p.P(p.receiver("PublishOnce"), p.signature(param{"key", "string"}, param{"event", p.event}), " (id string, err error) {")
	p.P("return t.topic.PublishOnce(ctx, ", p.topic, ", key, event)")
	p.P("}")
	p.P()
}

func (p *printer) printEvents() {
	yields := p.Ident(gotree.Iter, "Seq2") + "[" + p.hub("Published") + "[" + p.event + "], error]"
	p.Doc("Events yields the events after the one with that ID, and then those that come; see [hub.Topic.Events].")
	p.P(p.receiver("Events"), p.signature(param{"after", "string"}), " ", yields, " {")
	p.P("return t.topic.Events(ctx, ", p.topic, ", after)")
	p.P("}")
	p.P()
}

func (p *printer) printServe() {
	params := []param{{"ctx", p.Ident(gotree.Context, "Context")}}
	switch m := p.method; {
	case m.Payload == nil:
	case len(m.Topic.Attributes) == 0:
		params = append(params, param{"_", p.typeOf(m.Payload)})
	default:
		params = append(params, param{"p", p.typeOf(m.Payload)})
	}
	params = append(params,
		param{"stream", p.Ident(p.tree.Service(p.service), p.name+"ServerStream")},
		param{"opts", "..." + p.hub("ServeOption") + "[" + p.event + "]"})
	p.Doc("Serve sends the events that the client has missed, and then those that come. The " + p.method.Name +
		" method returns what it returns; see [hub.Topic.Serve].")
	p.P(p.receiver("Serve"), "(", list(params), ") error {")
	p.P("return t.topic.Serve(ctx, ", p.served, ", stream, opts...)")
	p.P("}")
	p.P()
}

func (p *printer) printName() {
	p.P(p.receiver("name"), "(", list(p.params), ") string {")
	p.P("return t.topic.Name(", p.texts, ")")
	p.P("}")
	p.P()
}
