package eval_test

import (
	"testing"

	. "github.com/courant-dev/courant/dsl"
)

// TestHTTPModels holds good designs of how methods travel and what they mean.
func TestHTTPModels(t *testing.T) {
	checkModels(t, []modelCase{
		{
			"what GET leaves goes to the query",
			get("/rooms/{room}", func() {
				Attribute("room")
				Attribute("page", Int)
				Attribute("token")
				Attribute("filter", MapOf(String, String))
				Required("room")
			}, func() { Header("token:X-Token") }),
			`
			type s.MPayload lifted
			  room String!
			  page Int
			  token String
			  filter map[String]String
			method s.m
			  payload s.MPayload
			  GET /rooms/{room}
			  path room=room
			  header X-Token=token
			  query page=page
			  query filter=filter
			  answer 204 nothing`,
		},
		{
			"what POST leaves goes to the body",
			method(func() {
				Payload(func() { Attribute("id"); Attribute("title"); Attribute("text"); Required("id") })
				Result(attrs("a"))
				HTTP(func() { PUT("/notes/{id}") })
			}),
			`
			type s.MPayload lifted
			  id String!
			  title String
			  text String
			type s.MResult lifted
			  a String
			method s.m
			  payload s.MPayload
			  result s.MResult
			  PUT /notes/{id}
			  path id=id
			  body members title,text
			  answer 200 whole`,
		},
		{
			"nothing is left for the body",
			method(func() { Payload(func() { Attribute("id"); Required("id") }); HTTP(func() { POST("/notes/{id}") }) }),
			`
			type s.MPayload lifted
			  id String!
			method s.m
			  payload s.MPayload
			  POST /notes/{id}
			  path id=id
			  answer 204 nothing`,
		},
		{
			"other names on the wire",
			get("/x/{r}", func() { Attribute("room-name"); Attribute("page_size", Int); Required("room-name") }, func() { Param("room-name:r"); Params(func() { Param("page_size:size") }) }),
			`
			type s.MPayload lifted
			  room-name String!
			  page_size Int
			method s.m
			  payload s.MPayload
			  GET /x/{r}
			  path r=room-name
			  query size=page_size
			  answer 204 nothing`,
		},
		{
			"payloads that are no objects",
			service(func() {
				Method("path", func() { Payload(Int); HTTP(func() { GET("/path/{id}") }) })
				Method("query", func() { Payload(ArrayOf(String)); HTTP(func() { GET("/query") }) })
				Method("param", func() { Payload(String); HTTP(func() { GET("/param"); Param("q") }) })
				Method("header", func() { Payload(String); HTTP(func() { POST("/header"); Header("X-Q") }) })
				Method("body", func() { Payload(MapOf(String, Int)); Result(String); HTTP(func() { POST("/body") }) })
			}),
			`
			method s.path
			  payload Int
			  GET /path/{id}
			  path id=
			  answer 204 nothing
			method s.query
			  payload []String
			  GET /query
			  query payload=
			  answer 204 nothing
			method s.param
			  payload String
			  GET /param
			  query q=
			  answer 204 nothing
			method s.header
			  payload String
			  POST /header
			  header X-Q=
			  answer 204 nothing
			method s.body
			  payload map[String]Int
			  result String
			  POST /body
			  body whole
			  answer 200 whole`,
		},
		{
			"base paths",
			func() {
				API("a", func() { HTTP(func() { Path("/api/") }) })
				Service("s", func() {
					HTTP(func() { Path("/v1"); Path("//old/") })
					Method("root", func() { HTTP(func() { GET("/") }) })
					Method("slash", func() { HTTP(func() { GET("/a/"); POST("//top") }) })
					Files("/static/{*path}", "public")
				})
			},
			`
			method s.root
			  GET /api/v1
			  GET /old/
			  answer 204 nothing
			method s.slash
			  GET /api/v1/a/
			  GET /old/a/
			  POST /top
			  answer 204 nothing
			files /api/v1/static/{*path} public
			files /old/static/{*path} public`,
		},
		{
			"routes that ServeMux tells apart",
			service(func() {
				Method("one", func() { Payload(func() { Attribute("id"); Required("id") }); HTTP(func() { GET("/x/{id}") }) })
				Method("literal", func() { HTTP(func() { GET("/x/new") }) })
				Method("rest", func() { Payload(func() { Attribute("rest"); Required("rest") }); HTTP(func() { GET("/x/{*rest}") }) })
				Method("slash", func() { HTTP(func() { GET("/x/") }) })
				Method("head", func() { HTTP(func() { HEAD("/x/new") }) })
			}),
			`
			type s.OnePayload lifted
			  id String!
			type s.RestPayload lifted
			  rest String!
			method s.one
			  payload s.OnePayload
			  GET /x/{id}
			  path id=id
			  answer 204 nothing
			method s.literal
			  GET /x/new
			  answer 204 nothing
			method s.rest
			  payload s.RestPayload
			  GET /x/{*rest}
			  path rest=rest
			  answer 204 nothing
			method s.slash
			  GET /x/
			  answer 204 nothing
			method s.head
			  HEAD /x/new
			  answer 204 nothing`,
		},
		{
			"services that no server hosts together",
			func() {
				API("a", func() {
					Server("one", func() { Services("s") })
					Server("two", func() { Services("t"); Host("h", func() { URI("https://example.com/api") }) })
				})
				Service("s", func() { Method("m", func() { HTTP(func() { GET("/m") }) }) })
				Service("t", func() { Method("m", func() { HTTP(func() { GET("/m") }) }) })
			},
			`
			method s.m
			  GET /m
			  answer 204 nothing
			method t.m
			  GET /m
			  answer 204 nothing`,
		},
		{
			"a Param of the service",
			service(func() {
				HTTP(func() { Path("/accounts/{account}"); Header("token:X-Token") })
				Method("a", func() {
					Payload(func() { Attribute("account"); Attribute("token"); Required("account") })
					HTTP(func() { POST("/") })
				})
				Method("b", func() { Payload(func() { Attribute("account"); Required("account") }); HTTP(func() { GET("/b") }) })
			}),
			`
			type s.APayload lifted
			  account String!
			  token String
			type s.BPayload lifted
			  account String!
			method s.a
			  payload s.APayload
			  POST /accounts/{account}
			  path account=account
			  header X-Token=token
			  answer 204 nothing
			method s.b
			  payload s.BPayload
			  GET /accounts/{account}/b
			  path account=account
			  answer 204 nothing`,
		},
		{
			"bodies of requests",
			service(func() {
				Method("one", func() { Payload(attrs("a", "b")); HTTP(func() { POST("/one"); Body("a") }) })
				Method("some", func() {
					Payload(attrs("a", "b", "c"))
					HTTP(func() { POST("/some"); Param("c"); Body(func() { Attribute("a"); Attribute("b") }) })
				})
				Method("none", func() { Payload(attrs("a")); HTTP(func() { POST("/none"); Param("a"); Body(Empty) }) })
			}),
			`
			type s.NonePayload lifted
			  a String
			type s.OnePayload lifted
			  a String
			  b String
			type s.SomePayload lifted
			  a String
			  b String
			  c String
			method s.one
			  payload s.OnePayload
			  POST /one
			  body bare a
			  answer 204 nothing
			method s.some
			  payload s.SomePayload
			  POST /some
			  query c=c
			  body members a,b
			  answer 204 nothing
			method s.none
			  payload s.NonePayload
			  POST /none
			  query a=a
			  answer 204 nothing
			warning attribute "b" of the payload of method "one" travels nowhere`,
		},
		{
			"responses",
			service(func() {
				Method("created", func() {
					Result(attrs("id", "location"))
					HTTP(func() { POST("/created"); Response(StatusCreated, func() { Header("location:Location") }) })
				})
				Method("code", func() { HTTP(func() { POST("/code"); Response(func() { Code(StatusAccepted) }) }) })
				Method("bare", func() { Result(attrs("id")); HTTP(func() { POST("/bare"); Response(StatusOK, func() { Body("id") }) }) })
				Method("none", func() {
					Result(attrs("id"))
					HTTP(func() { POST("/none"); Response(StatusNoContent, func() { Header("id:X-Id") }) })
				})
				Method("header", func() {
					Result(String)
					HTTP(func() { POST("/header"); Response(StatusOK, func() { Header("Location") }) })
				})
				Method("empty", func() { Payload(Empty); Result(Empty); HTTP(func() { DELETE("/empty") }) })
			}),
			`
			type s.BareResult lifted
			  id String
			type s.CreatedResult lifted
			  id String
			  location String
			type s.NoneResult lifted
			  id String
			method s.created
			  result s.CreatedResult
			  POST /created
			  answer 201 members id
			  answer header Location=location
			method s.code
			  POST /code
			  answer 202 nothing
			method s.bare
			  result s.BareResult
			  POST /bare
			  answer 200 bare id
			method s.none
			  result s.NoneResult
			  POST /none
			  answer 204 nothing
			  answer header X-Id=id
			method s.header
			  result String
			  POST /header
			  answer 200 nothing
			  answer header Location=
			method s.empty
			  DELETE /empty
			  answer 204 nothing`,
		},
		{
			"errors and their statuses",
			func() {
				Type("Quota", func() { Attribute("limit", Int) })
				API("a", func() {
					Error("unauthorized", "Quota", "No.")
					Error("broken")
					HTTP(func() { Response("unauthorized", StatusUnauthorized); Response(StatusBadGateway, "broken") })
				})
				service(func() {
					Error("unauthorized")
					Error("busy", func() { Temporary() })
					HTTP(func() { Response("busy", StatusServiceUnavailable) })
					Method("m", func() {
						Error("gone", String, "It is gone.")
						Error("inline", func() { Attribute("x") })
						HTTP(func() { GET("/m"); Response("gone", func() { Code(StatusGone) }) })
					})
				})()
			},
			`
			type Quota of error unauthorized
			  limit Int
			type s.InlineError lifted of error inline
			  x String
			method s.m
			  error gone 410
			  error inline 400 s.InlineError
			  error unauthorized 401 Quota
			  error busy 503  temporary
			  error broken 502
			  GET /m
			  answer 204 nothing`,
		},
		{
			"a method without HTTP",
			service(func() { Method("m", func() {}) }),
			`
			method s.m
			warning method "m" has no HTTP: nothing serves it`,
		},
		{
			"idempotent",
			method(func() { Idempotent(); HTTP(func() { POST("/m") }) }),
			`
			method s.m
			  POST /m
			  answer 204 nothing`,
		},
	})
}
