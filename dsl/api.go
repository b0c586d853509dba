package dsl

import "github.com/courant-dev/courant/eval"

// API names the design as a whole and says what holds for all its services. It
// stands at the top of a design, at most once; a design without it gets an API
// named after its package.
//
// Inside: [Title], [Description], [Version], [Server], [Error] and [HTTP].
//
//	var _ = API("chat", func() {
//		Title("Chat")
//		Version("1.2.0")
//		Error("unauthorized")
//		HTTP(func() {
//			Path("/api")
//			Response("unauthorized", StatusUnauthorized)
//		})
//	})
//
//go:noinline
func API(name string, fn func()) *eval.Call { return eval.Record("API", name, fn) }

// Title is the title of the API in its documents. It stands in [API] and
// defaults to the API's name.
//
//	Title("Chat")
//
//go:noinline
func Title(title string) { eval.Record("Title", title) }

// Version is the version of the API in its documents. It stands in [API] and
// defaults to "0.0.1".
//
//	Version("1.2.0")
//
//go:noinline
func Version(version string) { eval.Record("Version", version) }

// Description says what something is for. It becomes the comment of the
// generated code and the description in documents, so write whole sentences;
// the first one begins with a capital and can stand alone.
//
// It stands in nearly every word that takes a function, once in each. Where a
// word also takes a description as an argument, Description wins.
//
//	Method("create", func() {
//		Description("Create a note. Its title must be new.")
//	})
//
//go:noinline
func Description(text string) { eval.Record("Description", text) }

// Server describes a process and where it is deployed. It stands in [API].
// Inside: [Description], [Services], [Host]. A design without a Server has one
// that hosts every service at http://localhost:8080.
//
//	Server("chat", func() {
//		Services("rooms", "users")
//		Host("production", func() {
//			URI("https://chat.example.com")
//		})
//	})
//
//go:noinline
func Server(name string, fn ...func()) *eval.Call {
	return eval.Record("Server", with(fn, name)...)
}

// Services names the services that a [Server] hosts; all of them when it does
// not stand there. Two services that no server hosts together may have the
// same routes.
//
//	Services("rooms", "users")
//
//go:noinline
func Services(names ...string) { eval.Record("Services", list(names)...) }

// Host is one deployment of a [Server]. Inside: [Description] and at least one
// [URI].
//
//	Host("production", func() {
//		Description("Where customers are.")
//		URI("https://chat.example.com")
//	})
//
//go:noinline
func Host(name string, fn func()) { eval.Record("Host", name, fn) }

// URI is where a [Host] listens: http:// or https://, a host and, if need be, a
// port and a path.
//
//	URI("https://chat.example.com")
//
//go:noinline
func URI(uri string) { eval.Record("URI", uri) }
