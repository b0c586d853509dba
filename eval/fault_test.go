package eval_test

import (
	"fmt"
	"testing"

	. "github.com/courant-dev/courant/dsl"
	"github.com/courant-dev/courant/eval"
)

func TestTry(t *testing.T) {
	d, ps := eval.Evaluate(func() {
		var Event = Type("Event", func() {
			Description("A notification message sent via SSE")
			Attribute("message", String, "Message body")
			Attribute("type", String, "Event type (e.g., 'notification', 'alert')")
			Attribute("id", String, "Unique event identifier")
			Attribute("retry", Int, "Reconnection delay in milliseconds")
			Required("message", "type", "id")
		})
		Service("sse", func() {
			Method("stream", func() {
				Payload(func() {
					Attribute("startID", String, "ID of the last event received", func() {
						Description("Used to resume streaming from a specific event")
						Example("123")
					})
				})
				StreamingResult(Event)
				HTTP(func() {
					GET("/events/stream")
					ServerSentEvents(func() {
						SSEEventData("message")
						SSEEventType("type")
						SSEEventID("id")
						SSEEventRetry("retry") // Only sent if the retry field it not nil
						SSERequestID("startID")
					})
				})
			})
		})
	})
	for _, p := range ps {
		fmt.Printf("%+v\n", *p)
	}
	fmt.Printf("%+v\n", d)
}
