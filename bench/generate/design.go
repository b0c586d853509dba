package main

import (
	"fmt"
	"strings"
)

// design returns a design that both tools take, in the language that is
// imported from dsl: streams and methods with one answer, half of each.
func design(dsl string, services, methods int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package design\n\nimport . %q\n\n%s", dsl, eventType)
	for s := range services {
		fmt.Fprintf(&b, "var _ = Service(\"service%d\", func() {\n\tDescription(\"Service %d\")\n", s, s)
		for m := range methods {
			method := streaming
			if m%2 == 1 {
				method = unary
			}
			b.WriteString(strings.NewReplacer("SERVICE", fmt.Sprint(s), "METHOD", fmt.Sprint(m)).Replace(method))
		}
		b.WriteString("})\n\n")
	}
	return b.String()
}

const eventType = `var Event = Type("Event", func() {
	Description("A notification message sent via SSE")
	Attribute("message", String, "Message body")
	Attribute("timestamp", Int, "Unix timestamp")
	Required("message", "timestamp")
})

`

const streaming = `	Method("methodMETHOD", func() {
		Description("Stream events using Server-Sent Events")
		StreamingResult(Event)
		HTTP(func() {
			GET("/sSERVICE/mMETHOD/stream")
			ServerSentEvents()
		})
	})
`

const unary = `	Method("methodMETHOD", func() {
		Description("Create something")
		Payload(func() {
			Attribute("room", String, "Room")
			Attribute("text", String, "Text", func() { MinLength(1) })
			Attribute("limit", Int, "Limit", func() { Minimum(1) })
			Required("room", "text")
		})
		Result(Event)
		HTTP(func() {
			POST("/sSERVICE/mMETHOD/{room}")
			Param("limit")
			Response(StatusCreated)
		})
	})
`
