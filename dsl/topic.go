package dsl

import (
	"github.com/courant-dev/courant/eval"
	"github.com/courant-dev/courant/model"
)

// Topic has the events of a [Method] come from a log: they are published under
// a name, whoever watches gets them, and a client that was cut off resumes
// where it was. It stands in a method with a [StreamingResult] that travels as
// [ServerSentEvents].
//
// Inside: [MaxEvents], [MaxAge] and [OnGap].
//
//	Method("watch", func() {
//		Payload(func() {
//			Attribute("room")
//			Required("room")
//		})
//		StreamingResult(Event)
//		Topic("rooms/{room}", func() {
//			MaxEvents(1000)
//			MaxAge("24h")
//			OnGap(GapRestart)
//		})
//		HTTP(func() {
//			GET("/rooms/{room}/events")
//			ServerSentEvents()
//		})
//	})
//
// The pattern makes the name: segments with a slash in between, none at its
// ends. A segment in braces is an attribute of the payload: a String, an
// integer or a Boolean, required or with a default. Values are escaped, so that
// none makes the topic of others: the room "a/b" is rooms/a%2Fb. A pattern has
// at most 128 bytes and belongs to one method. Logs have the pattern as their
// name: with another one, or other attributes in it, a method begins with an
// empty log.
//
// The package gen/rooms/topics, for a service "rooms", has a type for the topic
// that publishes and serves, so that the method is a line, after it has decided
// who may watch:
//
//	func (s *Service) Watch(ctx context.Context, p *rooms.WatchPayload, stream rooms.WatchServerStream) error {
//		return s.watch.Serve(ctx, p, stream)
//	}
//
// A client that was cut sends its last event ID without an [SSERequestID]. With
// one, a Go client can also begin after an ID that it has kept over a restart of its
// own: in the payload. The attribute of an [SSEEventID] is filled by the log: who
// publishes leaves it empty. It is absent from the data.
//
// Clients that ask for what is gone are told in the control event stream-gap;
// see [OnGap].
//
//go:noinline
func Topic(pattern string, fn ...func()) { eval.Record("Topic", with(fn, pattern)...) }

// MaxEvents is how far a client may be behind: so many of the newest events of
// each name a [Topic] keeps, and maybe some more. The default is 10,000. It
// stands in [Topic].
//
//	MaxEvents(1000)
//
//go:noinline
func MaxEvents(n int) { eval.Record("MaxEvents", n) }

// MaxAge is how long a [Topic] keeps an event: a [time.Duration] of a second or
// more, or its text, of which hours are the largest unit. Without it, age is no
// limit. It stands in [Topic].
//
//	MaxAge("24h")
//
//go:noinline
func MaxAge(age any) { eval.Record("MaxAge", age) }

// GapPolicy is what [OnGap] takes.
type GapPolicy = model.GapPolicy

// The policies of [OnGap].
const (
	// GapContinue tells the client and goes on: with the oldest event there is,
	// or with the next one where the log has never had what the client names.
	GapContinue = model.GapContinue
	// GapFail ends the stream with an error: status 410 and the name gap.
	GapFail = model.GapFail
	// GapRestart tells the client and begins with the oldest event there is.
	GapRestart = model.GapRestart
)

// OnGap says what a client gets that asks to resume after an event whose
// followers a [Topic] has no longer: [GapContinue], which is the default,
// [GapFail] or [GapRestart]. It stands in [Topic].
//
//	OnGap(GapFail)
//
// A client is told by the control event stream-gap, which
// SSEControlEvents(false) switches off: GapFail is then the only one that says
// something.
//
//go:noinline
func OnGap(policy GapPolicy) { eval.Record("OnGap", policy) }
