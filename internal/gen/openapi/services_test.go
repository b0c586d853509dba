package openapi_test

import (
	"time"

	"github.com/courant-dev/courant/model"
)

var (
	nothing = model.Content{Part: model.Nothing}
	whole   = model.Content{Part: model.Whole}
)

func part(p model.Part, names ...string) model.Content {
	return model.Content{Part: p, Attributes: names}
}

func routes(all ...string) []model.Route {
	var out []model.Route
	for i := 0; i < len(all); i += 2 {
		out = append(out, model.Route{Verb: all[i], Path: all[i+1]})
	}
	return out
}

func param(in model.In, attribute, name string) *model.Param {
	return &model.Param{In: in, Attribute: attribute, Name: name}
}

// notes is a service without streams.
func notes() *model.Service {
	notFound := &model.Error{Name: "not_found", Description: "There is no such note.", Status: 404}
	gone := &model.Error{Name: "gone", Status: 404}
	busy := &model.Error{Name: "busy", Status: 503, Temporary: true}
	tooLong := &model.Error{Name: "too_long", Type: "TooLong", Status: 400}
	return &model.Service{Name: "notes", Description: "Keeps notes.", Methods: []*model.Method{
		{
			Name: "create", Description: "Create a note. It is kept for ever.", Payload: of(user("notes.CreatePayload")), Result: of(user("Note")),
			Errors: []*model.Error{busy, tooLong},
			HTTP: &model.HTTP{Routes: routes("POST", "/notes", "PUT", "/notes"), Params: []*model.Param{param(model.InQuery, "dry_run", "dryRun")},
				Body: part(model.Bare, "note"), Response: &model.Response{Status: 201, Body: part(model.Members, "title", "status", "parent"),
					Headers: []*model.Param{param(model.InHeader, "id", "X-Note-ID"), param(model.InHeader, "counts", "X-Counts")}}},
		},
		{
			Name: "show", Payload: of(user("Kinds")), Result: of(user("Formats")), Errors: []*model.Error{notFound, gone},
			HTTP: &model.HTTP{Routes: routes("GET", "/notes/{a_Int}", "HEAD", "/notes/{a_Int}", "GET", "/kinds/{a_Int}/{a_String}/{*a_Bytes}"),
				Params: []*model.Param{param(model.InPath, "a_Int", "a_Int"), param(model.InPath, "a_String", "a_String"), param(model.InPath, "a_Bytes", "a_Bytes"),
					param(model.InQuery, "scores", "scores"), param(model.InQuery, "a_Any", "any"), param(model.InHeader, "contact", "X-Contact")},
				Body: nothing, Response: &model.Response{Status: 200, Description: "Found.", Body: whole}},
		},
		{
			Name: "replace", Payload: of(user("Kinds")), Errors: []*model.Error{notFound},
			HTTP: &model.HTTP{Routes: routes("LOCK", "/notes/{id}", "PATCH", "/notes/{id}"), Params: []*model.Param{param(model.InPath, "a_Int", "id")},
				Body: part(model.Members, "a_String", "avatar", "odd"), Response: &model.Response{Status: 204, Body: nothing}},
		},
		{
			Name: "list", Payload: of(user("Tags")), Result: of(array(user("Note"))),
			HTTP: &model.HTTP{Routes: routes("GET", "/notes"), Params: []*model.Param{param(model.InQuery, "", "tag")},
				Body: nothing, Response: &model.Response{Status: 200, Body: whole}},
		},
		{
			Name: "check", Payload: of(user("Patterns")), Result: of(kind(model.Boolean)),
			HTTP: &model.HTTP{Routes: routes("POST", "/check"), Body: whole, Response: &model.Response{Status: 200, Body: whole}},
		},
		{Name: "internal"},
	}, Files: []*model.Files{
		{Path: "/page/{*path}", Source: "./page", Description: "The page."}, {Path: "/favicon.ico", Source: "./favicon.ico"},
		{Path: "/notes/{*path}", Source: "./notes"},
	}}
}

// sse has the usual streams.
func sse() *model.Service {
	event := of(user("sse.StreamEvent"))
	stream := func(name, path string, payload *model.Attribute, e *model.Attribute, s *model.StreamSSE) *model.Method {
		return &model.Method{Name: name, Payload: payload, Event: e, HTTP: &model.HTTP{Routes: routes("GET", path), Body: nothing, Stream: s}}
	}
	topic := func(m *model.Method, t *model.Topic) *model.Method {
		m.Topic = t
		return m
	}
	return &model.Service{Name: "sse", Methods: []*model.Method{
		stream("stream", "/events", of(user("sse.StreamPayload")), event, &model.StreamSSE{
			Data: part(model.Members, "message"), EventType: "kind", EventID: "cursor", EventRetry: "wait", RequestID: "startID"}),
		stream("whole", "/whole", nil, of(user("Note")), &model.StreamSSE{Data: whole, HeartbeatAsEvent: true, Heartbeat: seconds(5)}),
		stream("plain", "/plain", nil, event, &model.StreamSSE{Data: part(model.Bare, "message"), NoControlEvents: true}),
		stream("tokens", "/tokens", nil, of(kind(model.String)), &model.StreamSSE{Data: part(model.Bare), Done: "[DONE]"}),
		stream("numbers", "/numbers", nil, of(kind(model.Int)), &model.StreamSSE{Data: whole}),
		stream("maybe", "/maybe", nil, event, &model.StreamSSE{Data: part(model.Bare, "wait"), EventType: "message"}),
		topic(stream("topic", "/topic", nil, event, &model.StreamSSE{Data: part(model.Members, "message", "kind", "wait"), EventType: "kind", EventID: "cursor"}),
			&model.Topic{Pattern: "topic", MaxEvents: 100, MaxAge: 48 * time.Hour, OnGap: model.GapContinue}),
		topic(stream("strict", "/strict", of(user("sse.StreamPayload")), of(kind(model.Int)), &model.StreamSSE{Data: whole, RequestID: "startID"}),
			&model.Topic{Pattern: "strict", MaxAge: 90 * time.Second, OnGap: model.GapFail}),
	}}
}

// chat has names that meet those of sse, and a problem of its own.
func chat() *model.Service {
	return &model.Service{Name: "chat", Description: "Rooms.", Methods: []*model.Method{
		{
			Name: "stream", Description: "Follow a room.", Payload: of(user("chat.StreamPayload")), Event: of(user("ChatEvent")),
			Errors: []*model.Error{{Name: "closed", Type: "Problem", Status: 410}},
			HTTP: &model.HTTP{Routes: routes("GET", "/rooms/{room}/events", "POST", "/rooms/{room}/events"), Params: []*model.Param{param(model.InPath, "room", "room")}, Body: nothing,
				Stream: &model.StreamSSE{Data: part(model.Bare, "text"), EventType: "type", EventRetry: "pause", RequestID: "last"}},
		},
		{
			Name: "stream_2", Payload: of(user("ChatEvent")),
			HTTP: &model.HTTP{Routes: routes("DELETE", "/rooms/{id}/events"), Params: []*model.Param{param(model.InPath, "text", "id")}, Body: whole, Response: &model.Response{Status: 204, Body: nothing}},
		},
	}}
}
