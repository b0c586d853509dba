package openapi_test

import (
	"time"

	"github.com/courant-dev/courant/model"
)

// design returns a design that has every kind of thing which a document shows.
func design() *model.Design {
	return &model.Design{
		Version: model.Version,
		API: &model.API{
			Name: "sample", Title: "Sample", Version: "1.2.3", Description: "Everything at once: <tags> & more.",
			Servers: []*model.Server{{Name: "main", Description: "The server", Hosts: []*model.Host{
				{Name: "local", URIs: []string{"http://localhost:8080", "grpc://localhost:8081"}},
				{Name: "production", Description: "For everyone", URIs: []string{"https://api.example.com/v1", "http://localhost:8080"}},
			}}},
		},
		Types:    types(),
		Services: []*model.Service{notes(), sse(), chat()},
	}
}

func types() []*model.Type {
	return []*model.Type{
		object("Note", "A note.",
			required("id", user("Email"), nil),
			required("title", kind(model.String), func(a *model.Attribute) {
				a.Description, a.Rules = "What it is about", model.Rules{MinLength: new(1), MaxLength: new(80)}
			}),
			required("status", user("NoteStatus"), nil),
			optional("priority", kind(model.Int32), func(a *model.Attribute) {
				a.Rules, a.Default = model.Rules{Minimum: "1", Maximum: "5"}, value("3")
			}),
			optional("parent", user("Note"), func(a *model.Attribute) { a.Description = "Where it belongs" }),
			optional("children", array(user("Note")), nil),
			optional("counts", mapOf(kind(model.String), kind(model.UInt32)), nil),
			required("tags", array(kind(model.String)), func(a *model.Attribute) {
				a.Rules = model.Rules{MinLength: new(2), MaxLength: new(10)}
			}),
		),
		{Key: "NoteStatus", Name: "NoteStatus", Lifted: true, Def: kind(model.String),
			Rules: model.Rules{Enum: []*model.Value{value(`"open"`), value(`"done"`)}}},
		{Key: "Email", Name: "Email", Description: "An address.", Def: kind(model.String),
			Rules: model.Rules{Format: model.FormatEmail}},
		{Key: "Tags", Name: "Tags", Def: array(kind(model.String))},
		object("Kinds", "One attribute of each kind.", kinds()...),
		object("Formats", "One attribute of each format.", formats()...),
		object("Patterns", "", patterns()...),
		object("TooLong", "More than is allowed.", required("limit", kind(model.UInt), nil)),
		lifted("notes.CreatePayload", "CreatePayload", required("note", user("Note"), nil), optional("dry_run", kind(model.Boolean), nil)),
		lifted("sse.StreamPayload", "StreamPayload", plain("startID", "Where to go on")),
		lifted("chat.StreamPayload", "StreamPayload",
			required("room", kind(model.String), func(a *model.Attribute) { a.Rules.Pattern = `\A[a-z]{3,}-\d+\z` }), required("last", kind(model.String), nil)),
		lifted("sse.StreamEvent", "StreamEvent",
			required("message", kind(model.String), nil), required("kind", user("StreamEventKind"), nil),
			optional("cursor", kind(model.String), nil), optional("wait", kind(model.Duration), nil)),
		{Key: "StreamEventKind", Name: "StreamEventKind", Lifted: true, Def: kind(model.String),
			Rules: model.Rules{Enum: []*model.Value{value(`"news"`), value(`"alert"`)}}},
		{Key: "ChatEvent", Name: "ChatEvent", Def: &model.DataType{Kind: model.Object, Attributes: []*model.Attribute{
			required("text", kind(model.String), nil), required("type", kind(model.String), nil), optional("pause", kind(model.UInt), nil),
		}}, Examples: []*model.Value{value(`{"text": "two\nlines", "type": "said", "pause": 250}`), value(`{"text": "bye", "type": "left"}`)}},
		object("Problem", "A user's own.", required("why", kind(model.String), nil)),
	}
}

func kinds() []*model.Attribute {
	var out []*model.Attribute
	for k := model.Boolean; k <= model.Duration; k++ {
		out = append(out, required("a_"+k.String(), kind(k), nil))
	}
	return append(out,
		required("scores", mapOf(kind(model.String), kind(model.Float64)), nil),
		optional("by_day", mapOf(kind(model.Int), array(user("Note"))), nil),
		optional("by_mail", mapOf(user("Email"), kind(model.Any)), nil),
		optional("avatar", kind(model.Bytes), func(a *model.Attribute) { a.Rules = model.Rules{MinLength: new(4), MaxLength: new(64)} }),
		optional("price", kind(model.Float32), func(a *model.Attribute) { a.Rules.Minimum = "0.5" }),
		optional("odd", kind(model.Int), func(a *model.Attribute) { a.Rules.Minimum = "-7.5"; a.Rules.Maximum = "-3" }),
		optional("contact", user("Email"), func(a *model.Attribute) {
			a.Description, a.Examples = "For questions", []*model.Value{value(`"grace@example.com"`)}
		}),
	)
}

func formats() []*model.Attribute {
	var out []*model.Attribute
	for f := model.FormatDate; f <= model.FormatRFC1123; f++ {
		out = append(out, required("f_"+f.String(), kind(model.String), func(a *model.Attribute) { a.Rules.Format = f }))
	}
	return out
}

func patterns() []*model.Attribute {
	var out []*model.Attribute
	for i, p := range []string{`^[A-Z]{2}-\d{4}$`, `\A(?P<year>\d+)\z`, `(?i)tea`, `^[[:alpha:]]+$`, `^[]x]$`, `^(yes|no)$`, `\pL`, `^v\d+(\.\d+)*$`} {
		out = append(out, optional("p"+string(rune('a'+i)), kind(model.String), func(a *model.Attribute) { a.Rules.Pattern = p }))
	}
	return out
}

func kind(k model.Kind) *model.DataType { return &model.DataType{Kind: k} }

func user(key string) *model.DataType { return &model.DataType{Kind: model.User, Type: key} }

func of(t *model.DataType) *model.Attribute { return &model.Attribute{Type: t, Required: true} }

func array(t *model.DataType) *model.DataType {
	return &model.DataType{Kind: model.Array, Elem: of(t)}
}

func mapOf(k, v *model.DataType) *model.DataType {
	return &model.DataType{Kind: model.Map, Key: of(k), Elem: of(v)}
}

func value(json string) *model.Value { return &model.Value{JSON: json} }

func required(name string, t *model.DataType, change func(*model.Attribute)) *model.Attribute {
	a := optional(name, t, change)
	a.Required = true
	return a
}

func optional(name string, t *model.DataType, change func(*model.Attribute)) *model.Attribute {
	a := &model.Attribute{Name: name, Type: t}
	if change != nil {
		change(a)
	}
	return a
}

func plain(name, description string) *model.Attribute {
	return &model.Attribute{Name: name, Description: description, Type: kind(model.String), Plain: true}
}

func object(name, description string, attributes ...*model.Attribute) *model.Type {
	return &model.Type{Key: name, Name: name, Description: description, Def: &model.DataType{Kind: model.Object, Attributes: attributes}}
}

func lifted(key, name string, attributes ...*model.Attribute) *model.Type {
	t := object(name, "", attributes...)
	t.Key, t.Lifted = key, true
	return t
}

func seconds(n int) *time.Duration { return new(time.Duration(n) * time.Second) }
