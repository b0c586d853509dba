package openapi

import (
	"encoding/json"

	"github.com/courant-dev/courant/model"
)

// ownSchema is a schema that the document has of its own, not of the design.
type ownSchema int

const (
	problem ownSchema = iota + 1
	validationProblem
	streamEnd
	streamError
	streamGap
	streamDrain
	streamHeartbeat
)

// ownSchemas returns all of them, in the order of the document.
func ownSchemas() []ownSchema {
	return []ownSchema{problem, validationProblem, streamEnd, streamError, streamGap, streamDrain, streamHeartbeat}
}

// String returns the name of the component, as long as no type of the design
// has it.
func (o ownSchema) String() string {
	return [...]string{
		problem: "Problem", validationProblem: "ValidationProblem", streamEnd: "StreamEnd",
		streamError: "StreamError", streamGap: "StreamGap", streamDrain: "StreamDrain",
		streamHeartbeat: "StreamHeartbeat",
	}[o]
}

func (o ownSchema) make(c *components) *schema {
	switch o {
	case problem:
		return problemSchema()
	case validationProblem:
		return validationSchema(c)
	case streamEnd:
		s := controlEvent("stream-end", "The stream is complete. A client does not reconnect.", &schema{Type: "object"})
		s.Properties.set("id", &schema{Const: quote("stream-end"), Description: "A request with this last event ID is answered 204."})
		s.Required = append(s.Required, "id")
		return s
	case streamError:
		return controlEvent("stream-error", "The method failed after the stream had begun.", c.ownRef(problem))
	case streamGap:
		return controlEvent("stream-gap", "Events after the last event ID of the request are not there any more, or the ID is of another log. The stream goes on.", gapSchema())
	case streamDrain:
		s := controlEvent("stream-drain", "The server is shutting down. A client reconnects after the time, and resumes.", drainSchema())
		s.Properties.set("retry", retrySchema(""))
		s.Required = append(s.Required, "retry")
		return s
	case streamHeartbeat:
		return controlEvent("stream-heartbeat", "The connection is alive. There is nothing new.", &schema{})
	}
	return nil
}

// controlEvent describes an event of the run time. Its type begins with
// stream-, which no event of a design does.
func controlEvent(eventType, description string, data *schema) *schema {
	s := &schema{Type: "object", Description: description, Required: []string{"event", "data"}}
	s.Properties.set("event", &schema{Const: quote(eventType)})
	s.Properties.set("data", jsonString(data))
	return s
}

func gapSchema() *schema {
	s := &schema{Type: "object", Required: []string{"asked", "reason"}}
	s.Properties.set("asked", &schema{Type: "string", Description: "The last event ID of the request."})
	s.Properties.set("oldest", &schema{Type: "string", Description: "The ID of the oldest event that is still there."})
	s.Properties.set("reason", &schema{Type: "string", Description: "Why the place is not known."})
	return s
}

func drainSchema() *schema {
	s := &schema{Type: "object", Required: []string{"retry_ms"}}
	s.Properties.set("retry_ms", retrySchema(""))
	return s
}

// retrySchema describes a reconnection time.
func retrySchema(description string) *schema {
	if description == "" {
		description = "Milliseconds to wait before reconnecting."
	}
	return &schema{Type: "integer", Description: description, Minimum: "0"}
}

// problemSchema is problem+json of RFC 9457 as the run time answers it.
func problemSchema() *schema {
	s := &schema{Type: "object", Description: "What went wrong, as RFC 9457 has it.", Required: []string{"type", "title", "status"}}
	text := func(name, format, description, example string) {
		s.Properties.set(name, &schema{Type: "string", Format: format, Description: description, Examples: list(quote(example))})
	}
	text("type", "uri-reference", "The kind of problem.", "about:blank")
	text("title", "", "The status in words.", "Bad Request")
	s.Properties.set("status", &schema{
		Type: "integer", Description: "The status of the answer.", Minimum: "100", Maximum: "599",
		Examples: []json.RawMessage{json.RawMessage("400")},
	})
	text("detail", "", "What went wrong this time.", "the request cannot be read")
	text("name", "", "The name of the error in the design.", "bad_request")
	text("id", "", "Identifies the occurrence in the logs of the server.", "9f2c4e7a1b3d")
	s.Properties.set("temporary", &schema{Type: "boolean", Description: "A retry may succeed."})
	s.Properties.set("retry_ms", &schema{
		Type: "integer", Description: "Not before as many milliseconds.", Minimum: "0",
		Examples: []json.RawMessage{json.RawMessage("5000")},
	})
	return s
}

// validationSchema is the problem of a payload that does not satisfy the
// design.
func validationSchema(c *components) *schema {
	fault := &schema{Type: "object", Required: []string{"attribute", "rule", "message"}}
	text := func(name, description, example string) {
		fault.Properties.set(name, &schema{Type: "string", Description: description, Examples: list(quote(example))})
	}
	text("attribute", "The path of the attribute.", "items[3].name")
	text("rule", "The rule that it breaks, in the word of the design.", "Required")
	text("message", "The rule in words.", "is required")
	own := &schema{Type: "object", Required: []string{"name"}}
	own.Properties.set("name", &schema{Const: quote("validation")})
	own.Properties.set("errors", &schema{Type: "array", Items: fault, Description: "Every rule that the payload breaks."})
	return &schema{Description: "The payload does not satisfy the design.", AllOf: []*schema{c.ownRef(problem), own}}
}

// hasStreamEnd reports whether a stream ends in a control event.
func hasStreamEnd(s *model.StreamSSE) bool { return !s.NoControlEvents && s.Done == "" }

// controlEvents returns the control events that the stream of a method may have.
func controlEvents(m *model.Method) []ownSchema {
	s := m.HTTP.Stream
	var out []ownSchema
	if hasStreamEnd(s) {
		out = append(out, streamEnd)
	}
	if !s.NoControlEvents {
		out = append(out, streamError)
		if canResume(m) && (m.Topic == nil || m.Topic.OnGap != model.GapFail) {
			out = append(out, streamGap)
		}
		out = append(out, streamDrain)
	}
	if s.HeartbeatAsEvent {
		out = append(out, streamHeartbeat)
	}
	return out
}
