package design

import . "github.com/courant-dev/courant/dsl"

// Notice is what is put up on a board.
var Notice = Type("Notice", func() {
	Attribute("id", String, "Where it stands on its board: the event ID")
	Attribute("text", String)
	Required("text")
})

// Place says which board.
var Place = Type("Place", func() {
	Attribute("board", String)
	Required("board")
})

var _ = Service("board", func() {
	Description("Boards of notices, one method for each policy of gaps")
	Method("watch", func() { watched("watch", GapContinue) })
	Method("strict", func() { watched("strict", GapFail) })
	Method("afresh", func() { watched("afresh", GapRestart) })
})

// watched has a method stream a board, which keeps few notices.
func watched(name string, policy GapPolicy) {
	Payload(Place)
	StreamingResult(Notice)
	Topic(name+"/{board}", func() {
		MaxEvents(4)
		OnGap(policy)
	})
	HTTP(func() {
		GET("/" + name + "/{board}")
		ServerSentEvents(func() { SSEEventID("id") })
	})
}
