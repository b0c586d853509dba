package courant

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/courant-dev/courant/sse"
)

// obey does what a control event, or the sentinel of the design, says, and
// reports whether event was one. An error is for Recv to return. Control events of
// a later version are passed over: no event of a service has their prefix.
func (r *eventReader) obey(event sse.Event, events Events, declared []DeclaredError) (bool, error) {
	if events.Done != "" && string(event.Data) == events.Done {
		return true, r.end()
	}
	if events.HeartbeatEvent && event.Type == eventHeartbeat {
		return true, nil
	}
	if !r.control {
		return false, nil
	}
	switch event.Type {
	case eventHeartbeat:
	case eventEnd:
		return true, r.end()
	case eventError:
		return true, r.fail(event, declared)
	case eventGap:
		return true, r.gap(event)
	case eventDrain:
		return true, r.drain(event)
	default:
		return strings.HasPrefix(event.Type, controlPrefix), nil
	}
	return true, nil
}

// fail ends the stream with the error that the server has sent, or connects
// again if it is temporary.
func (r *eventReader) fail(event sse.Event, declared []DeclaredError) error {
	header := http.Header{"Content-Type": {"application/problem+json"}}
	failed := decodeProblem(0, header, event.Data, declared)
	if !failed.Temporary {
		return r.finish(failed)
	}
	return r.resume(failed, failed.RetryAfter)
}

// gap tells of lost events. A notice that cannot be read tells of them too.
func (r *eventReader) gap(event sse.Event) error {
	gap := &GapError{}
	if json.Unmarshal(event.Data, gap) != nil {
		return &GapError{Asked: r.LastEventID(), Reason: "unknown"}
	}
	return gap
}

// drain connects again when the server says. Without a time in the notice that
// is as after any cut.
func (r *eventReader) drain(event sse.Event) error {
	var notice struct {
		RetryMS int64 `json:"retry_ms"`
	}
	_ = json.Unmarshal(event.Data, &notice)
	wish := min(max(notice.RetryMS, 0), longestServerDelay.Milliseconds())
	return r.resume(ErrDraining, time.Duration(wish)*time.Millisecond)
}
