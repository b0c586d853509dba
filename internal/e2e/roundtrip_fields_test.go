package e2e

import "strings"

// mapping is a sort of attributes that the fields of an event are mapped from.
type mapping struct {
	Name   string // in Go
	Events []event
}

// event is the attributes of an event in Go, and one of them that does not
// travel where the data is a bare value.
type event struct{ attributes, more string }

// Literal is the event with all its attributes.
func (e event) Literal() string { return "{" + strings.Trim(e.attributes+", "+e.more, ", ") + "}" }

// Without is the event with those that always travel.
func (e event) Without() string { return "{" + e.attributes + "}" }

var mappings = []mapping{
	{"Required", []event{
		{`TheType: "alert", TheID: "1", Retry: 0, Data: "a\nb"`, "More: ref[int64](1)"},
		{`TheType: "message", TheID: "", Retry: 1 << 40, Data: ""`, ""},
		{`TheType: "größer: ", TheID: "2 ü", Retry: 3, Data: " x"`, "More: ref[int64](-1)"},
	}},
	{"Optional", []event{
		{`TheType: ref("alert"), TheID: ref("1"), Retry: ref[int64](0), Data: ref("a")`, "More: ref[int64](1)"},
		{`TheID: ref(""), Data: ref("")`, ""},
		{`Data: ref("")`, "More: ref[int64](0)"},
		{`TheType: ref("größer"), Retry: ref[int64](5), Data: ref("x")`, ""},
	}},
	{"Enum", []event{
		{`TheType: sse.KindAlert, TheID: "1", Retry: 0, Data: ""`, ""},
		{`TheType: "message", TheID: sse.ID("2"), Retry: 7, Data: "{}"`, ""},
	}},
	{"OptionalEnum", []event{
		{`TheType: ref(sse.KindAlert), TheID: ref(sse.ID("1")), Retry: ref[uint64](9), Data: ref("null")`, ""},
		{`Data: ref("")`, ""},
	}},
	{"Duration", []event{
		{`TheType: "t", TheID: "1", Retry: sse.Pause(1500 * time.Millisecond), Data: ""`, ""},
		{`TheType: "t", TheID: "2", Retry: 0, Data: ""`, ""},
	}},
	{"OptionalDuration", []event{
		{`TheType: ref(sse.KindNotification), TheID: ref("1"), Retry: ref(time.Hour), Data: ref("")`, ""},
		{`Data: ref("")`, ""},
	}},
}
