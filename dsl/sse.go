package dsl

import "github.com/courant-dev/courant/eval"

// ServerSentEvents says that a stream travels as Server-Sent Events
// (text/event-stream), and how each event becomes the fields of one. It stands
// in the [HTTP] of a method with a [StreamingResult], and in that of the API or
// a service as the default for all streams. The forms are
//
//	ServerSentEvents()            // data is the whole event as JSON
//	ServerSentEvents("message")   // the same as SSEEventData("message")
//	ServerSentEvents(func() {
//		SSEEventData("message")
//		SSEEventType("type")
//		SSEEventID("id")
//		SSEEventRetry("retry")
//		SSERequestID("startID")
//	})
//	ServerSentEvents("message", func() { … })
//
// On the wire:
//
//	event: notification
//	id: 123
//	retry: 500
//	data: {"message":"Hello"}
//
// A required attribute that travels nowhere is a fault. The mapping of a
// method replaces that of its service or API as a whole; [SSEDone],
// [SSEControlEvents] and [SSEHeartbeat] are inherited one by one.
//
// Unless the design says otherwise the stream tells its outcome by control
// events, named stream-end, stream-error, stream-gap and stream-drain; event
// types with the prefix stream- are theirs.
//
//go:noinline
func ServerSentEvents(args ...any) { eval.Record("ServerSentEvents", args...) }

// SSEEventData makes the data of an event a JSON object of the named
// attributes, one or more. Without it, or with no name, the data is the whole
// event. It stands in [ServerSentEvents].
//
//	SSEEventData("message")           // data: {"message":"Hello"}
//	SSEEventData("message", "count")  // data: {"message":"Hello","count":2}
//
//go:noinline
func SSEEventData(names ...string) { eval.Record("SSEEventData", list(names)...) }

// SSEEventValue makes the data of an event one bare value: of the named
// attribute, or the event itself when there is no name. A String is its text,
// Bytes are base64, anything else is JSON. It stands in [ServerSentEvents].
//
//	SSEEventValue("message")   // data: Hello
//
// With StreamingResult(String), for streams of tokens:
//
//	SSEEventValue()            // data: Hello
//
//go:noinline
func SSEEventValue(name ...string) { eval.Record("SSEEventValue", list(name)...) }

// SSEEventType names the attribute that is the type of an event, which a
// browser's addEventListener takes. It is a String, with an [Enum] too. An
// optional attribute that is nil sends no event line: the type is message. It
// stands in [ServerSentEvents].
//
//	SSEEventType("type")   // event: notification
//
//go:noinline
func SSEEventType(name string) { eval.Record("SSEEventType", name) }

// SSEEventID names the attribute that is the ID of an event, where a client
// that was cut off resumes. It is a String. An optional attribute that is nil
// sends no id line; the empty string resets the client's last event ID. In a
// method with a [Topic] the log fills it, and the data is without it. It stands
// in [ServerSentEvents].
//
//	SSEEventID("id")   // id: 123
//
//go:noinline
func SSEEventID(name string) { eval.Record("SSEEventID", name) }

// SSEEventRetry names the attribute that tells clients how long to wait before
// they reconnect: an integer of milliseconds, or a [Duration]. It is sent when
// it is not nil. It stands in [ServerSentEvents].
//
//	SSEEventRetry("retry")   // retry: 500
//
//go:noinline
func SSEEventRetry(name string) { eval.Record("SSEEventRetry", name) }

// SSERequestID names the attribute of the payload that gets the last event ID
// of a client that reconnects: from the header Last-Event-ID, or from the query
// parameter last_event_id, which a browser can set for its first connection.
// It is a String; when it is optional, it is a plain string in Go, "" for none.
// It stands in [ServerSentEvents].
//
//	Payload(func() {
//		Attribute("startID", String, "ID of the last event received")
//	})
//	HTTP(func() {
//		GET("/events/stream")
//		ServerSentEvents(func() { SSERequestID("startID") })
//	})
//
//go:noinline
func SSERequestID(name string) { eval.Record("SSERequestID", name) }

// SSEDone ends a stream that is complete with an event of this data, in place
// of the control event stream-end. It is for clients that know nothing of
// control events. It stands in [ServerSentEvents].
//
//	SSEDone("[DONE]")   // data: [DONE]
//
//go:noinline
func SSEDone(text string) { eval.Record("SSEDone", text) }

// SSEControlEvents switches the control events of a stream off: its outcome is
// then told by nothing but the connection. It stands in [ServerSentEvents];
// control events are on without it.
//
//	SSEControlEvents(false)
//
//go:noinline
func SSEControlEvents(on bool) { eval.Record("SSEControlEvents", on) }

// AsEvent makes heartbeats events of the type stream-heartbeat.
const AsEvent = eval.AsEvent

// SSEHeartbeat says how often a stream that is idle sends a heartbeat, which
// keeps proxies from closing the connection: a [time.Duration] or its text,
// "0" for none. The default is that of the server, 15 seconds. Heartbeats are
// comments, which the code of a page does not see, unless AsEvent makes them
// events. It stands in [ServerSentEvents].
//
//	SSEHeartbeat("5s")
//	SSEHeartbeat("5s", AsEvent)   // event: stream-heartbeat
//
//go:noinline
func SSEHeartbeat(interval any, options ...eval.HeartbeatOption) {
	if len(options) > 0 {
		eval.Record("SSEHeartbeat", interval, options[0])
		return
	}
	eval.Record("SSEHeartbeat", interval)
}
