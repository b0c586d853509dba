package courant

import "time"

// Version1 ties generated code to the run time. Generated code names it, so
// that code which needs a newer run time does not compile with an older one.
const Version1 = true

// None is the payload, or the result, of a method that has none.
type None struct{}

// UnaryMethod describes a method with one answer. P is the payload and R the
// result as they are passed in Go: *T for an object, T for anything else.
//
// Generated code declares one per method, shared by server and client so that
// they cannot disagree. It must not be changed once it is in use.
type UnaryMethod[P, R any] struct {
	Name       string // service and method as in the design, such as "notes.create"
	Idempotent bool   // a client may send it again
	HTTP       UnaryHTTP
	Errors     []DeclaredError
	Validate   func(P) error // nil: the payload's own Validate method, if it has one
}

// StreamMethod describes a method that streams events of type E.
type StreamMethod[P, E any] struct {
	Name       string
	Idempotent bool
	HTTP       StreamHTTP
	Topic      Topic // zero: none
	Errors     []DeclaredError
	Validate   func(P) error // nil: the payload's own Validate method, if it has one
}

// UnaryHTTP says how a method with one answer travels over HTTP.
type UnaryHTTP struct {
	Routes   []Route // at least one; the client takes the first
	Request  Request
	Response Response
}

// StreamHTTP says how a method that streams travels over HTTP.
type StreamHTTP struct {
	Routes  []Route // at least one; the client takes the first
	Request Request
	Events  Events
}

// Route is a verb and a path such as "/rooms/{room}/events". The last wildcard
// may take the rest of the path: "/files/{*path}".
type Route struct{ Verb, Path string }

// Request says where a payload travels in a request.
type Request struct {
	Params      []Param
	Body        Content
	LastEventID string // the String attribute for the last event ID; empty for none
}

// Response says how a result travels in an answer.
type Response struct {
	Status  int     // 0: 200, or 204 without a body
	Headers []Param // all of them InHeader
	Body    Content
}

// Param is an attribute that travels outside the body.
type Param struct {
	In        In
	Attribute string // as in the design; empty for the payload itself
	Name      string // on the wire
}

// In is where a [Param] travels.
type In int

// The places of a parameter.
const (
	InPath In = iota + 1
	InQuery
	InHeader
)

// Events says how an event becomes the fields of a Server-Sent Event. The
// attributes are named as in the design; empty means that there is none.
type Events struct {
	Data  Content
	Type  string // String, or a type made of one
	ID    string // String
	Retry string // integer milliseconds, or a Duration

	Done            string        // the sentinel that marks the end, such as "[DONE]"
	NoControlEvents bool          // no stream-end, stream-error, stream-gap, stream-drain
	Heartbeat       time.Duration // 0: the server's default; negative: none
	HeartbeatEvent  bool          // heartbeats are stream-heartbeat events instead of comments
}

// Content is the part of a value that travels as JSON, in a body or as the data
// of an event. The zero Content is the whole value.
type Content struct {
	part  part
	names []string
}

type part int

const (
	partWhole part = iota
	partNothing
	partMembers
	partBare
)

// Nothing is the content of a message without a body.
func Nothing() Content { return Content{part: partNothing} }

// Members is a JSON object of the named attributes:
//
//	Members("message")	{"message":"Hello"}
func Members(attribute string, more ...string) Content {
	return Content{partMembers, append([]string{attribute}, more...)}
}

// Bare is the value of one attribute by itself. In a body it is JSON. As the
// data of an event a String is its text and Bytes are base64:
//
//	Bare("message")	Hello
func Bare(attribute string) Content { return Content{partBare, []string{attribute}} }

// BareValue is the event itself as [Bare] writes an attribute.
func BareValue() Content { return Content{part: partBare} }

// DeclaredError is an error that the design declares for a method.
type DeclaredError struct {
	Name      string
	Status    int
	Temporary bool         // a retry may succeed
	New       func() error // a pointer to the generated error type, for a client to decode into
}
