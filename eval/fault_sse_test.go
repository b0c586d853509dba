package eval_test

import (
	"testing"

	. "github.com/courant-dev/courant/dsl"
)

// TestSSEFaults holds faults of how events travel: one design, one message.
func TestSSEFaults(t *testing.T) {
	checkFaults(t, []faultCase{
		{
			"no stream",
			method(func() { Result(String); HTTP(func() { GET("/"); ServerSentEvents() }) }),
			`ServerSentEvents needs a StreamingResult, and method "m" has none`,
		},
		{
			"unknown data",
			stream(attrs("message"), func() { SSEEventData("mesage") }),
			`unknown attribute "mesage": the event of method "m" has none of this name; did you mean "message"?`,
		},
		{
			"data twice",
			stream(attrs("a"), func() { SSEEventData("a", "a") }),
			`attribute "a" is named twice`,
		},
		{
			"data and value",
			stream(attrs("a"), func() { SSEEventData("a"); SSEEventValue("a") }),
			"SSEEventValue and SSEEventData at HERE both say what the data is",
		},
		{
			"two values",
			stream(attrs("a", "b"), func() { SSEEventValue("a", "b") }),
			"SSEEventValue names one attribute; SSEEventData takes several",
		},
		{
			"data named by both",
			method(func() {
				StreamingResult(attrs("a"))
				HTTP(func() { GET("/"); ServerSentEvents("a", func() { SSEEventData("a") }) })
			}),
			`ServerSentEvents("a") names the data already`,
		},
		{
			"unknown data in the argument",
			method(func() { StreamingResult(attrs("message")); HTTP(func() { GET("/"); ServerSentEvents("mesage") }) }),
			`unknown attribute "mesage": the event of method "m" has none of this name; did you mean "message"?`,
		},
		{
			"bad argument",
			method(func() { StreamingResult(attrs("a")); HTTP(func() { GET("/"); ServerSentEvents(1) }) }),
			"ServerSentEvents takes the name of an attribute and a function",
		},
		{
			"data of a String",
			method(func() { StreamingResult(String); HTTP(func() { GET("/"); ServerSentEvents("message") }) }),
			`ServerSentEvents names an attribute, but the event of method "m" is String, no object`,
		},
		{
			"event type of an Int",
			stream(func() { Attribute("a", Int) }, func() { SSEEventType("a") }),
			`the attribute of SSEEventType is String; "a" is Int`,
		},
		{
			"event ID of an Int",
			stream(func() { Attribute("a", Int) }, func() { SSEEventID("a") }),
			`the attribute of SSEEventID is String; "a" is Int`,
		},
		{
			"event ID with an Enum",
			stream(func() { Attribute("a", func() { Enum("x") }) }, func() { SSEEventID("a") }),
			`the attribute of SSEEventID is String; "a" is a String with an Enum`,
		},
		{
			"retry of a String",
			stream(attrs("a"), func() { SSEEventRetry("a") }),
			`the attribute of SSEEventRetry is Int, UInt or Duration; "a" is String`,
		},
		{
			"unknown event type",
			stream(attrs("type"), func() { SSEEventType("typ") }),
			`unknown attribute "typ": the event of method "m" has none of this name; did you mean "type"?`,
		},
		{
			"event type that is a control event",
			stream(func() { Attribute("a", func() { Enum("x", "stream-end") }) }, func() { SSEEventType("a") }),
			`the event type "stream-end" has the prefix stream-, which belongs to control events`,
		},
		{
			"event type with a line break",
			stream(func() { Attribute("a", func() { Enum("x\ny") }) }, func() { SSEEventType("a") }),
			`the event type "x\ny" is not one line`,
		},
		{
			"required attribute that travels nowhere",
			stream(func() { Attribute("a"); Attribute("b"); Required("b") }, func() { SSEEventData("a") }),
			`attribute "b" of the event of method "m" is required and travels nowhere: name it in SSEEventData`,
		},
		{
			"request ID without payload",
			stream(attrs("a"), func() { SSERequestID("id") }),
			`SSERequestID maps "id", but method "m" has no payload`,
		},
		{
			"unknown request ID",
			method(func() {
				Payload(attrs("startID"))
				StreamingResult(attrs("a"))
				HTTP(func() { GET("/"); ServerSentEvents(func() { SSERequestID("id") }) })
			}),
			`unknown attribute "id": the payload of method "m" has none of this name; there is only "startID"`,
		},
		{
			"request ID of an Int",
			method(func() {
				Payload(func() { Attribute("id", Int) })
				StreamingResult(attrs("a"))
				HTTP(func() { GET("/"); ServerSentEvents(func() { SSERequestID("id") }) })
			}),
			`the attribute of SSERequestID is a String; "id" is Int`,
		},
		{
			"request ID of a String payload",
			method(func() {
				Payload(String)
				StreamingResult(attrs("a"))
				HTTP(func() { GET("/"); ServerSentEvents(func() { SSERequestID("id") }) })
			}),
			`SSERequestID names an attribute, but the payload of method "m" is no object`,
		},
		{
			"request ID that is a Param",
			method(func() {
				Payload(attrs("id"))
				StreamingResult(attrs("a"))
				HTTP(func() { GET("/"); Param("id"); ServerSentEvents(func() { SSERequestID("id") }) })
			}),
			`attribute "id" is mapped twice; the first is the Param at HERE`,
		},
		{
			"Header with the last event ID",
			method(func() {
				Payload(attrs("id", "b"))
				StreamingResult(attrs("a"))
				HTTP(func() { GET("/"); Header("b:Last-Event-ID"); ServerSentEvents(func() { SSERequestID("id") }) })
			}),
			"the header Last-Event-ID is that of SSERequestID at HERE",
		},
		{
			"Param with the last event ID",
			method(func() {
				Payload(attrs("id", "b"))
				StreamingResult(attrs("a"))
				HTTP(func() { GET("/"); Param("b:last_event_id"); ServerSentEvents(func() { SSERequestID("id") }) })
			}),
			"the query parameter last_event_id is that of SSERequestID at HERE",
		},
		{
			"empty done",
			stream(attrs("a"), func() { SSEDone("") }),
			"the text of SSEDone is one line and not empty",
		},
		{
			"done of two lines",
			stream(attrs("a"), func() { SSEDone("a\nb") }),
			"the text of SSEDone is one line and not empty",
		},
		{
			"done and control events",
			stream(attrs("a"), func() { SSEDone("[DONE]"); SSEControlEvents(true) }),
			"SSEDone at HERE takes the place of the control event stream-end",
		},
		{
			"bad heartbeat",
			stream(attrs("a"), func() { SSEHeartbeat("often") }),
			`SSEHeartbeat wants a duration such as "15s", or "0" for none, not the string "often"`,
		},
		{
			"negative heartbeat",
			stream(attrs("a"), func() { SSEHeartbeat("-1s") }),
			`SSEHeartbeat wants a duration such as "15s", or "0" for none, not the string "-1s"`,
		},
		{
			"heartbeat that is no duration",
			stream(attrs("a"), func() { SSEHeartbeat(15) }),
			`SSEHeartbeat wants a duration such as "15s", or "0" for none, not the number 15`,
		},
		{
			"heartbeat event without control events",
			stream(attrs("a"), func() { SSEHeartbeat("1s", AsEvent); SSEControlEvents(false) }),
			"a heartbeat AsEvent is a control event, and SSEControlEvents at HERE switches them off",
		},
		{
			"SSE word in HTTP",
			method(func() { StreamingResult(String); HTTP(func() { GET("/"); ServerSentEvents(); SSEDone("x") }) }),
			"SSEDone may not stand in the HTTP of a method; it may stand in ServerSentEvents",
		},
		{
			"SSE twice",
			method(func() { StreamingResult(String); HTTP(func() { GET("/"); ServerSentEvents(); ServerSentEvents() }) }),
			"ServerSentEvents stands twice here; the first is at HERE",
		},
		{
			"status of a stream",
			method(func() {
				StreamingResult(String)
				HTTP(func() { GET("/"); ServerSentEvents(); Response(StatusCreated) })
			}),
			"a stream answers with status 200, not 201",
		},
		{
			"header of a stream",
			method(func() {
				StreamingResult(attrs("a"))
				HTTP(func() { GET("/"); ServerSentEvents(); Response(StatusOK, func() { Header("a") }) })
			}),
			"Header in the Response of a stream is not built yet",
		},
	})
}
