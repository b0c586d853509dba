package eval_test

import (
	"testing"

	. "github.com/courant-dev/courant/dsl"
)

// TestSSEModels holds good designs of how events travel and what they mean.
func TestSSEModels(t *testing.T) {
	checkModels(t, []modelCase{
		{
			"the whole event",
			stream(attrs("a"), func() {}),
			`
			type s.MEvent lifted
			  a String
			method s.m
			  event s.MEvent
			  GET /m
			  data whole`,
		},
		{
			"all fields",
			method(func() {
				Payload(func() { Attribute("startID", String, "ID of the last event received"); Attribute("room") })
				StreamingResult(func() {
					Attribute("message")
					Attribute("type", func() { Enum("notification", "alert") })
					Attribute("id")
					Attribute("retry", Int)
					Required("message", "type", "id")
				})
				HTTP(func() {
					GET("/events/stream")
					ServerSentEvents(func() {
						SSEEventData("message")
						SSEEventType("type")
						SSEEventID("id")
						SSEEventRetry("retry")
						SSERequestID("startID")
						SSEHeartbeat("5s", AsEvent)
					})
				})
			}),
			`
			type s.MEvent lifted
			  message String!
			  type s.MEventType!
			  id String!
			  retry Int
			type s.MEventType lifted = String enum "notification" enum "alert"
			type s.MPayload lifted
			  startID String plain
			  room String
			method s.m
			  payload s.MPayload
			  event s.MEvent
			  GET /events/stream
			  query room=room
			  data members message
			  type type
			  id id
			  retry retry
			  request id startID
			  heartbeat 5s as event true`,
		},
		{
			"the data as an argument",
			method(func() {
				StreamingResult(attrs("a", "b"))
				HTTP(func() { POST("/m"); ServerSentEvents("a", func() { SSEEventID("b") }) })
			}),
			`
			type s.MEvent lifted
			  a String
			  b String
			method s.m
			  event s.MEvent
			  POST /m
			  data members a
			  id b`,
		},
		{
			"bare values",
			service(func() {
				Method("token", func() {
					StreamingResult(String)
					HTTP(func() {
						GET("/token")
						ServerSentEvents(func() { SSEEventValue(); SSEDone("[DONE]"); SSEControlEvents(false) })
					})
				})
				Method("member", func() {
					StreamingResult(attrs("a", "b"))
					HTTP(func() {
						GET("/member")
						ServerSentEvents(func() { SSEEventValue("a"); SSEEventType("b"); SSEHeartbeat("0") })
					})
				})
				Method("array", func() { StreamingResult(ArrayOf(Int)); HTTP(func() { GET("/array"); ServerSentEvents() }) })
			}),
			`
			type s.MemberEvent lifted
			  a String
			  b String
			method s.token
			  event String
			  GET /token
			  data bare
			  done [DONE]
			  no control events
			method s.member
			  event s.MemberEvent
			  GET /member
			  data bare a
			  type b
			  heartbeat 0s as event false
			method s.array
			  event []Int
			  GET /array
			  data whole`,
		},
		{
			"an optional attribute that travels nowhere",
			stream(attrs("a", "b"), func() { SSEEventData("a") }),
			`
			type s.MEvent lifted
			  a String
			  b String
			method s.m
			  event s.MEvent
			  GET /m
			  data members a
			warning attribute "b" of the event of method "m" travels nowhere`,
		},
		{
			"inheritance",
			func() {
				API("a", func() { HTTP(func() { ServerSentEvents(func() { SSEHeartbeat("5s"); SSEEventID("id") }) }) })
				Service("s", func() {
					HTTP(func() { ServerSentEvents(func() { SSEDone("[DONE]"); SSEEventType("type") }) })
					Method("service", func() { StreamingResult(attrs("id", "type")); HTTP(func() { GET("/service") }) })
					Method("own", func() {
						StreamingResult(attrs("id", "type"))
						HTTP(func() { GET("/own"); ServerSentEvents(func() { SSEHeartbeat("1s") }) })
					})
					Method("unary", func() { Result(String); HTTP(func() { GET("/unary") }) })
				})
				Service("t", func() { Method("api", func() { StreamingResult(attrs("id")); HTTP(func() { GET("/api") }) }) })
			},
			`
			type s.OwnEvent lifted
			  id String
			  type String
			type s.ServiceEvent lifted
			  id String
			  type String
			type t.APIEvent lifted
			  id String
			method s.service
			  event s.ServiceEvent
			  GET /service
			  data whole
			  type type
			  done [DONE]
			  heartbeat 5s as event false
			method s.own
			  event s.OwnEvent
			  GET /own
			  data whole
			  done [DONE]
			  heartbeat 1s as event false
			method s.unary
			  result String
			  GET /unary
			  answer 200 whole
			method t.api
			  event t.APIEvent
			  GET /api
			  data whole
			  id id
			  heartbeat 5s as event false`,
		},
	})
}
