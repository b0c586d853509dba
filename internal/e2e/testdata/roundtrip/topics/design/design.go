// Package design has topics whose names mean something in generated code.
package design

import . "github.com/courant-dev/courant/dsl"

var Number = Type("Number", Int32, func() { Minimum(-9) })

var _ = Service("hub", func() {
	Method("topic", func() {
		Payload(func() {
			for _, name := range []string{"ctx", "events", "event_value", "hub", "iter", "type", "p", "room-id", "HTTPServer"} {
				Attribute(name)
			}
			Attribute("event", Number)
			Attribute("string", Int64, func() { Default(7) })
			Attribute("validate", UInt64)
			Required("ctx", "events", "event", "event_value", "hub", "iter", "type", "p", "room-id", "HTTPServer", "validate")
		})
		StreamingResult(ArrayOf(String))
		Topic("{ctx}/{events}/{event}/{event_value}/{hub}/{iter}/{type}/{p}/{room-id}/{HTTPServer}/{string}/{validate}", func() {
			MaxEvents(2)
			MaxAge("90m")
			OnGap(GapRestart)
		})
		HTTP(func() {
			GET("/hub")
			ServerSentEvents()
		})
	})
})

// The other services have names of packages and variables of generated code.
func init() {
	for _, name := range []string{"iter", "strconv", "topics", "t", "h", "key", "events"} {
		Service(name, func() {
			Method("name", func() {
				Payload(String)
				StreamingResult(func() { Attribute("id"); Required("id") })
				Topic(name + "/all")
				HTTP(func() {
					GET("/" + name)
					ServerSentEvents(func() { SSEEventID("id") })
				})
			})
		})
	}
}
