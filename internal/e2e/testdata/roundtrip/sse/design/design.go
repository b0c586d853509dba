// Package design maps the fields of Server-Sent Events from attributes of every
// sort.
package design

import . "github.com/courant-dev/courant/dsl"

var Kind = Type("Kind", String, func() { Enum("notification", "alert", "message") })

var Pause = Type("Pause", Duration)

var Identifier = Type("ID", String)

var Page = Type("Event", func() {
	Description("A notification message sent via SSE")
	Attribute("message", String, "Message body")
	Attribute("type", String, "Event type (e.g., 'notification', 'alert')")
	Attribute("id", String, "Unique event identifier")
	Attribute("retry", Int, "Reconnection delay in milliseconds")
	Required("message", "type", "id")
})

var _ = API("sse", func() {
	HTTP(func() { ServerSentEvents(func() { SSEHeartbeat("1h") }) })
})

var _ = Service("sse", func() {
	Error("gone", func() {
		Attribute("until", Timestamp)
		Required("until")
	})
	HTTP(func() {
		Path("/sse")
		ServerSentEvents(func() { SSEEventID("id") })
		Response("gone", StatusGone)
	})

	// The page of the language, with the last event ID.
	Method("page", func() {
		Payload(func() {
			Attribute("startID", String, "ID of the last event received", func() {
				Description("Used to resume streaming from a specific event")
				Example("123")
			})
		})
		StreamingResult(Page)
		HTTP(func() {
			GET("/page")
			ServerSentEvents(func() {
				SSEEventData("message")
				SSEEventType("type")
				SSEEventID("id")
				SSEEventRetry("retry")
				SSERequestID("startID")
			})
		})
	})
	mapped("required", true, String, String, Int)
	mapped("optional", false, String, String, Int)
	mapped("enum", true, Kind, Identifier, UInt)
	mapped("optional_enum", false, Kind, Identifier, UInt)
	mapped("duration", true, String, Identifier, Pause)
	mapped("optional_duration", false, Kind, String, Duration)

	Method("inherits", func() {
		StreamingResult(Page)
		HTTP(func() { GET("/inherits") })
	})
	Method("done", func() {
		StreamingResult(String)
		HTTP(func() {
			GET("/done")
			ServerSentEvents(func() {
				SSEEventValue()
				SSEDone("[DONE]")
				SSEHeartbeat("0")
			})
		})
	})
	Method("silent", func() {
		StreamingResult(Int)
		HTTP(func() {
			GET("/silent")
			ServerSentEvents(func() { SSEControlEvents(false) })
		})
	})
	Method("asks", func() {
		Payload(func() {
			Attribute("question")
			Attribute("room", Int)
			Attribute("last", String)
			Attribute("fail", String, func() { Enum("before", "after", "unknown") })
			Required("question", "room", "last")
		})
		StreamingResult(func() {
			Attribute("answer")
			Required("answer")
		})
		HTTP(func() {
			POST("/asks/{room}")
			GET("/asks/{room}")
			ServerSentEvents("answer", func() {
				SSERequestID("last")
				SSEHeartbeat("2h", AsEvent)
			})
		})
	})
})

// mapped declares streams that differ in what is the data of their events.
func mapped(name string, isRequired bool, kind, id, retry any) {
	words := map[string]func(){
		"whole":   func() {},
		"members": func() { SSEEventData("data", "more") },
		"value":   func() { SSEEventValue("data") },
	}
	for _, data := range []string{"whole", "members", "value"} {
		Method(name+"_"+data, func() {
			StreamingResult(func() {
				Attribute("the_type", kind)
				Attribute("the-id", id)
				Attribute("retry", retry)
				Attribute("data", String)
				Attribute("more", Int)
				if isRequired {
					Required("the_type", "the-id", "retry", "data")
				}
			})
			HTTP(func() {
				GET("/" + name + "/" + data)
				ServerSentEvents(func() {
					words[data]()
					SSEEventType("the_type")
					SSEEventID("the-id")
					SSEEventRetry("retry")
				})
			})
		})
	}
}
