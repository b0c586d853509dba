package eval_test

import (
	"testing"

	. "github.com/courant-dev/courant/dsl"
)

// TestHTTPFaults holds faults of how methods travel: one design, one message.
func TestHTTPFaults(t *testing.T) {
	checkFaults(t, []faultCase{
		{
			"no route",
			method(func() { HTTP(func() {}) }),
			`the HTTP of method "m" has no route, such as GET("/path")`,
		},
		{
			"wildcard without payload",
			routes("/{id}"),
			`the path has the wildcard {id}, but method "a" has no payload`,
		},
		{
			"wildcard without attribute",
			get("/{idd}", attrs("id", "x"), nil),
			`the path has the wildcard {idd}, but the payload of method "m" has no attribute "idd"; did you mean "id"?`,
		},
		{
			"wildcard in a segment",
			routes("/x{id}"),
			`path "/x{id}": a wildcard such as {id} must be a whole segment, x{id} is not`,
		},
		{
			"rest that is not last",
			get("/{*id}/x", attrs("id"), nil),
			`path "/{*id}/x": {*id} takes the rest of the path and must be its last segment`,
		},
		{
			"wildcard twice",
			get("/{id}/{id}", attrs("id"), nil),
			`path "/{id}/{id}": the wildcard {id} stands twice in it`,
		},
		{
			"wildcard without name",
			get("/{}", attrs("id"), nil),
			`path "/{}": the wildcard {} needs a name of letters, digits and _; an attribute of another name goes by Param("other-name:name")`,
		},
		{
			"wildcard that is no identifier",
			get("/{user-id}", attrs("user-id"), nil),
			`path "/{user-id}": the wildcard {user-id} needs a name of letters, digits and _; an attribute of another name goes by Param("other-name:name")`,
		},
		{
			"wildcard as elsewhere",
			get("/notes/:id", attrs("id"), nil),
			`path "/notes/:id": a wildcard is written {id}, not :id`,
		},
		{
			"rest as elsewhere",
			get("/{rest...}", attrs("rest"), nil),
			`path "/{rest...}": a wildcard that takes the rest of the path is written {*rest}, not {rest...}`,
		},
		{
			"query in the path",
			routes("/x?y=1"),
			`path "/x?y=1": a query or a fragment is no part of a path; see Param`,
		},
		{
			"space in the path",
			routes("/x y"),
			`path "/x y": a space, a backslash or a control character cannot stand in it`,
		},
		{
			"empty segment",
			routes("/x//y"),
			`path "/x//y": it has an empty segment`,
		},
		{
			"dots in the path",
			routes("/x/../y"),
			`path "/x/../y": a segment .. matches no request`,
		},
		{
			"object in the path",
			get("/{a}", func() { Attribute("a", func() { Attribute("x") }); Required("a") }, nil),
			"an object cannot travel in a path: wildcard {a} needs a scalar or an array of scalars",
		},
		{
			"map in the path",
			get("/{a}", func() { Attribute("a", MapOf(String, String)); Required("a") }, nil),
			"MapOf(String, String) cannot travel in a path: wildcard {a} needs a scalar or an array of scalars",
		},
		{
			"same route",
			routes("/a", "/a"),
			`GET /a is the route of method "a" at HERE too`,
		},
		{
			"same route, other wildcards",
			service(func() {
				for _, n := range []string{"a", "b"} {
					Method(n, func() { Payload(func() { Attribute(n); Required(n) }); HTTP(func() { GET("/x/{" + n + "}") }) })
				}
			}),
			`GET /x/{b} matches the same requests as /x/{a} of method "a" at HERE`,
		},
		{
			"overlapping routes",
			service(func() {
				Method("a", func() { Payload(func() { Attribute("x"); Required("x") }); HTTP(func() { GET("/{x}/b") }) })
				Method("b", func() { Payload(func() { Attribute("y"); Required("y") }); HTTP(func() { GET("/a/{y}") }) })
			}),
			`GET /a/{y} and /{x}/b of method "a" at HERE match some requests both, and neither is more specific`,
		},
		{
			"other wildcards in a second route",
			method(func() {
				Payload(func() { Attribute("a"); Attribute("b"); Required("a", "b") })
				HTTP(func() { GET("/x/{a}"); GET("/y/{b}") })
			}),
			"every route of a method has the same wildcards: /y/{b} has not those of /x/{a}",
		},
		{
			"unknown Param",
			get("/", attrs("limit"), func() { Param("limt") }),
			`unknown attribute "limt": the payload of method "m" has none of this name; did you mean "limit"?`,
		},
		{
			"unknown Header",
			get("/", attrs("limit"), func() { Header("limt:X-Limit") }),
			`unknown attribute "limt": the payload of method "m" has none of this name; did you mean "limit"?`,
		},
		{
			"Param twice",
			get("/", attrs("a"), func() { Param("a"); Param("a:b") }),
			`attribute "a" is mapped twice; the first is the Param at HERE`,
		},
		{
			"Param and Header",
			get("/", attrs("a"), func() { Param("a"); Header("a:X-A") }),
			`attribute "a" is mapped twice; the first is the Param at HERE`,
		},
		{
			"two attributes in one Param",
			get("/", attrs("a", "b"), func() { Param("a:x"); Param("b:x") }),
			`the query parameter "x" is taken; the first is the Param at HERE`,
		},
		{
			"Param with the name of an attribute",
			get("/", attrs("a", "b"), func() { Param("a:b") }),
			`the query parameter "b" is taken; the first is the Param at HERE`,
		},
		{
			"two attributes in one Header",
			get("/", attrs("a", "b"), func() { Header("a:X-X"); Header("b:x-x") }),
			`the header "x-x" is taken; the first is the Header at HERE`,
		},
		{
			"Param without payload",
			method(func() { HTTP(func() { GET("/"); Param("a") }) }),
			`Param maps "a", but method "m" has no payload`,
		},
		{
			"Param without name on the wire",
			get("/", attrs("a"), func() { Param("a:") }),
			"a query parameter needs a name",
		},
		{
			"Param with another type",
			get("/", attrs("a"), func() { Param("a", Int) }),
			`attribute "a" is String, not Int`,
		},
		{
			"Param with a function",
			get("/", attrs("a"), func() { Param("a", String, func() {}) }),
			`Param with a function is not built yet: say it where attribute "a" is declared`,
		},
		{
			"Params without a function",
			get("/", attrs("a"), func() { Params("a") }),
			`Params wants a function, not the string "a"`,
		},
		{
			"Header with a bad name",
			get("/", attrs("a"), func() { Header("a:X A") }),
			`"X A" is no name of a header`,
		},
		{
			"Header of the connection",
			get("/", attrs("a"), func() { Header("a:Content-Length") }),
			"the header Content-Length belongs to the connection: it cannot carry an attribute",
		},
		{
			"Param of the service that nobody has",
			service(func() {
				HTTP(func() { Param("x") })
				Method("m", func() { Payload(attrs("a")); HTTP(func() { GET("/") }) })
			}),
			`no payload of service "s" has the attribute of this Param`,
		},
		{
			"non-object payload mapped twice",
			method(func() { Payload(String); HTTP(func() { GET("/"); Param("a"); Param("b") }) }),
			`the payload of method "m", which is no object, is mapped twice; the first is the Param at HERE`,
		},
		{
			"body for GET",
			get("/", attrs("a"), func() { Body("a") }),
			"a GET request has no body",
		},
		{
			"body for DELETE",
			method(func() { Payload(attrs("a")); HTTP(func() { DELETE("/"); Body("a") }) }),
			"a DELETE request has no body",
		},
		{
			"unknown Body",
			method(func() { Payload(attrs("title")); HTTP(func() { POST("/"); Body("titel") }) }),
			`unknown attribute "titel": the payload of method "m" has none of this name; did you mean "title"?`,
		},
		{
			"Body of a type",
			func() {
				Type("T", attrs("a"))
				method(func() { Payload("T"); HTTP(func() { POST("/"); Body(Any) }) })()
			},
			"Body wants the name of an attribute, a function that names attributes, an object type or Empty, not Any",
		},
		{
			"Body of a type with other attributes",
			func() {
				Type("T", attrs("a"))
				u := Type("U", attrs("a", "c"))
				method(func() { Payload("T"); HTTP(func() { POST("/"); Body(u) }) })()
			},
			`unknown attribute "c": the payload of method "m" has none of this name; there is only "a"`,
		},
		{
			"Body of a mapped attribute",
			method(func() { Payload(attrs("a")); HTTP(func() { POST("/"); Header("a:A"); Body("a") }) }),
			`attribute "a" is mapped twice; the first is the Header at HERE`,
		},
		{
			"required attribute that travels nowhere",
			method(func() {
				Payload(func() { Attribute("a"); Attribute("b"); Required("a", "b") })
				HTTP(func() { POST("/"); Body("a") })
			}),
			`attribute "b" of the payload of method "m" is required and travels nowhere`,
		},
		{
			"payload that travels nowhere",
			method(func() { Payload(String); HTTP(func() { POST("/"); Body(Empty) }) }),
			`the payload of method "m" travels nowhere`,
		},
		{
			"Body attributes of a String",
			method(func() { Payload(String); HTTP(func() { POST("/"); Body(func() { Attribute("a") }) }) }),
			`Body names attributes, but the payload of method "m" is no object`,
		},
		{
			"Body attribute with another type",
			method(func() {
				Payload(attrs("a"))
				HTTP(func() { POST("/"); Body(func() { Attribute("a", Int) }) })
			}),
			`attribute "a" is String, not Int`,
		},
		{
			"Required in Params",
			get("/", attrs("a"), func() { Params(func() { Param("a"); Required("a") }) }),
			`attribute "a" is optional where it is declared: Required belongs there`,
		},
		{
			"Header of an error",
			method(func() {
				Error("bad")
				HTTP(func() { GET("/"); Response("bad", 400, func() { Header("a") }) })
			}),
			"Header in the Response of an error is not built yet",
		},
		{
			"bad status",
			responses(nil, func() { Response(99) }),
			"status 99 is none of an answer: want 200 to 399",
		},
		{
			"status of an error",
			responses(nil, func() { Response(StatusNotFound) }),
			"status 404 is that of an error: name the error before it",
		},
		{
			"Response of a type",
			responses(nil, func() { Response(String) }),
			"Response wants a status or the name of an error, not a type",
		},
		{
			"body with 204",
			responses(attrs("a"), func() { Response(StatusNoContent) }),
			`an answer with status 204 has no body, but the result of method "m" would be its body: use another status, or Body(Empty)`,
		},
		{
			"undeclared error",
			method(func() { Error("not_found"); HTTP(func() { GET("/"); Response("not_fuond", StatusNotFound) }) }),
			`method "m" has no error "not_fuond"; did you mean "not_found"?`,
		},
		{
			"error with a good status",
			method(func() { Error("bad"); HTTP(func() { GET("/"); Response("bad", StatusOK) }) }),
			"status 200 is none of an error: want 400 to 599",
		},
		{
			"error without a status",
			method(func() { Error("bad"); HTTP(func() { GET("/"); Response("bad") }) }),
			`the Response of error "bad" needs a status`,
		},
		{
			"error with two responses",
			method(func() { Error("bad"); HTTP(func() { GET("/"); Response("bad", 400); Response("bad", 401) }) }),
			`error "bad" has two responses; the first is at HERE`,
		},
		{
			"undeclared error of the service",
			service(func() { HTTP(func() { Response("bad", 400) }); Method("m", func() {}) }),
			`service "s" has no error "bad"`,
		},
		{
			"undeclared error of the API",
			func() { API("a", func() { HTTP(func() { Response("bad", 400) }) }); method(func() {})() },
			`the design has no error "bad"`,
		},
		{
			"result in the HTTP of a service",
			service(func() { HTTP(func() { Response(StatusOK) }); Method("m", func() {}) }),
			"only a method has a result: here Response names an error",
		},
		{
			"several results",
			responses(attrs("a"), func() { Response(StatusOK); Response(StatusCreated) }),
			"several responses of one result are not built yet; the first is at HERE",
		},
		{
			"unknown header of a result",
			responses(attrs("location"), func() { Response(StatusCreated, func() { Header("loc:Location") }) }),
			`unknown attribute "loc": the result of method "m" has none of this name; there is only "location"`,
		},
		{
			"two base paths of the API",
			func() { API("a", func() { HTTP(func() { Path("/a"); Path("/b") }) }); method(func() {})() },
			"an API has one base path; the first is at HERE",
		},
		{
			"Files without a source",
			service(func() { Files("/", "") }),
			"Files needs a file or a directory",
		},
		{
			"Files with a wildcard",
			service(func() { Files("/{x}/y", "z") }),
			"the path of Files takes one wildcard, for the rest of the path: {*path}",
		},
		{
			"Files at the path of a method",
			service(func() { Files("/a", "z"); Method("m", func() { HTTP(func() { GET("/a") }) }) }),
			`GET /a is the route of method "m" at HERE too`,
		},
		{
			"HEAD of a stream",
			method(func() { StreamingResult(String); HTTP(func() { HEAD("/"); GET("/"); ServerSentEvents() }) }),
			"the answer to HEAD has no body: it cannot be a stream",
		},
	})
}
