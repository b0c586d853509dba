// Package design is the first design of the page on Server-Sent Events.
package design

import . "github.com/courant-dev/courant/dsl"

// Event represents a message sent via SSE
var Event = Type("Event", func() {
	Description("A notification message sent via SSE")
	Attribute("message", String, "Message body")
	Attribute("timestamp", Int, "Unix timestamp")
	Required("message", "timestamp")
})

// SSEService defines the SSE service
var _ = Service("sse", func() {
	Description("Service that demonstrates Server-Sent Events")

	Method("stream", func() {
		Description("Stream events using Server-Sent Events")
		StreamingResult(Event) // SSE methods must use StreamingResult
		HTTP(func() {
			GET("/events/stream")
			ServerSentEvents() // Use SSE instead of WebSocket
		})
	})
})
