// Package design has two services that share types of every sort.
package design

import . "github.com/courant-dev/courant/dsl"

var (
	Status = Type("Status", String, func() { Enum("open", "in work", "done") })
	Labels = Type("Labels", ArrayOf("Label"))
	Label  = Type("Label", String, func() { Pattern("^[a-z]+$") })
)

// Task is made of other types, some of which have no name in the design.
var Task = Type("Task", func() {
	Attribute("status", Status)
	Attribute("priority", func() { Enum("low", "high") })
	Attribute("labels", Labels)
	Attribute("owner", func() {
		Attribute("name")
		Attribute("since", Timestamp)
		Required("name")
	})
	Attribute("parts", ArrayOf("Task"), func() { MaxLength(2) })
	Attribute("limit", Duration, func() { Default("1h") })
	Required("status")
})

var Quota = Type("Quota", func() {
	Description("A limit that was reached.")
	Attribute("limit", Int)
	Attribute("message")
	Required("limit", "message")
})

var Base = Type("Base", func() {
	Attribute("id", String, "Of the task", func() { Format(FormatUUID) })
	Attribute("page", Int, func() {
		Minimum(1)
		Default(1)
	})
	Required("id")
})

func init() {
	for _, name := range []string{"tasks", "archive"} {
		Service(name, func() {
			Error("quota", Quota)
			Error("locked")
			HTTP(func() {
				Path(name)
				Response("quota", StatusTooManyRequests)
			})
			Method("put", func() {
				Payload(Task)
				Result(Task)
				HTTP(func() { PUT("/") })
			})
			Method("list", func() {
				Payload(func() {
					Extend(Base)
					Reference(Task)
					Attribute("status")
					Attribute("labels")
				})
				Result(MapOf(Status, ArrayOf(Task)))
				HTTP(func() { GET("/{id}") })
			})
			Method("watch", func() {
				Payload(Base)
				StreamingResult(Task)
				HTTP(func() {
					GET("/{id}/watch")
					ServerSentEvents(func() { SSEEventType("status") })
				})
			})
		})
	}
}
