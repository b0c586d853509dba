// Package design is the services that the tests watch: a stream that resumes
// after the last event ID, and chat completions as the clients of others expect
// them.
package design

import . "github.com/courant-dev/courant/dsl"

// Event is what the page receives.
var Event = Type("Event", func() {
	Attribute("message", String, "Message body")
	Attribute("id", String, "Unique event identifier")
	Attribute("retry", Duration, "How long to wait before reconnecting")
	Required("message", "id")
})

var _ = Service("sse", func() {
	Method("stream", func() {
		Description("Stream events using Server-Sent Events")
		Payload(func() {
			Attribute("startID", String, "ID of the last event received")
		})
		StreamingResult(Event)
		HTTP(func() {
			GET("/events/stream")
			ServerSentEvents(func() {
				SSEEventID("id")
				SSEEventRetry("retry")
				SSERequestID("startID")
			})
		})
	})
	Files("/{*path}", "page")
})
