package dsl

import "github.com/courant-dev/courant/eval"

// Service is a set of methods that one Go interface holds. It stands at the
// top of a design.
//
// The name makes a package: Service("chat rooms", …) is the package chatrooms
// in gen/chat_rooms. The names types, ts and internal are taken.
//
// Inside: [Description], [Method], [Error], [HTTP] and [Files].
//
//	var _ = Service("notes", func() {
//		Description("Notes that people share.")
//		Method("list", func() { … })
//	})
//
//go:noinline
func Service(name string, fn func()) *eval.Call { return eval.Record("Service", name, fn) }

// Method is one operation of a [Service]. The name makes a method of a Go
// interface: Method("list_items", …) is ListItems.
//
// Inside: [Description], [Payload], [Result] or [StreamingResult], [Topic],
// [Error] and [HTTP]. A method without HTTP is generated and served by nothing.
//
//	Method("create", func() {
//		Payload(Note)
//		Result(Note)
//		Error("title_taken")
//		HTTP(func() {
//			POST("/notes")
//			Response(StatusCreated)
//			Response("title_taken", StatusConflict)
//		})
//	})
//
//go:noinline
func Method(name string, fn func()) *eval.Call { return eval.Record("Method", name, fn) }

// Payload is the input of a [Method]; without it, or with [Empty], the method
// has none. The forms are
//
//	Payload(Note)                          // a type
//	Payload("Note")                        // the same, by its name
//	Payload(String, "Text to echo")        // with a description
//	Payload(ArrayOf(String), func() {      // with rules
//		MaxLength(10)
//	})
//	Payload(func() {                       // an object, written in place
//		Attribute("title", String)
//		Required("title")
//	})
//	Payload(Note, func() {                 // the attributes of Note, and more
//		Attribute("notify", Boolean)
//		Required("notify")
//	})
//
// An object written in place becomes the Go type CreatePayload for a method
// "create". How the payload travels is said in [HTTP]: by default as a JSON
// body, and in the query for GET, HEAD and DELETE.
//
//go:noinline
func Payload(val any, args ...any) { eval.Record("Payload", append([]any{val}, args...)...) }

// Result is the one answer of a [Method]; without it, or with [Empty], the
// method answers with no content. The forms are those of [Payload]; an object
// written in place becomes the Go type CreateResult for a method "create".
//
// A method with a Result answers with status 200 and the result as a JSON
// body, one without with 204; [Response] changes that.
//
//	Result(ArrayOf(Note))
//
//go:noinline
func Result(val any, args ...any) { eval.Record("Result", append([]any{val}, args...)...) }

// StreamingResult makes a [Method] a stream: it sends any number of events of
// the type, until the method returns. The forms are those of [Payload]; an
// object written in place becomes the Go type StreamEvent for a method
// "stream". [ServerSentEvents] says how the events travel.
//
//	Method("stream", func() {
//		StreamingResult(Event)
//		HTTP(func() {
//			GET("/events/stream")
//			ServerSentEvents()
//		})
//	})
//
// In Go the method gets a stream and sends on it:
//
//	func (s *Service) Stream(ctx context.Context, stream sse.StreamServerStream) error {
//		return stream.Send(&sse.Event{Message: "Hello"})
//	}
//
//go:noinline
func StreamingResult(val any, args ...any) {
	eval.Record("StreamingResult", append([]any{val}, args...)...)
}

// Idempotent says that to call the method again does no harm: a client may
// send it again after a cut, which it otherwise does only for GET. It stands in
// [Method].
//
//	Method("watch", func() {
//		Idempotent()
//		HTTP(func() { POST("/watch") })
//	})
//
//go:noinline
func Idempotent() { eval.Record("Idempotent") }

// Error declares an error that methods may return. It stands in [API], where
// all methods get it, in [Service] and in [Method]. The forms are
//
//	Error("not_found")                              // the built-in error
//	Error("not_found", String, "There is no such")  // the same, described
//	Error("not_found", NotFound)                    // a type of yours, an object
//	Error("busy", func() {                          // the built-in error with traits
//		Description("Too many clients.")
//		Temporary()
//	})
//	Error("quota", func() {                         // an object, written in place
//		Attribute("limit", Int)
//		Required("limit")
//	})
//
// The built-in error carries a detail for the reader. In Go it is
// NotFoundError{Detail: "no note 7"}. Errors answer as application/problem+json
// with status 400, unless a [Response] gives another:
//
//	{"type":"about:blank","title":"Not Found","status":404,"detail":"no note 7","name":"not_found","id":"…"}
//
// The attributes of a type of yours stand beside these members. A String named
// detail, title or id is that member; the other names are taken. Each error needs a type of its own. An error that a method
// declares again replaces the service's or the API's.
//
//go:noinline
func Error(name string, args ...any) { eval.Record("Error", append([]any{name}, args...)...) }

// Temporary says that a retry may succeed. It stands in [Error]. Clients
// reconnect a stream only after errors that are temporary.
//
//	Error("busy", func() { Temporary() })
//
//go:noinline
func Temporary() { eval.Record("Temporary") }

// Timeout says that the [Error] is one of time running out.
//
//	Error("too_slow", func() { Timeout() })
//
//go:noinline
func Timeout(args ...string) { eval.Record("Timeout", list(args)...) }

// Fault says that the [Error] is the server's fault.
//
//	Error("storage", func() { Fault() })
//
//go:noinline
func Fault() { eval.Record("Fault") }
