package courant

import (
	"encoding/json"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/courant-dev/courant/value"
)

const problemType = "application/problem+json"

// problem is the JSON of an [Error], without its attributes.
type problem struct {
	Type      string  `json:"type"`
	Title     string  `json:"title"`
	Status    int     `json:"status"`
	Detail    string  `json:"detail,omitempty"`
	Name      string  `json:"name,omitempty"`
	ID        string  `json:"id,omitempty"`
	Temporary bool    `json:"temporary,omitempty"`
	RetryMS   int64   `json:"retry_ms,omitempty"` // Retry-After, which an event stream-error does not have
	Errors    []Fault `json:"errors,omitempty"`
}

// problemMembers are the names that attributes of an error cannot have.
func problemMembers() []string {
	return []string{"type", "title", "status", "detail", "name", "id", "temporary", "retry_ms", "errors"}
}

// appendProblem appends the JSON object of e: its own members, then its
// attributes in the order of their names.
func (e *Error) appendProblem(dst []byte) []byte {
	p := problem{e.Type, e.title(), e.Status, e.Detail, e.Name, e.ID, e.Temporary,
		max(e.RetryAfter, 0).Milliseconds(), e.Faults}
	if p.Type == "" {
		p.Type = "about:blank"
	}
	object, err := value.AppendJSON(dst, p)
	if err != nil {
		return append(dst, "{}"...)
	}
	names := make([]string, 0, len(e.Attributes))
	for name := range e.Attributes {
		if !slices.Contains(problemMembers(), name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		key, err := value.EncodeJSON(name)
		if err != nil || !json.Valid(e.Attributes[name]) {
			continue // no JSON: the rest is worth more
		}
		object = append(object[:len(object)-1], ',')
		object = append(append(object, key...), ':')
		object = append(append(object, e.Attributes[name]...), '}')
	}
	return object
}

// declaredError is an error of the design as it is sent. Its attributes detail,
// title and id are the members of these names.
func declaredError(err named, d DeclaredError) *Error {
	e := &Error{Status: d.Status, Name: d.Name, Detail: err.Error(), Temporary: d.Temporary, cause: err}
	if e.Status < 400 || e.Status > 599 {
		e.Status = http.StatusBadRequest
	}
	object, encodeErr := value.EncodeJSON(err)
	if encodeErr != nil || json.Unmarshal(object, &e.Attributes) != nil {
		return e
	}
	for name, member := range map[string]*string{"detail": &e.Detail, "title": &e.Title, "id": &e.ID} {
		var text string
		if raw, ok := e.Attributes[name]; ok && json.Unmarshal(raw, &text) == nil && text != "" {
			*member = text
		}
	}
	return e
}

// writeProblem answers with e.
//
//	HTTP/1.1 404 Not Found
//	Content-Type: application/problem+json
//	Cache-Control: no-store
func writeProblem(w http.ResponseWriter, e *Error) error {
	h := w.Header()
	h.Set("Content-Type", problemType)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if e.RetryAfter > 0 {
		seconds := (e.RetryAfter + time.Second - 1) / time.Second
		h.Set("Retry-After", strconv.FormatInt(int64(seconds), 10))
	}
	body := append(e.appendProblem(nil), '\n')
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(e.Status)
	_, err := w.Write(body)
	return err
}

// decodeProblem returns what an answer says that is no success. Where the body
// is no problem+json, the status speaks. With status 0 that is in the body.
func decodeProblem(status int, header http.Header, body []byte, declared []DeclaredError) *Error {
	e := &Error{Status: status, RetryAfter: retryAfter(header, time.Now())}
	mediaType, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	if isJSON(mediaType) {
		e.readProblem(body)
	}
	if status != 0 {
		e.Status = status
	}
	if e.Status < 100 || e.Status > 999 {
		e.Status = http.StatusInternalServerError
	}
	e.Title = e.title()
	e.Temporary = e.Temporary || passingStatus(e.Status)
	for _, d := range declared {
		if d.Name != e.Name || d.Name == "" {
			continue
		}
		e.Temporary = d.Temporary
		if d.New == nil {
			break
		}
		if cause := d.New(); value.DecodeJSON(body, cause) == nil {
			e.cause = cause
		}
		break
	}
	return e
}

// passingStatus reports whether a status by itself says that a retry may
// succeed. A 500 does not: the method failed, and would fail again.
func passingStatus(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// readProblem takes what body has, member by member: one of the wrong type
// does not hide the others.
func (e *Error) readProblem(body []byte) {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return
	}
	read := func(name string, v any) {
		if raw, ok := members[name]; ok && json.Unmarshal(raw, v) == nil {
			delete(members, name)
		}
	}
	read("type", &e.Type)
	read("title", &e.Title)
	read("status", &e.Status)
	read("detail", &e.Detail)
	read("name", &e.Name)
	read("id", &e.ID)
	read("temporary", &e.Temporary)
	var wish int64
	if read("retry_ms", &wish); wish > 0 && e.RetryAfter == 0 {
		e.RetryAfter = time.Duration(min(wish, longestServerDelay.Milliseconds())) * time.Millisecond
	}
	read("errors", &e.Faults)
	if len(members) > 0 {
		e.Attributes = members
	}
}

// logError logs what the client is not told. Known errors are the service's
// business; of the others the log has the ID that was sent.
func logError(r *http.Request, logger *slog.Logger, method string, sent *Error, err error) {
	attrs := []slog.Attr{slog.String("method", method), slog.String("id", sent.ID), slog.Any("error", err)}
	if p, ok := errors.AsType[*panicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(p.stack)))
	}
	logger.LogAttrs(r.Context(), slog.LevelError, "courant: method failed", attrs...)
}
