package dsl

import "github.com/courant-dev/courant/eval"

// HTTP says how things travel over HTTP. It stands
//
//   - in [API]: [Path], [Param], [Header], [Response] of errors and
//     [ServerSentEvents] that hold for all services;
//   - in [Service]: the same for all its methods;
//   - in [Method]: at least one route, such as [GET], and [Param], [Params],
//     [Header], [Headers], [Body], [Response] and [ServerSentEvents].
//
// What is not said has a default: attributes of the payload that are mapped
// nowhere travel in the body as JSON, or in the query for GET, HEAD and DELETE.
//
//	HTTP(func() {
//		GET("/notes/{id}")
//		Param("lang")
//		Header("token:X-Token")
//		Response(StatusOK)
//		Response("not_found", StatusNotFound)
//	})
//
//go:noinline
func HTTP(fn ...func()) { eval.Record("HTTP", with(fn)...) }

// Path is a base path: it stands before the paths of all methods, in the
// [HTTP] of the API and of services. A service may have several, and then its
// methods have a route for each. A path that begins with // ignores the base
// path of the API. Wildcards are attributes of every payload.
//
//	Path("/accounts/{account}")
//
//go:noinline
func Path(path string) { eval.Record("Path", path) }

// Param maps an attribute of the payload to the query, or to the wildcard of
// its name in the path. It stands in [HTTP] and [Params]; in the HTTP of the
// API or of a service it holds for every method that has the attribute.
//
//	Param("lang")             // ?lang=en
//	Param("page_size:size")   // attribute page_size, ?size=20
//	Param("room-name:room")   // attribute room-name, GET("/rooms/{room}")
//
// Arrays travel as repeated parameters, objects and maps as JSON. A payload
// that is no object travels whole, under the name of the Param, and as
// ?payload=… where no Param names it.
//
//go:noinline
func Param(name string, args ...any) { eval.Record("Param", append([]any{name}, args...)...) }

// Params groups several [Param].
//
//	Params(func() {
//		Param("page")
//		Param("size")
//	})
//
//go:noinline
func Params(fn any) { eval.Record("Params", fn) }

// Header maps an attribute to a header: of the payload in [HTTP] and
// [Headers], of the result in [Response]. The header is named behind a colon.
//
//	Header("version:If-Match")
//	Response(StatusCreated, func() {
//		Header("location:Location")
//	})
//
// An array has a line for each element, objects and maps travel as JSON.
//
//go:noinline
func Header(name string, args ...any) { eval.Record("Header", append([]any{name}, args...)...) }

// Headers groups several [Header].
//
//	Headers(func() {
//		Header("version:If-Match")
//		Header("token:X-Token")
//	})
//
//go:noinline
func Headers(fn any) { eval.Record("Headers", fn) }

// Body says what the body is: of the request in [HTTP], of the answer in
// [Response]. Without it the body is a JSON object of the attributes that
// travel nowhere else. The forms are
//
//	Body("note")          // the value of one attribute, by itself
//	Body(func() {         // an object of the named attributes
//		Attribute("title")
//		Attribute("text")
//	})
//	Body(Draft)           // the same, of the attributes that the type has
//	Body(Empty)           // no body
//
// A required attribute that then travels nowhere is a fault. GET, HEAD and
// DELETE have no body.
//
//go:noinline
func Body(args ...any) { eval.Record("Body", args...) }

// Response says how a method answers: with its result, or with an error. It
// stands in [HTTP]; in that of the API or a service it is of errors only. The
// forms are
//
//	Response(StatusCreated)
//	Response(StatusCreated, func() {
//		Description("The note is stored.")
//		Header("location:Location")
//		Body("note")
//	})
//	Response(func() { Code(StatusCreated) })
//	Response("not_found", StatusNotFound)
//	Response("not_found", StatusNotFound, func() { … })
//	Response("not_found", func() { Code(StatusNotFound) })
//
// A result answers with status 200, or with 204 when it has no body; an error
// without a Response with 400. A stream answers with 200.
//
//go:noinline
func Response(val any, args ...any) { eval.Record("Response", append([]any{val}, args...)...) }

// Code is the status of a [Response] that is written as a function.
//
//	Response(func() { Code(StatusCreated) })
//
//go:noinline
func Code(status int) { eval.Record("Code", status) }
