package dsl

import "github.com/courant-dev/courant/eval"

// The verbs of this file make the routes of a method. They stand in its HTTP,
// one or more of them; clients take the first. A path begins with a slash and
// follows the base paths of the API and the service, unless it begins with two
// slashes; "/" is the base path itself. Segments in braces are wildcards:
//
//	/notes/{id}       the attribute id
//	/files/{*path}    the rest of the path, slashes included
//
// All routes of a method have the same wildcards. Two routes of a design that
// match the same request, neither being more specific, are a fault.

// GET is a route that reads. Its request has no body: what the path and
// headers do not carry is in the query.
//
//	GET("/notes/{id}")
//
//go:noinline
func GET(path string) *eval.Call { return eval.Record("GET", path) }

// POST is a route that creates, or does.
//
//	POST("/notes")
//
//go:noinline
func POST(path string) *eval.Call { return eval.Record("POST", path) }

// PUT is a route that replaces.
//
//	PUT("/notes/{id}")
//
//go:noinline
func PUT(path string) *eval.Call { return eval.Record("PUT", path) }

// PATCH is a route that changes.
//
//	PATCH("/notes/{id}")
//
//go:noinline
func PATCH(path string) *eval.Call { return eval.Record("PATCH", path) }

// DELETE is a route that removes. Its request has no body: what the path and
// headers do not carry is in the query.
//
//	DELETE("/notes/{id}")
//
//go:noinline
func DELETE(path string) *eval.Call { return eval.Record("DELETE", path) }

// HEAD is a route that answers like GET, without a body.
//
//	HEAD("/notes/{id}")
//
//go:noinline
func HEAD(path string) *eval.Call { return eval.Record("HEAD", path) }

// OPTIONS is a route that says what is possible.
//
//	OPTIONS("/notes")
//
//go:noinline
func OPTIONS(path string) *eval.Call { return eval.Record("OPTIONS", path) }

// TRACE is a route that loops the request back.
//
//	TRACE("/notes")
//
//go:noinline
func TRACE(path string) *eval.Call { return eval.Record("TRACE", path) }

// CONNECT is a route that opens a tunnel.
//
//	CONNECT("/notes")
//
//go:noinline
func CONNECT(path string) *eval.Call { return eval.Record("CONNECT", path) }
