package eval_test

import (
	"testing"

	. "github.com/courant-dev/courant/dsl"
)

// TestServiceFaults holds faults of services, methods and errors: one design, one message.
func TestServiceFaults(t *testing.T) {
	checkFaults(t, []faultCase{
		{
			"no service",
			func() { Type("T", String) },
			"the design has no Service",
		},
		{
			"two APIs",
			func() { API("a", func() {}); API("b", func() {}); method(func() {})() },
			"API stands twice here; the first is at HERE",
		},
		{
			"nil function",
			func() { Service("s", nil) },
			"the function of Service is nil",
		},
		{
			"two services",
			func() { Service("s", func() {}); Service("s", func() {}) },
			`service "s" is declared twice; the first is at HERE`,
		},
		{
			"services with one package",
			func() { Service("chat rooms", func() {}); Service("ChatRooms", func() {}) },
			`services "ChatRooms" and "chat rooms" at HERE both have the package name chatrooms`,
		},
		{
			"service named types",
			func() { Service("types", func() {}) },
			`service "types" has the name of a directory that gen writes for all services`,
		},
		{
			"service without a Go name",
			func() { Service("!", func() {}) },
			`service "!" has no name in Go: it needs a letter or a digit`,
		},
		{
			"two methods",
			service(func() { Method("m", func() {}); Method("m", func() {}) }),
			`method "m" is declared twice; the first is at HERE`,
		},
		{
			"methods with one Go name",
			service(func() { Method("list_items", func() {}); Method("listItems", func() {}) }),
			`methods "listItems" and "list_items" at HERE both have the Go name ListItems`,
		},
		{
			"method without a Go name",
			service(func() { Method("-", func() {}) }),
			`method "-" has no name in Go: it needs a letter or a digit`,
		},
		{
			"method at the top",
			func() { Method("m", func() {}); method(func() {})() },
			"Method may not stand at the top of a design; it may stand in Service",
		},
		{
			"attribute in a service",
			service(func() { Attribute("a") }),
			"Attribute may not stand in Service; it may stand in Body, Type, Attribute, Payload, Result, StreamingResult or Error",
		},
		{
			"HTTP in Type",
			func() { Type("T", func() { HTTP(func() {}) }); method(func() {})() },
			"HTTP may not stand in Type; it may stand in API, Service or Method",
		},
		{
			"Payload twice",
			method(func() { Payload(String); Payload(Int) }),
			"Payload stands twice here; the first is at HERE",
		},
		{
			"Payload of prose",
			method(func() { Payload("The payload.") }),
			"Payload wants a type or a function",
		},
		{
			"Payload with a rule and no type",
			method(func() { Payload(func() { MinLength(1) }) }),
			"Payload has no type that MinLength could speak of",
		},
		{
			"stream of nothing",
			method(func() { StreamingResult(Empty); HTTP(func() { GET("/m"); ServerSentEvents() }) }),
			"a stream needs something to send: StreamingResult has no type and no attribute",
		},
		{
			"Result and StreamingResult",
			method(func() { Result(String); StreamingResult(String); HTTP(func() { GET("/m"); ServerSentEvents() }) }),
			"Result together with StreamingResult is not built yet",
		},
		{
			"StreamingPayload",
			method(func() { StreamingPayload(String) }),
			"StreamingPayload is not built yet",
		},
		{
			"WebSocket",
			method(func() { StreamingResult(String); HTTP(func() { GET("/m") }) }),
			`a stream without ServerSentEvents is a WebSocket, which is not built yet: add ServerSentEvents() to the HTTP of method "m"`,
		},
		{
			"word that is not built",
			payload(func() { Attribute("a"); OneOf("b", func() { Attribute("c") }) }),
			"OneOf is not built yet",
		},
		{
			"type that is not built",
			payload(func() { Attribute("a", ResultType("application/vnd.x", func() { Attribute("c") })) }),
			"ResultType is not built yet",
		},
		{
			"type named Service",
			func() {
				Type("Service", attrs("x"))
				method(func() { Payload("Service"); HTTP(func() { POST("/m") }) })()
			},
			`type "Service" would have the Go name Service, as the interface of the service`,
		},
		{
			"type named as a stream",
			func() {
				Type("MServerStream", attrs("x"))
				method(func() { StreamingResult("MServerStream"); HTTP(func() { GET("/m"); ServerSentEvents() }) })()
			},
			`type "MServerStream" would have the Go name MServerStream, as the stream of method "m"`,
		},
		{
			"type named as an error",
			func() {
				Type("BadError", attrs("x"))
				method(func() { Payload("BadError"); Error("bad"); HTTP(func() { POST("/m") }) })()
			},
			`type "BadError" would have the Go name BadError, as the type of error "bad"`,
		},
		{
			"type named as a constructor",
			func() {
				Type("MakeBad", attrs("x"))
				method(func() { Payload("MakeBad"); Error("bad"); HTTP(func() { POST("/m") }) })()
			},
			`type "MakeBad" would have the Go name MakeBad, as the constructor of error "bad"`,
		},
		{
			"constants with one name",
			func() {
				Type("StatusOpen", String, func() { Enum("now") })
				Type("Status", String, func() { Enum("open_now") })
				payload(func() { Attribute("a", "Status"); Attribute("b", "StatusOpen") })()
			},
			`the constant of "now" in type "StatusOpen" would have the Go name StatusOpenNow, as the constant of "open_now" in type "Status"`,
		},
		{
			"two errors",
			method(func() { Error("bad"); Error("bad") }),
			`error "bad" is declared twice; the first is at HERE`,
		},
		{
			"errors with one Go name",
			method(func() { Error("not_found"); Error("notFound") }),
			`errors "notFound" and "not_found" at HERE both have the Go name NotFound`,
		},
		{
			"error without a Go name",
			method(func() { Error("!") }),
			`error "!" has no name in Go: it needs a letter or a digit`,
		},
		{
			"error of an Int",
			method(func() { Error("bad", Int) }),
			"the type of an error is an object or String, not Int",
		},
		{
			"two errors of one type",
			func() { Type("T", attrs("x")); method(func() { Error("bad", "T"); Error("worse", "T") })() },
			`type "T" is that of error "bad" already: each error needs a type of its own`,
		},
		{
			"error type with the attribute error",
			method(func() { Error("bad", func() { Attribute("error") }) }),
			`attribute "error" of an error's type has the Go name of its method Error`,
		},
		{
			"error type with a member of problem+json",
			method(func() { Error("bad", func() { Attribute("status", Int) }) }),
			`attribute "status" of an error's type would hide the member of this name in its answer`,
		},
		{
			"error type with an id that is no String",
			method(func() { Error("bad", func() { Attribute("id", Int) }) }),
			`attribute "id" of an error's type is the member of this name in its answer: a String, not Int`,
		},
		{
			"error with two types",
			service(func() {
				Method("a", func() { Error("bad") })
				Method("b", func() { Error("bad", func() { Attribute("x") }) })
			}),
			`error "bad" has two types in service "s": it is one type in Go`,
		},
		{
			"rule on the built-in error",
			method(func() { Error("bad", String, func() { MaxLength(1) }) }),
			`MaxLength does not fit the built-in error: give error "bad" a type`,
		},
		{
			"Timeout with an argument",
			method(func() { Error("bad", func() { Timeout("1s") }) }),
			"the Timeout of an Error takes no argument",
		},
		{
			"Temporary in a method",
			method(func() { Temporary() }),
			"Temporary may not stand in Method; it may stand in Error",
		},
		{
			"unknown service in a server",
			func() { API("a", func() { Server("x", func() { Services("sse") }) }); Service("ssee", func() {}) },
			`unknown service "sse"; did you mean "ssee"?`,
		},
		{
			"two servers of one name",
			func() { API("a", func() { Server("x"); Server("x") }); method(func() {})() },
			`a server needs a name of its own, not "x"`,
		},
		{
			"host without URI",
			func() { API("a", func() { Server("x", func() { Host("h", func() {}) }) }); method(func() {})() },
			`host "h" needs a URI`,
		},
		{
			"bad URI",
			func() {
				API("a", func() { Server("x", func() { Host("h", func() { URI("localhost") }) }) })
				method(func() {})()
			},
			`"localhost" is no URI of a server, such as "http://localhost:8080"`,
		},
		{
			"URI with a variable",
			func() {
				API("a", func() { Server("x", func() { Host("h", func() { URI("http://{v}") }) }) })
				method(func() {})()
			},
			"a URI with variables is not built yet",
		},
		{
			"API without a name",
			func() { API("", func() {}); method(func() {})() },
			"an API needs a name",
		},
	})
}
