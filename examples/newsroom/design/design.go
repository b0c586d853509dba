// Package design is the design of the newsroom: rooms in which messages are
// published, and streamed to everyone who may watch.
package design

import . "github.com/courant-dev/courant/dsl"

var _ = API("newsroom", func() {
	Title("Courant newsroom")
	Description("Rooms: publish with a POST, watch as Server-Sent Events, with a history that outlives the server.")
	Version("1.0.0")
})

// Room is what a list of rooms shows.
var Room = Type("Room", func() {
	Description("A place in which messages are published")
	Attribute("name", String, "Its name in URLs", func() { Example("sport") })
	Attribute("title", String, "Its name for readers", func() { Example("Sport") })
	Attribute("about", String, "What it is for", func() { Example("Scores and transfers") })
	Attribute("private", Boolean, "Whether it takes a token to enter", func() { Example(false) })
	Attribute("admitted", Boolean, "Whether the token that was sent, or none, is enough to enter", func() { Example(true) })
	Required("name", "title", "about", "private", "admitted")
})

// Published is what is published and what is streamed.
var Published = Type("Message", func() {
	Description("A message that everyone in the room sees")
	Attribute("id", String, "Where the message stands in its room: the event ID")
	Attribute("kind", String, "What sort of message it is: the event type", func() {
		Enum("news", "flash", "correction")
		Example("flash")
	})
	Attribute("author", String, "Who says so", func() {
		MinLength(1)
		MaxLength(40)
		Pattern(`\S`)
		Example("Ada")
	})
	Attribute("text", String, "What is said", func() {
		MinLength(1)
		MaxLength(1000)
		Pattern(`\S`)
		Example("Rain by noon")
	})
	Attribute("sent_at", Timestamp, "When it was published")
	Required("kind", "author", "text", "sent_at")
})

var _ = Service("rooms", func() {
	Description("Rooms, and the messages in them")
	// A browser's EventSource cannot set headers, so the token is in the query.
	HTTP(func() { Param("token") })

	Method("list", func() {
		Description("List the rooms.")
		Payload(func() {
			token()
		})
		Result(ArrayOf(Room))
		HTTP(func() { GET("/rooms") })
	})

	Method("publish", func() {
		Description("Publish a message in a room.")
		Payload(func() {
			Reference(Published)
			room()
			token()
			Attribute("key", String, "A request that is sent again with the same key, within two minutes, publishes nothing more", func() {
				Default("")
				MaxLength(128)
				Pattern(`^[!-~]*$`)
				Example("5f0c1c1e")
			})
			Attribute("kind", func() { Default("news") })
			Attribute("author")
			Attribute("text")
			Required("author", "text")
		})
		admission()
		Result(func() {
			Attribute("id", String, "The event ID of the message")
			Required("id")
		})
		Error("unavailable", func() {
			Description("The message may be published or not; send it again with the same key")
			Temporary()
		})
		HTTP(func() {
			POST("/rooms/{room}/messages")
			admissionStatus()
			Header("key:Idempotency-Key")
			Response(StatusCreated)
			Response("unavailable", StatusServiceUnavailable)
		})
	})

	Method("watch", func() {
		Description("Stream the messages of a room: those that are kept, or those after the last one that was received, and then those that come.")
		Payload(func() {
			room()
			token()
		})
		admission()
		StreamingResult(Published)
		Topic("rooms/{room}", func() {
			MaxEvents(1000)
			MaxAge("168h")
			OnGap(GapRestart)
		})
		HTTP(func() {
			GET("/rooms/{room}/events")
			admissionStatus()
			ServerSentEvents(func() {
				SSEEventData("author", "text", "sent_at")
				SSEEventType("kind")
				SSEEventID("id")
			})
		})
	})

	Files("/{*path}", "page")
})

func room() {
	Attribute("room", String, "The name of the room", func() {
		MaxLength(40)
		Pattern(`^[a-z0-9-]+$`)
		Example("sport")
	})
	Required("room")
}

func token() {
	Attribute("token", String, "What a private room takes", func() {
		Default("")
		MaxLength(200)
		Example("d2f8a0c4")
	})
}

// admission declares why a room may not be entered.
func admission() {
	Error("unauthorized", func() { Description("The room is private, and there is no token, or none that is known") })
	Error("forbidden", func() { Description("The token is known, but not for this room") })
	Error("not_found", func() { Description("There is no such room") })
}

func admissionStatus() {
	Response("unauthorized", StatusUnauthorized)
	Response("forbidden", StatusForbidden)
	Response("not_found", StatusNotFound)
}
