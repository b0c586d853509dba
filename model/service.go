package model

import "time"

// Service is a set of methods that one Go interface holds.
type Service struct {
	Name        string
	Description string
	Methods     []*Method
	Errors      []*Error // every error that one of its methods declares, once
	Files       []*Files
}

// Method is one operation of a service.
type Method struct {
	Name        string
	Description string
	Payload     *Attribute // nil for none
	Result      *Attribute // nil for none and for a stream
	Event       *Attribute // what a stream sends; nil for a method with one answer
	Errors      []*Error   // its own, the service's and the API's
	Idempotent  bool       // a client may send it again
	Topic       *Topic     // where its events come from; nil when the service sends them itself
	HTTP        *HTTP      // nil when the design does not say how it travels
}

// Error is a declared error.
type Error struct {
	Name        string
	Description string
	Type        string // key of its user type, an object; empty for the built-in one
	Status      int    // of the answer; 400 when the design has none
	Temporary   bool   // a retry may succeed
	Timeout     bool
	Fault       bool // the server's fault
}

// Files serves static files.
type Files struct {
	Path        string // such as "/page/{*path}"
	Source      string // a file, or a directory when Path ends in a wildcard
	Description string
}

// HTTP says how a method travels over HTTP. Everything that the design leaves
// to a default is filled in.
type HTTP struct {
	Routes   []Route    // at least one
	Params   []*Param   // in the path, the query and headers
	Body     Content    // of the request
	Response *Response  // nil for a stream
	Stream   *StreamSSE // nil for a method with one answer
}

// Route is a verb and a path with the base paths in front, such as
// "/rooms/{room}/events" or "/files/{*path}".
type Route struct{ Verb, Path string }

// Param is an attribute that travels outside the body.
type Param struct {
	In        In
	Attribute string // empty: the payload or the result itself
	Name      string // on the wire
}

// In is where a [Param] travels.
type In int

// The places.
const (
	InPath In = iota + 1
	InQuery
	InHeader
)

var inNames = [...]string{InPath: "path", InQuery: "query", InHeader: "header"}

// String returns the place as OpenAPI names it.
func (i In) String() string { return name(inNames[:], int(i)) }

// MarshalText implements [encoding.TextMarshaler].
func (i In) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (i *In) UnmarshalText(text []byte) (err error) {
	*i, err = parse[In](inNames[:], "place", text)
	return err
}

// Content is the part of a value that travels as JSON in a body or as the data
// of an event.
type Content struct {
	Part       Part
	Attributes []string // Members: one or more; Value: one, or none for the value itself
}

// Part says which part of a value a [Content] holds.
type Part int

// The parts.
const (
	Nothing Part = iota + 1 // no body
	Whole                   // the whole value as JSON
	Members                 // a JSON object of the named attributes
	Bare                    // one bare value: a String as its text, Bytes as base64, else JSON
)

var partNames = [...]string{Nothing: "nothing", Whole: "whole", Members: "members", Bare: "bare"}

// String returns the part's name.
func (p Part) String() string { return name(partNames[:], int(p)) }

// MarshalText implements [encoding.TextMarshaler].
func (p Part) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (p *Part) UnmarshalText(text []byte) (err error) {
	*p, err = parse[Part](partNames[:], "part", text)
	return err
}

// Response is the answer of a method that does not stream.
type Response struct {
	Status      int
	Description string
	Headers     []*Param // all InHeader
	Body        Content  // a Body("attr") is Bare in the design's sense, yet always JSON
}

// StreamSSE says how the events of a method travel as Server-Sent Events.
type StreamSSE struct {
	Data             Content
	EventType        string // attribute; empty for none
	EventID          string // attribute; empty for none
	EventRetry       string // attribute; empty for none
	RequestID        string // payload attribute of the last event ID; empty for none
	Done             string // data of the sentinel; empty for none
	NoControlEvents  bool
	Heartbeat        *time.Duration // nil for the run time's default
	HeartbeatAsEvent bool
}
