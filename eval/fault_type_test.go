package eval_test

import (
	"testing"

	. "github.com/courant-dev/courant/dsl"
)

// TestTypeFaults holds faults of types and attributes: one design, one message.
func TestTypeFaults(t *testing.T) {
	checkFaults(t, []faultCase{
		{
			"unknown type",
			attribute("Evnt"),
			`unknown type "Evnt"`,
		},
		{
			"unknown type, near",
			func() { Type("Event", attrs("x")); attribute("Evnt")() },
			`unknown type "Evnt"; did you mean "Event"?`,
		},
		{
			"Go type",
			attribute("int64"),
			`unknown type "int64"; did you mean Int64?`,
		},
		{
			"built-in type in quotes",
			attribute("String"),
			`unknown type "String"; the built-in type String stands without quotes`,
		},
		{
			"a number as type",
			attribute(42),
			"Attribute wants a type, not the number 42",
		},
		{
			"nil as type",
			attribute(nil),
			"Attribute wants a type, not nil",
		},
		{
			"a Go value as type",
			attribute(struct{}{}),
			"Attribute wants a type, not a Go value of type struct {}",
		},
		{
			"a method as type",
			service(func() { m := Method("m", func() {}); Method("n", func() { Payload(m) }) }),
			"Payload wants a type, not a Method",
		},
		{
			"description before type",
			attribute("The title.", String),
			"Attribute wants the type before the description",
		},
		{
			"too many arguments",
			attribute(String, "a", "b"),
			"Attribute has too many arguments: it takes a type, a description and a function",
		},
		{
			"description is no string",
			attribute(String, 1),
			"Attribute wants a description behind the type, not the number 1",
		},
		{
			"two types",
			func() { Type("T", attrs("x")); Type("T", attrs("y")); method(func() {})() },
			`type "T" is declared twice; the first is at HERE`,
		},
		{
			"type made of itself",
			func() { Type("T", "T"); method(func() {})() },
			`type "T" is made of itself`,
		},
		{
			"types made of each other",
			func() { Type("T", "U"); Type("U", "T"); method(func() {})() },
			`type "U" is made of itself`,
		},
		{
			"type without a Go name",
			func() { Type("--", attrs("x")); method(func() {})() },
			`type "--" has no name in Go: it needs a letter or a digit`,
		},
		{
			"types with one Go name",
			func() { Type("a_b", attrs("x")); Type("AB", attrs("x")); method(func() {})() },
			`type "AB" would have the Go name AB, as type "a_b" at HERE`,
		},
		{
			"type in a service",
			service(func() { Type("T", String) }),
			"Type may not stand in Service; it may stand at the top of a design",
		},
		{
			"Type with too many arguments",
			func() { Type("T", String, "x"); method(func() {})() },
			"Type takes a name, a type and a function, not 3 arguments",
		},
		{
			"attribute twice",
			payload(func() { Attribute("a"); Attribute("a") }),
			`attribute "a" is declared twice; the first is at HERE`,
		},
		{
			"attributes with one Go name",
			payload(attrs("user_id", "userID")),
			`attributes "user_id" and "userID" both have the Go name UserID`,
		},
		{
			"attribute without name",
			payload(attrs("")),
			"an attribute needs a name",
		},
		{
			"attribute without a Go name",
			payload(attrs("--")),
			`attribute "--" has no name in Go: it needs a letter or a digit`,
		},
		{
			"attribute that no tag carries",
			payload(attrs("a,b")),
			`the name "a,b" cannot stand in the JSON tag of a Go struct`,
		},
		{
			"attribute named -",
			payload(attrs("-")),
			`the name "-" cannot stand in the JSON tag of a Go struct`,
		},
		{
			"unknown required attribute",
			payload(func() { Attribute("message"); Required("mesage") }),
			`unknown attribute "mesage"; did you mean "message"?`,
		},
		{
			"Required without names",
			payload(func() { Attribute("a"); Required() }),
			"Required needs the name of an attribute",
		},
		{
			"Required of a String",
			attribute(String, func() { Required("x") }),
			"Required needs an object, not String",
		},
		{
			"Attribute of a String",
			attribute(String, func() { Attribute("x") }),
			"Attribute needs an object, not String",
		},
		{
			"Extend of a String",
			payload(func() { Attribute("a"); Extend(String) }),
			"Extend wants an object, not String",
		},
		{
			"Extend of itself",
			func() { Type("T", func() { Extend("T"); Attribute("a") }); method(func() {})() },
			`type "T" extends itself`,
		},
		{
			"Extend of an unknown type",
			payload(func() { Extend("T"); Attribute("a"); Required("b") }),
			`unknown type "T"`,
		},
		{
			"Reference to a String",
			payload(func() { Reference(String); Attribute("a") }),
			"Reference wants an object, not String",
		},
		{
			"Elem of a String",
			attribute(String, func() { Elem(func() { MinLength(1) }) }),
			"Elem needs a collection, not String",
		},
		{
			"Key of an array",
			attribute(ArrayOf(String), func() { Key(func() { MinLength(1) }) }),
			"Key needs a map, not an array",
		},
		{
			"Elem of a named array",
			func() { Type("Tags", ArrayOf(String)); attribute("Tags", func() { Elem(func() { MinLength(1) }) })() },
			"Elem belongs where the collection is made, with its ArrayOf or MapOf",
		},
		{
			"map keys that are objects",
			func() { Type("K", attrs("x")); attribute(MapOf("K", String))() },
			`the keys of a map cannot be type "K": they travel as text`,
		},
		{
			"map keys that are Bytes",
			attribute(MapOf(Bytes, String)),
			"the keys of a map cannot be Bytes: they travel as text",
		},
		{
			"array of an unknown type",
			attribute(ArrayOf("Evnt")),
			`unknown type "Evnt"`,
		},
		{
			"Empty as attribute",
			attribute(Empty),
			"Empty cannot be the type of an Attribute",
		},
		{
			"object that needs itself",
			func() { Type("T", func() { Attribute("t", "T"); Required("t") }); method(func() {})() },
			`type "T" requires itself through attribute "t": no value of it is finite unless one on the way is optional`,
		},
		{
			"objects that need each other",
			func() {
				Type("T", func() { Attribute("u", "U"); Required("u") })
				Type("U", func() { Attribute("t", "T"); Required("t") })
				method(func() {})()
			},
			`type "T" requires itself through attribute "u": no value of it is finite unless one on the way is optional`,
		},
		{
			"inline type named as a type",
			func() { Type("MPayload", attrs("x")); payload(func() { Attribute("a"); Attribute("b", "MPayload") })() },
			`the inline type of the Payload would have the Go name MPayload, as type "MPayload" at HERE`,
		},
		{
			"inline Enum named as a type",
			func() {
				Type("TaskStatus", attrs("x"))
				Type("Task", func() { Attribute("status", func() { Enum("a") }) })
				method(func() {})()
			},
			`the inline type of this Attribute would have the Go name TaskStatus, as type "TaskStatus" at HERE`,
		},
		{
			"two arrays of functions",
			payload(func() { Attribute("a", ArrayOf(String, func() {}, func() {})) }),
			"ArrayOf takes one function, as its last argument",
		},
	})
}
