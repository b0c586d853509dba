package design

import . "github.com/courant-dev/courant/dsl"

// The user types of the rows.
var (
	_ = Type("Flag", Boolean)
	_ = Type("Amount", Int)
	_ = Type("Ratio", Float64)
	_ = Type("Email", String, func() { Format(FormatEmail) })
	_ = Type("State", String, func() { Enum("open", "in-work", "in_work", "", "größer", "func") })
	_ = Type("Level", Int, func() { Enum(1, 2, 1<<40) })
	_ = Type("Blob", Bytes)
	_ = Type("Moment", Timestamp)
	_ = Type("Pause", Duration)
	_ = Type("Thing", Any)
	_ = Type("Tags", ArrayOf(String))
	_ = Type("Pauses", ArrayOf(Duration))
	_ = Type("Matrix", ArrayOf(ArrayOf(Int)))
	_ = Type("Scores", MapOf(String, Int))
	_ = Type("Board", MapOf("Email", ArrayOf("Point")))

	_ = Type("Point", func() {
		Attribute("x", Int)
		Attribute("y", Int)
		Required("x", "y")
	})
	_ = Type("Node", func() {
		Attribute("name")
		Attribute("next", "Node")
		Attribute("children", ArrayOf("Node"))
		Attribute("named", MapOf(String, "Node"))
		Required("name", "children")
	})
	_ = Type("Deep", func() {
		Attribute("state", "State")
		Attribute("pause", Duration)
		Attribute("pauses", MapOf(String, ArrayOf(Duration)))
		Attribute("inner", func() {
			Attribute("points", ArrayOf("Point"))
			Attribute("kind", func() { Enum("a", "b") })
			Attribute("limit", Int, func() { Default(20) })
			Required("points")
		})
		Attribute("any")
		Required("state", "inner")
	})
	_ = Type("Nothing", func() { Attribute("optional") })
)
