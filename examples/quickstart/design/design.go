// Package design is the design of the quickstart: what happens is published
// with a POST and streamed to everyone who watches.
package design

import . "github.com/courant-dev/courant/dsl"

var _ = API("quickstart", func() {
	Title("Courant quickstart")
	Description("Notifications: publish with a POST, watch as Server-Sent Events.")
	Version("1.0.0")
})

// Note is what is published and what is streamed.
var Note = Type("Note", func() {
	Description("A note that everyone who watches sees")
	Attribute("id", String, "Where the note stands in the stream", func() { Example("42") })
	Attribute("kind", String, "What sort of note it is", func() {
		Enum("info", "success", "warning", "alert")
		Example("success")
	})
	Attribute("text", String, "What it says", func() {
		MinLength(1)
		MaxLength(280)
		Example("The build is green")
	})
	Attribute("sent_at", Timestamp, "When it was published")
	Attribute("retry", Int, "After a cut, come back after this many milliseconds")
	Required("id", "kind", "text", "sent_at")
})

var _ = Service("notes", func() {
	Description("Notes that are streamed as they are published")

	Method("watch", func() {
		Description("Stream the notes as they are published, after the last one that was received.")
		Payload(func() {
			Attribute("since", String, "ID of the last note received", func() { Example("41") })
		})
		StreamingResult(Note)
		HTTP(func() {
			GET("/notes/stream")
			ServerSentEvents(func() {
				SSEEventData("text", "sent_at")
				SSEEventType("kind")
				SSEEventID("id")
				SSEEventRetry("retry")
				SSERequestID("since")
			})
		})
	})

	Method("publish", func() {
		Description("Publish a note.")
		Payload(func() {
			Reference(Note)
			Attribute("kind", func() { Default("info") })
			Attribute("text")
			Required("text")
		})
		Result(Note)
		HTTP(func() {
			POST("/notes")
			Response(StatusCreated)
		})
	})

	Method("get", func() {
		Description("Get one of the notes that are still kept.")
		Payload(func() {
			Attribute("id", String, "The note's ID", func() { Example("42") })
			Required("id")
		})
		Result(Note)
		Error("not_found", func() { Description("There is no such note, or no longer") })
		HTTP(func() {
			GET("/notes/{id}")
			Response("not_found", StatusNotFound)
		})
	})

	Files("/{*path}", "page")
})
