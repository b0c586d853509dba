package openapi

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/courant-dev/courant/model"
)

// sampleID is an event ID of a log.
const sampleID = "AQAAAAfSYv8rKg"

// canResume reports whether a method takes a last event ID.
func canResume(m *model.Method) bool {
	return m.Topic != nil || m.HTTP.Stream != nil && m.HTTP.Stream.RequestID != ""
}

// resumeText says what a client may expect that comes back to a topic.
func resumeText(m *model.Method) string {
	t := m.Topic
	if t == nil {
		return ""
	}
	kept := ""
	switch {
	case t.MaxEvents > 0 && t.MaxAge > 0:
		kept = fmt.Sprintf(" The newest %d events are kept, for %s.", t.MaxEvents, hours(t.MaxAge))
	case t.MaxEvents > 0:
		kept = fmt.Sprintf(" The newest %d events are kept.", t.MaxEvents)
	case t.MaxAge > 0:
		kept = fmt.Sprintf(" Events are kept for %s.", hours(t.MaxAge))
	}
	told := "it is told in the event stream-gap, and "
	if m.HTTP.Stream.NoControlEvents {
		told = "it "
	}
	gap := told + "gets what is there."
	switch t.OnGap {
	case model.GapFail:
		gap = "the answer is 410."
	case model.GapRestart:
		gap = told + "gets everything from the oldest one."
	case model.GapContinue:
	}
	return "Events have IDs. A request with one as the last event ID resumes behind that event, without loss." + kept +
		" Where events are gone that the client has missed, " + gap
}

// hours writes a duration of whole seconds in words.
func hours(d time.Duration) string {
	for _, unit := range []struct {
		size time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		switch n := d / unit.size; {
		case d%unit.size != 0:
		case n == 1:
			return "1 " + unit.name
		default:
			return strconv.Itoa(int(n)) + " " + unit.name + "s"
		}
	}
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + " seconds"
}

// topicIDSchema describes the ID of an event that comes from a log.
func topicIDSchema() *schema {
	return &schema{
		Type: "string", Description: "Where the event stands in the log: opaque, and no permission to read it.",
		Examples: list(quote(sampleID)),
	}
}

// emptyID makes an event one that was published: without the ID, which the log has
// not given yet.
func (b *builder) emptyID(m *model.Method, object map[string]json.RawMessage) {
	id := m.HTTP.Stream.EventID
	if object == nil || id == "" {
		return
	}
	delete(object, id)
	if b.member(m.Event, id).Required {
		object[id] = quote("")
	}
}
