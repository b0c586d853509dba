package design

import . "github.com/courant-dev/courant/dsl"

// Completion is what a chat-completions endpoint streams.
var Completion = Type("Completion", func() {
	Attribute("id", String)
	Attribute("object", String)
	Attribute("created", Int, "Seconds since 1970")
	Attribute("model", String)
	Attribute("choices", ArrayOf(Choice))
	Required("id", "object", "created", "model", "choices")
})

// Choice is one of the answers that a completion goes on with.
var Choice = Type("Choice", func() {
	Attribute("index", Int)
	Attribute("delta", Delta)
	Attribute("finish_reason", String)
	Required("index", "delta")
})

// Delta is what an answer goes on with.
var Delta = Type("Delta", func() {
	Attribute("role", String)
	Attribute("content", String)
})

// Turn is what one side of the chat said.
var Turn = Type("Turn", func() {
	Attribute("role", String)
	Attribute("content", String)
	Required("role", "content")
})

var _ = Service("chat", func() {
	Error("overloaded")
	HTTP(func() { Response("overloaded", StatusServiceUnavailable) })
	Method("complete", func() {
		Description("Complete a chat, token by token")
		Payload(func() {
			Attribute("authorization", String)
			Attribute("model", String)
			Attribute("stream", Boolean)
			Attribute("messages", ArrayOf(Turn))
			Required("authorization", "model", "stream", "messages")
		})
		StreamingResult(Completion)
		HTTP(func() {
			POST("/v1/chat/completions")
			Header("authorization:Authorization")
			ServerSentEvents(func() {
				SSEEventValue()
				SSEDone("[DONE]")
				SSEControlEvents(false) // these clients take any event for a completion
			})
		})
	})
})
