package eval_test

import (
	"testing"

	. "github.com/courant-dev/courant/dsl"
)

// TestRuleFaults holds faults of rules and constants: one design, one message.
func TestRuleFaults(t *testing.T) {
	checkFaults(t, []faultCase{
		{
			"unknown format",
			attribute(String, func() { Format("emial") }),
			`unknown format "emial"; did you mean "email"?`,
		},
		{
			"Format of an Int",
			attribute(Int, func() { Format(FormatEmail) }),
			"Format needs a String, not Int",
		},
		{
			"bad pattern",
			attribute(String, func() { Pattern("a(") }),
			"bad pattern: error parsing regexp: missing closing ): `a(`",
		},
		{
			"Pattern of an array",
			attribute(ArrayOf(String), func() { Pattern("a") }),
			"Pattern needs a String, not ArrayOf(String)",
		},
		{
			"Minimum of a String",
			attribute(String, func() { Minimum(1) }),
			"Minimum needs a number, not String",
		},
		{
			"Minimum that is no number",
			attribute(Int, func() { Minimum("many") }),
			`Minimum of a value that is an Int: want a number, have the string "many"`,
		},
		{
			"Minimum of a fraction",
			attribute(Int, func() { Minimum(1.5) }),
			"Minimum of a value that is an Int: 1.5 is no Int",
		},
		{
			"Minimum below zero of a UInt",
			attribute(UInt, func() { Minimum(-1) }),
			"Minimum of a value that is a UInt: -1 is no UInt",
		},
		{
			"Maximum too great",
			attribute(Int32, func() { Maximum(1 << 40) }),
			"Maximum of a value that is an Int32: 1099511627776 is no Int32",
		},
		{
			"Minimum above Maximum",
			attribute(Int, func() { Minimum(2); Maximum(1) }),
			"the minimum 2 is above the maximum 1",
		},
		{
			"MinLength of an Int",
			attribute(Int, func() { MinLength(1) }),
			"MinLength needs a String, Bytes, an array or a map, not Int",
		},
		{
			"MinLength below zero",
			attribute(String, func() { MinLength(-1) }),
			"MinLength -1 is negative",
		},
		{
			"MinLength above MaxLength",
			attribute(String, func() { MinLength(2); MaxLength(1) }),
			"the minimum length 2 is above the maximum length 1",
		},
		{
			"Minimum twice",
			attribute(Int, func() { Minimum(2); Minimum(1) }),
			"Minimum stands twice here; the first is at HERE",
		},
		{
			"rule on an object",
			func() { Type("T", func() { Attribute("a"); MinLength(1) }); method(func() {})() },
			"MinLength needs a String, Bytes, an array or a map, not an object",
		},
		{
			"Enum of nothing",
			attribute(String, func() { Enum() }),
			"Enum needs at least one value",
		},
		{
			"Enum of another type",
			attribute(String, func() { Enum("a", 1) }),
			"a value of an Enum of String: want a String, have the number 1",
		},
		{
			"Enum value twice",
			attribute(String, func() { Enum("a", "a") }),
			`the value "a" stands twice in the Enum`,
		},
		{
			"Enum of an array",
			attribute(ArrayOf(String), func() { Enum("a") }),
			"Enum needs a String, a number or a Boolean, not ArrayOf(String)",
		},
		{
			"Default of another type",
			attribute(Int, func() { Default("a") }),
			`the default of "a": want an Int, have the string "a"`,
		},
		{
			"Default not in the Enum",
			attribute(String, func() { Enum("a", "b"); Default("c") }),
			`the default of "a": "c" is not in the Enum`,
		},
		{
			"Default below the minimum",
			attribute(Int, func() { Minimum(1); Default(0) }),
			`the default of "a": 0 is below the minimum 1`,
		},
		{
			"Default of a bad Duration",
			attribute(Duration, func() { Default("long") }),
			`the default of "a": want a time.Duration or a text such as "1m30s", have the string "long"`,
		},
		{
			"Default of a bad Timestamp",
			attribute(Timestamp, func() { Default("today") }),
			`the default of "a": want a time.Time or an RFC 3339 text such as "2006-01-02T15:04:05Z", have the string "today"`,
		},
		{
			"Default of an array",
			attribute(ArrayOf(Int), func() { Default([]any{1, "a"}) }),
			`the default of "a": element 1: want an Int, have the string "a"`,
		},
		{
			"Default with an unknown attribute",
			func() { Type("T", attrs("title")); attribute("T", func() { Default(Val{"titel": "x"}) })() },
			`the default of "a": unknown attribute "titel"; did you mean "title"?`,
		},
		{
			"Default in a Type",
			func() { Type("T", String, func() { Default("a") }); method(func() {})() },
			"Default may not stand in Type; it may stand in Attribute",
		},
		{
			"Example of another type",
			attribute(Int, func() { Example("a") }),
			`the example: want an Int, have the string "a"`,
		},
		{
			"Example against the pattern",
			attribute(String, func() { Pattern("^a$"); Example("b") }),
			`the example: "b" does not match the pattern ^a$`,
		},
		{
			"Example against the format",
			attribute(String, func() { Format(FormatUUID); Example("b") }),
			`the example: "b" has not the format uuid`,
		},
		{
			"Example too long",
			attribute(ArrayOf(Int), func() { MaxLength(1); Example([]int{1, 2}) }),
			"the example: its length 2 is above the maximum 1",
		},
		{
			"Example against a rule of its type",
			func() { Type("T", String, func() { MaxLength(1) }); attribute("T", func() { Example("ab") })() },
			"the example: its length 2 is above the maximum 1",
		},
		{
			"Example lacks a required attribute",
			func() { Type("T", func() { Attribute("x"); Required("x"); Example(Val{}) }); method(func() {})() },
			`the example: the required attribute "x" is missing`,
		},
		{
			"Example without Value",
			attribute(String, func() { Example("s", func() { Description("d") }) }),
			"the function of Example needs a Value",
		},
		{
			"Example without arguments",
			attribute(String, func() { Example() }),
			"Example takes a summary and a value, not 0 arguments",
		},
		{
			"Example with a summary that is none",
			attribute(String, func() { Example(1, "a") }),
			"Example wants a summary before the value, not the number 1",
		},
	})
}
