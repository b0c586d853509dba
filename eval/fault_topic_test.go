package eval_test

import (
	"strings"
	"testing"
	"time"

	. "github.com/courant-dev/courant/dsl"
)

// watch declares a method that streams, with a payload of the given attributes,
// and a topic.
func watch(attributes func(), pattern string, body ...func()) func() {
	return method(func() {
		Payload(attributes)
		StreamingResult(String)
		Topic(pattern, body...)
		HTTP(func() { GET("/m"); ServerSentEvents() })
	})
}

// room is the payload of most.
func room() { Attribute("room"); Required("room") }

// TestTopicFaults holds faults of topics: one design, one message.
func TestTopicFaults(t *testing.T) {
	checkFaults(t, []faultCase{
		{
			"no stream",
			method(func() { Result(String); Topic("a"); HTTP(func() { GET("/") }) }),
			`Topic needs a StreamingResult, and method "m" has none`,
		},
		{
			"no HTTP",
			method(func() { StreamingResult(String); Topic("a") }),
			`Topic needs ServerSentEvents in the HTTP of method "m", which has no HTTP`,
		},
		{
			"no ServerSentEvents",
			method(func() { StreamingResult(String); Topic("a"); HTTP(func() { GET("/") }) }),
			`a stream without ServerSentEvents is a WebSocket, which is not built yet: add ServerSentEvents() to the HTTP of method "m"`,
		},
		{"not in a method", service(func() { Topic("a"); Method("m", func() {}) }), "Topic may not stand in Service; it may stand in Method"},
		{"outside of Topic", method(func() { MaxEvents(1) }), "MaxEvents may not stand in Method; it may stand in Topic"},
		{"twice", watch(room, "a", func() { MaxEvents(1); MaxEvents(2) }), "MaxEvents stands twice here; the first is at HERE"},
		{
			"two topics",
			method(func() { StreamingResult(String); Topic("a"); Topic("b"); HTTP(func() { GET("/"); ServerSentEvents() }) }),
			"Topic stands twice here; the first is at HERE",
		},
		{"empty", watch(room, ""), `topic "": a name such as "rooms/{room}" is wanted`},
		{"leading slash", watch(room, "/rooms/{room}"), `topic "/rooms/{room}": it neither begins nor ends with a slash; "rooms/{room}" is meant`},
		{"trailing slash", watch(room, "rooms/"), `topic "rooms/": it neither begins nor ends with a slash; "rooms" is meant`},
		{"only a slash", watch(room, "/"), `topic "/": a name such as "rooms/{room}" is wanted`},
		{"empty segment", watch(room, "rooms//{room}"), `topic "rooms//{room}": it has an empty segment`},
		{"space", watch(room, "my rooms"), `topic "my rooms": a space, a backslash or a control character cannot stand in it`},
		{"not UTF-8", watch(room, "\xff"), `topic "\xff": it is not UTF-8`},
		{"colon", watch(room, "rooms/:room"), `topic "rooms/:room": an attribute is written {room}, not :room`},
		{"opened", watch(room, "rooms/{room"), `topic "rooms/{room": the braces of {room do not match`},
		{"closed", watch(room, "rooms/room}"), `topic "rooms/room}": the braces of room} do not match`},
		{"the wrong way round", watch(room, "rooms/}room{"), `topic "rooms/}room{": an attribute such as {room} must be a whole segment, }room{ is not`},
		{"slash in braces", watch(room, "rooms/{a/b}"), `topic "rooms/{a/b}": the braces of {a do not match`},
		{"part of a segment", watch(room, "room-{room}"), `topic "room-{room}": an attribute such as {room} must be a whole segment, room-{room} is not`},
		{"two in a segment", watch(room, "{room}{room}"), `topic "{room}{room}": an attribute such as {room} must be a whole segment, {room}{room} is not`},
		{"no name", watch(room, "rooms/{}"), `topic "rooms/{}": {} names no attribute`},
		{"wildcard", watch(room, "rooms/{*room}"), `topic "rooms/{*room}": {*room} is a wildcard of a path; a topic has attributes such as {room}`},
		{"named twice", watch(room, "{room}/{room}"), `topic "{room}/{room}": {room} stands twice in it`},
		{"too long", watch(room, strings.Repeat("x", 129)), `topic "` + strings.Repeat("x", 129) + `": it has 129 bytes, 128 is the limit`},
		{"unknown attribute", watch(room, "{rom}"), `the topic has {rom}, but the payload of method "m" has no attribute "rom"; did you mean "room"?`},
		{
			"no payload",
			method(func() { StreamingResult(String); Topic("{a}"); HTTP(func() { GET("/"); ServerSentEvents() }) }),
			`the topic has {a}, but method "m" has no payload`,
		},
		{
			"payload that is no object",
			method(func() {
				Payload(String)
				StreamingResult(String)
				Topic("{a}")
				HTTP(func() { GET("/"); ServerSentEvents() })
			}),
			`the topic has {a}, but the payload of method "m" is String, no object`,
		},
		{
			"optional attribute", watch(attrs("room"), "{room}"),
			`attribute "room" of the payload of method "m" is optional: in a topic it is Required or has a Default`,
		},
		{
			"attribute that has no one text",
			watch(func() { Attribute("at", Timestamp); Required("at") }, "{at}"),
			`the attributes in a topic are String, integers or Boolean; "at" is Timestamp`,
		},
		{
			"attribute that is a collection",
			watch(func() { Attribute("a", ArrayOf(String)); Required("a") }, "{a}"),
			`the attributes in a topic are String, integers or Boolean; "a" is ArrayOf(String)`,
		},
		{
			"last event ID",
			method(func() {
				Payload(room)
				StreamingResult(String)
				Topic("{room}")
				HTTP(func() { GET("/"); ServerSentEvents(func() { SSERequestID("room") }) })
			}),
			`attribute "room" is the last event ID: it cannot be in the topic`,
		},
		{
			"attribute in the place of the last event ID",
			watch(func() { Attribute("last_event_id") }, "a"),
			`the query parameter "last_event_id" is taken; the first is the Topic at HERE`,
		},
		{
			"Header with the last event ID",
			method(func() {
				Payload(attrs("a"))
				StreamingResult(String)
				Topic("a")
				HTTP(func() { GET("/"); Header("a:Last-Event-ID"); ServerSentEvents() })
			}),
			"the header Last-Event-ID is that of Topic at HERE",
		},
		{
			"one pattern for two methods",
			service(func() {
				for _, name := range []string{"a", "b"} {
					Method(name, func() { StreamingResult(String); Topic("t"); HTTP(func() { GET("/" + name); ServerSentEvents() }) })
				}
			}),
			`methods "s.b" and "s.a" at HERE both have the topic "t": the events of a topic are those of one method`,
		},
		{
			"two with one Go name",
			service(func() {
				for _, name := range []string{"a", "new_a"} {
					Method(name, func() { StreamingResult(String); Topic(name); HTTP(func() { GET("/" + name); ServerSentEvents() }) })
				}
			}),
			`the topic of method "new_a" would have the Go name NewA, as the constructor of the topic of method "a" at HERE`,
		},
		{"no events", watch(room, "a", func() { MaxEvents(0) }), "MaxEvents wants the number of events to keep, 1 or more, not 0"},
		{"fewer than none", watch(room, "a", func() { MaxEvents(-1) }), "MaxEvents wants the number of events to keep, 1 or more, not -1"},
		{"age that is none", watch(room, "a", func() { MaxAge("1 day") }), `MaxAge wants a duration of a second or more, such as "24h", not the string "1 day"`},
		{"no age", watch(room, "a", func() { MaxAge("0") }), `MaxAge wants a duration of a second or more, such as "24h", not the string "0"`},
		{"negative age", watch(room, "a", func() { MaxAge(-time.Hour) }), `MaxAge wants a duration of a second or more, such as "24h", not the duration -1h0m0s`},
		{"age of a number", watch(room, "a", func() { MaxAge(3600) }), `MaxAge wants a duration of a second or more, such as "24h", not the number 3600`},
		{"unknown policy", watch(room, "a", func() { OnGap(7) }), "OnGap wants GapContinue, GapFail or GapRestart, not 7"},
	})
}
