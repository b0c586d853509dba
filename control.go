package courant

import (
	"strconv"
	"time"

	"github.com/courant-dev/courant/sse"
	"github.com/courant-dev/courant/value"
)

// The event types of control events: how a stream ends, and what a client must
// know of it.
const (
	controlPrefix  = "stream-"
	eventEnd       = "stream-end"
	eventError     = "stream-error"
	eventGap       = "stream-gap"
	eventDrain     = "stream-drain"
	eventHeartbeat = "stream-heartbeat"
)

// endID is the ID of the event stream-end. A request that comes with this last
// event ID is answered 204, so that an EventSource stops.
const endID = "stream-end"

// endsByID reports whether streams have an event stream-end.
func endsByID(e Events) bool { return !e.NoControlEvents && e.Done == "" }

// commentFrame is a heartbeat that no event comes of.
const commentFrame = ":\n\n"

// endFrame tells that the stream is complete:
//
//	event: stream-end
//	id: stream-end
//	data: {}
func endFrame() []byte {
	return mustFrame(sse.Event{Type: eventEnd, ID: endID, HasID: true, Data: []byte("{}")})
}

// doneFrame is the sentinel of a design: "data: [DONE]".
func doneFrame(text string) []byte { return mustFrame(sse.Event{Data: []byte(text)}) }

// errorFrame tells that the stream failed, with e as problem+json:
//
//	event: stream-error
//	data: {"type":"about:blank","title":"Not Found","status":404,…}
func errorFrame(e *Error) []byte {
	return mustFrame(sse.Event{Type: eventError, Data: e.appendProblem(nil)})
}

// gapFrame tells of lost events, where control events tell anything:
//
//	event: stream-gap
//	data: {"asked":"AQ…","oldest":"AQ…","reason":"trimmed"}
func gapFrame(e Events, gap GapError) []byte {
	if e.NoControlEvents {
		return nil
	}
	data, err := value.EncodeJSON(gap)
	if err != nil { // the ID that was asked for is no UTF-8
		gap.Asked = ""
		data, _ = value.EncodeJSON(gap)
	}
	return mustFrame(sse.Event{Type: eventGap, Data: data})
}

// drainFrame asks the client to come again after some time:
//
//	event: stream-drain
//	retry: 1500
//	data: {"retry_ms":1500}
func drainFrame(retry time.Duration) []byte {
	retry = retry.Truncate(time.Millisecond)
	data := append([]byte(`{"retry_ms":`), strconv.FormatInt(retry.Milliseconds(), 10)...)
	return mustFrame(sse.Event{Type: eventDrain, Retry: retry, HasRetry: true, Data: append(data, '}')})
}

// beatFrame is a heartbeat: a comment, or one that page code can see:
//
//	event: stream-heartbeat
//	data: {}
func beatFrame(e Events) []byte {
	if !e.HeartbeatEvent {
		return []byte(commentFrame)
	}
	return mustFrame(sse.Event{Type: eventHeartbeat, Data: []byte("{}")})
}

// mustFrame renders an event whose fields are known to be good.
func mustFrame(e sse.Event) []byte {
	frame, err := sse.AppendEvent(nil, e)
	if err != nil {
		return []byte(commentFrame)
	}
	return frame
}
