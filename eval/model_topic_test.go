package eval_test

import (
	"testing"
	"time"

	. "github.com/courant-dev/courant/dsl"
)

// TestTopicModels holds good designs of topics and what they mean.
func TestTopicModels(t *testing.T) {
	const tail = `
			  data whole`
	checkModels(t, []modelCase{
		{
			"defaults", watch(room, "rooms/{room}"), `
			type s.MPayload lifted
			  room String!
			method s.m
			  payload s.MPayload
			  event String
			  topic rooms/{room} of room on gap continue
			  GET /m
			  query room=room` + tail,
		},
		{
			"everything that names a topic",
			watch(func() {
				Attribute("a-b", func() { Enum("x", "y") })
				Attribute("n", UInt32, func() { Default(1) })
				Attribute("f", Boolean)
				Required("a-b", "f")
			}, "é/{a-b}/v1.2/{n}/{f}", func() { MaxEvents(1); MaxAge("PT1M"); OnGap(GapRestart) }), `
			type s.MPayload lifted
			  a-b s.MPayloadAB!
			  n UInt32 default 1
			  f Boolean!
			type s.MPayloadAB lifted = String enum "x" enum "y"
			method s.m
			  payload s.MPayload
			  event String
			  topic é/{a-b}/v1.2/{n}/{f} of a-b,n,f keeps 1 for 1m0s on gap restart
			  GET /m
			  query a-b=a-b
			  query n=n
			  query f=f` + tail,
		},
		{
			"nobody is told of a gap",
			method(func() {
				StreamingResult(String)
				Topic("all", func() { MaxAge(time.Hour) })
				HTTP(func() { GET("/m"); ServerSentEvents(func() { SSEControlEvents(false) }) })
			}), `
			method s.m
			  event String
			  topic all of  keeps 0 for 1h0m0s on gap continue
			  GET /m
			  data whole
			  no control events
			warning method "m" has no control events: nobody is told of a gap; OnGap(GapFail) fails instead`,
		},
		{
			"a gap that fails needs no control events",
			method(func() {
				StreamingResult(String)
				Topic("all", func() { OnGap(GapFail) })
				HTTP(func() { GET("/m"); ServerSentEvents(func() { SSEControlEvents(false); SSEDone("[DONE]") }) })
			}), `
			method s.m
			  event String
			  topic all of  on gap fail
			  GET /m
			  data whole
			  done [DONE]
			  no control events`,
		},
		{
			"a last event ID in the payload, too",
			method(func() {
				Payload(attrs("since"))
				StreamingResult(attrs("id"))
				Topic("all")
				HTTP(func() { GET("/m"); ServerSentEvents(func() { SSEEventID("id"); SSERequestID("since") }) })
			}), `
			type s.MEvent lifted
			  id String
			type s.MPayload lifted
			  since String plain
			method s.m
			  payload s.MPayload
			  event s.MEvent
			  topic all of  on gap continue
			  GET /m
			  data whole
			  id id
			  request id since`,
		},
	})
}
