// Package design is what Goa generates the stream from that is measured here:
// its fields carry what those of text/event-stream do, and nothing is decoded
// further than that.
package design

import . "goa.design/goa/v3/dsl" //nolint:revive,staticcheck // the language is made for it

//go:generate go tool goa gen github.com/courant-dev/courant/bench/internal/goa/design -o ..

var event = Type("Event", func() {
	Attribute("text", String)
	Attribute("id", String)
	Attribute("kind", String)
	Required("text", "id", "kind")
})

var _ = Service("stream", func() {
	Method("watch", func() {
		StreamingResult(event)
		HTTP(func() {
			GET("/watch")
			ServerSentEvents(func() {
				SSEEventData("text")
				SSEEventID("id")
				SSEEventType("kind")
			})
		})
	})
})
