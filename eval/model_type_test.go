package eval_test

import (
	"testing"

	. "github.com/courant-dev/courant/dsl"
)

// TestTypeModels holds good designs of types and what they mean.
func TestTypeModels(t *testing.T) {
	checkModels(t, []modelCase{
		{
			"all primitive types",
			payload(func() {
				Attribute("string")
				Attribute("boolean", Boolean)
				Attribute("int", Int, "An integer.")
				Attribute("bytes", Bytes)
				Attribute("any", Any)
				Attribute("at", Timestamp)
				Attribute("pause", Duration)
				Field(1, "number", Float64)
			}),
			`
			type s.MPayload lifted
			  string String
			  boolean Boolean
			  int Int
			  bytes Bytes
			  any Any
			  at Timestamp
			  pause Duration
			  number Float64
			method s.m
			  payload s.MPayload
			  POST /m
			  body whole
			  answer 204 nothing`,
		},
		{
			"inline objects and Enums get names",
			func() {
				Type("Task", func() {
					Attribute("status", String, func() { Enum("open", "done"); Default("open") })
					Attribute("author", func() { Attribute("name"); Required("name") })
					Attribute("tags", ArrayOf(String, func() { Enum("a", "b") }))
					Required("author")
				})
				payload(func() {
					Attribute("task", "Task")
					Attribute("options", func() { Attribute("notify", Boolean) })
				})()
			},
			`
			type Task
			  status TaskStatus default "open"
			  author TaskAuthor!
			  tags []TaskTagsElem
			type TaskAuthor lifted
			  name String!
			type TaskStatus lifted = String enum "open" enum "done"
			type TaskTagsElem lifted = String enum "a" enum "b"
			type s.MPayload lifted
			  task Task
			  options s.MPayloadOptions
			type s.MPayloadOptions lifted
			  notify Boolean
			method s.m
			  payload s.MPayload
			  POST /m
			  body whole
			  answer 204 nothing`,
		},
		{
			"a String payload with an Enum",
			method(func() {
				Payload(String, func() { Enum("a") })
				Result(ArrayOf(String, func() { Enum("b") }))
				HTTP(func() { POST("/m") })
			}),
			`
			type s.MPayload lifted = String enum "a"
			type s.MResultElem lifted = String enum "b"
			method s.m
			  payload s.MPayload
			  result []s.MResultElem
			  POST /m
			  body whole
			  answer 200 whole`,
		},
		{
			"types that refer to each other",
			func() {
				Type("Tree", func() { Attribute("children", ArrayOf("Tree")); Attribute("leaf", "Leaf"); Required("children") })
				Type("Leaf", func() { Attribute("trees", MapOf(String, "Tree")) })
				method(func() { Payload("Tree"); HTTP(func() { POST("/m") }) })()
			},
			`
			type Leaf
			  trees map[String]Tree
			type Tree
			  children []Tree!
			  leaf Leaf
			method s.m
			  payload Tree
			  POST /m
			  body whole
			  answer 204 nothing`,
		},
		{
			"named types of other types",
			func() {
				Type("Email", String, func() { Format(FormatEmail); Example("a@example.com") })
				Type("Work", "Email", func() { MaxLength(80) })
				Type("Tags", ArrayOf(String), func() { Elem(func() { MinLength(1) }); MaxLength(3) })
				payload(func() {
					Attribute("email", "Email", func() { MinLength(6) })
					Attribute("work", "Work")
					Attribute("tags", "Tags")
				})()
			},
			`
			type Email = String format email example "a@example.com"
			type Tags = []String length>=1 length<=3
			type Work = String format email length<=80
			type s.MPayload lifted
			  email Email length>=6
			  work Work
			  tags Tags
			method s.m
			  payload s.MPayload
			  POST /m
			  body whole
			  answer 204 nothing`,
		},
		{
			"rules of collections",
			payload(func() {
				Attribute("a", MapOf(String, ArrayOf(Int), func() {
					Key(func() { Pattern("^a") })
					Elem(func() { MinLength(1) })
				}), func() { MaxLength(4); Elem(func() { MaxLength(9) }) })
			}),
			`
			type s.MPayload lifted
			  a map[String pattern ^a][]Int length>=1 length<=9 length<=4
			method s.m
			  payload s.MPayload
			  POST /m
			  body whole
			  answer 204 nothing`,
		},
		{
			"Extend and Reference",
			func() {
				Type("Base", func() {
					Attribute("id", String, func() { Format(FormatUUID) })
					Attribute("count", Int, func() { Default(3); Example(7) })
					Attribute("kind", func() { Enum("x") })
					Required("id")
				})
				Type("Extended", func() {
					Extend("Base")
					Attribute("own")
					Attribute("count", Int, func() { Minimum(0) })
					Required("own", "kind")
				})
				Type("Referring", func() { Reference("Base"); Attribute("count"); Attribute("id"); Required("count") })
				Type("Made", "Base", func() { Attribute("more") })
				payload(func() { Attribute("a", "Extended"); Attribute("b", "Referring"); Attribute("c", "Made") })()
			},
			`
			type BaseKind lifted = String enum "x"
			type Extended
			  id String! format uuid
			  count Int 0..
			  kind BaseKind!
			  own String!
			type Made
			  id String! format uuid
			  count Int default 3 example 7
			  kind BaseKind
			  more String
			type Referring
			  count Int! example 7
			  id String format uuid
			type s.MPayload lifted
			  a Extended
			  b Referring
			  c Made
			method s.m
			  payload s.MPayload
			  POST /m
			  body whole
			  answer 204 nothing`,
		},
		{
			"a payload that customises a type",
			func() {
				Type("Note", func() { Attribute("title"); Attribute("text") })
				method(func() {
					Payload("Note", func() { Attribute("notify", Boolean); Required("title") })
					Result("Note", "The note.")
					HTTP(func() { POST("/m") })
				})()
			},
			`
			type Note
			  title String
			  text String
			type s.MPayload lifted
			  title String!
			  text String
			  notify Boolean
			method s.m
			  payload s.MPayload
			  result Note
			  POST /m
			  body whole
			  answer 200 whole`,
		},
		{
			"constants",
			payload(func() {
				Attribute("pause", Duration, func() { Default("1m30s") })
				Attribute("at", Timestamp, func() { Default("2006-01-02T15:04:05Z") })
				Attribute("data", Bytes, func() { Default([]byte("hi")) })
				Attribute("list", ArrayOf(Int), func() { Default([]int{1, 2}) })
				Attribute("map", MapOf(Int, String), func() { Default(map[int]string{2: "b", 1: "a<"}) })
				Attribute("any", Any, func() { Default(Val{"a": []any{1, nil}}) })
				Attribute("float", Float64, func() { Default(1) })
				Attribute("big", UInt64, func() { Default(uint64(1) << 63); Maximum("18446744073709551615") })
				Attribute("text", String, func() { Example("first", "a"); Example("second", func() { Value("b") }) })
			}),
			`
			type s.MPayload lifted
			  pause Duration default "PT1M30S"
			  at Timestamp default "2006-01-02T15:04:05Z"
			  data Bytes default "aGk="
			  list []Int default [1,2]
			  map map[Int]String default {"1":"a<","2":"b"}
			  any Any default {"a":[1,null]}
			  float Float64 default 1
			  big UInt64 default 9223372036854775808 ..18446744073709551615
			  text String example "a" example "b"
			method s.m
			  payload s.MPayload
			  POST /m
			  body whole
			  answer 204 nothing`,
		},
		{
			"names that gen keeps apart",
			func() {
				Type("StatusOpen", attrs("validate"))
				Type("Status", String, func() { Enum("open", "+1", "-1", "") })
				payload(func() { Attribute("a", "Status"); Attribute("b", "StatusOpen") })()
			},
			`
			type Status = String enum "open" enum "+1" enum "-1" enum ""
			type StatusOpen
			  validate String
			type s.MPayload lifted
			  a Status
			  b StatusOpen
			method s.m
			  payload s.MPayload
			  POST /m
			  body whole
			  answer 204 nothing`,
		},
		{
			"types nobody needs are left out",
			func() { Type("Unused", attrs("a")); payload(attrs("b"))() },
			`
			type s.MPayload lifted
			  b String
			method s.m
			  payload s.MPayload
			  POST /m
			  body whole
			  answer 204 nothing`,
		},
		{
			"warnings",
			func() {
				Type("T", func() { Attribute("a", Int, func() { Default(1) }); Required("a", "a"); Meta("x", "y") })
				service(func() { Method("m", func() { Payload("T"); Deprecated() }) })()
			},
			`
			type T
			  a Int!
			method s.m
			  payload T
			warning Meta is not built yet and says nothing
			warning attribute "a" is required twice
			warning attribute "a" is required: its default is never used
			warning Deprecated is not built yet and says nothing
			warning method "m" has no HTTP: nothing serves it`,
		},
	})
}
