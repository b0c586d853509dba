// Package design has names that mean something in Go, in generated code or in
// the standard library: each service has each method with each attribute.
package design

import (
	"net/url"

	. "github.com/courant-dev/courant/dsl"
)

var _ = Type("Trap", func() {
	Attribute("startID")
	Attribute("user_id", Int)
	Attribute("type", String, func() { Enum("type", "func", "a-b", "a_b", "2", "größe", "-") })
	Attribute("error")
	Attribute("error_name")
	Attribute("validate", ArrayOf(Duration))
	Attribute("marshal_json", Bytes)
	Attribute("unmarshalJSON", Int, func() { Default(1) })
	Attribute("func", Boolean)
	Attribute("range", ArrayOf("Error"))
	Attribute("context", MapOf(String, "Client"))
	Attribute("2fa", String, func() { Pattern("^[0-9]*$") })
	Attribute("größe", Float64)
	Attribute("a-b", func() { Attribute("a.b"); Required("a.b") })
	Attribute("$ref")
	Attribute("e", Int, func() { Minimum(0) })
	Attribute("v", Timestamp)
	Attribute("i", "String")
	Attribute("json", Any)
	Required("type", "error", "validate")
})

// Types with names that generated code or its readers may take for others.
var (
	_ = Type("Error", func() { Attribute("error"); Required("error") })
	_ = Type("String", String, func() { MaxLength(9) })
	_ = Type("Client", func() { Attribute("client", "Client"); Attribute("error", "Error") })
	_ = Type("Any_", Any)
	_ = Type("time", Timestamp)
	_ = Type("context", ArrayOf("time"))
	_ = Type("http", func() { Attribute("time", "time"); Attribute("context", "context"); Attribute("any", "Any_") })
	_ = Type("Errors", ArrayOf("Error"))
	_ = Type("none", Boolean)
)

var services = []string{
	"json", "http", "context", "type", "main", "string", "error", "wire", "client", "server", "valid", "value",
	"time", "courant", "chat rooms", "func", "init", "2fa", "errors", "log", "testing", "vendor", "testdata",
	"New Service", "svc", "nil", "p", "ctx", "über", "con", "sse",
}

func init() {
	for _, name := range services {
		Service(name, func() {
			Error("error", "Missing")
			Error("client", String, "It is the client's fault.")
			Error("stream")
			methods(url.PathEscape(name), "type")
			Method("func", func() {
				Payload("Trap")
				StreamingResult("http")
				HTTP(func() {
					POST("//" + url.PathEscape(name) + "/func")
					ServerSentEvents()
				})
			})
			Method("return", func() {
				Payload(func() {
					Attribute("p", "none")
					Attribute("ctx")
					Required("p")
				})
				HTTP(func() { GET("//" + url.PathEscape(name) + "/return") })
			})
		})
	}
	Service("methods", func() {
		methods("methods", "new", "mount", "close", "client", "New Client", "unimplemented", "2fa", "chat rooms",
			"Validate", "größe", "service", "wire", "string", "error", "init", "json", "do")
	})
}

func methods(service string, names ...string) {
	for _, name := range names {
		Method(name, func() {
			Payload("Trap")
			Result("Trap")
			HTTP(func() { POST("//" + service + "/" + url.PathEscape(name)) })
		})
	}
}

var _ = Type("Missing", func() {
	Attribute("nr", Int)
	Required("nr")
})
