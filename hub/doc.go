// Package hub owns fan-out: it publishes events to the log of a topic, and sends
// what is in the log to everyone who watches the topic, first what they have
// missed and then what comes, with no hole and no double in between.
//
// It does not keep events (package eventlog does), does not decide who may
// receive them (the method does, on each connection), and knows the bytes of an
// event only as frames that are ready to be written.
//
// # How it works
//
// For each topic that somebody watches, a feed follows the log and keeps the
// frames of the newest events, rendered once, in a window of shared memory. A
// subscription is a place in the window: it has no queue, and one that is behind
// writes many frames at once. What is not in the window is read from the log:
// by a client that resumes, and by one that was so slow that the window has
// passed it, unless [WithSlowPolicy] says otherwise. A topic that nobody watches
// costs nothing.
//
// With [courant.WithTakeover] few goroutines write to all connections.
//
// # Gaps
//
// A client comes back with its last event ID. Where the log cannot go on after that,
// or loses what a connected client has not received yet, the reason is one of
//
//	epoch    The ID is of another log: a log in memory whose process started
//	         again, a stream of JetStream that was deleted, a Redis that was
//	         flushed, or whose replica took over.
//	trimmed  The log no longer has the event, because of MaxEvents, MaxAge or
//	         Log.Trim.
//	unknown  The log never had the event, or cannot tell: the ID is beyond its
//	         end, as after a back end came back with older data, is of another
//	         topic or of another version, or is no ID at all.
//
// and the design's OnGap says what the client gets:
//
//	GapContinue  The event stream-gap with the reason, then the oldest event
//	             there is and all after it; where the reason is unknown, those
//	             to come.
//	GapRestart   The same, but from the oldest event whatever the reason.
//	GapFail      An error: 410 and the name "gap". Where the client connects it
//	             is the answer, at which an EventSource stops. Where it is
//	             connected it is the event stream-error, after which an
//	             EventSource comes once more and gets that answer.
//
// A client of [courant] has the event stream-gap as a [*courant.GapError] of Recv,
// and goes on. What is published after a client was told reaches it, so it may then
// fetch what it has missed elsewhere. With [WithSnapshot] it gets the state after
// stream-gap.
//
// # Terminology
//
//   - Publish gives an event to the log of a topic.
//   - A subscription is one stream's place in a topic.
//   - Replay is events from the log before the live ones.
//   - A gap is events that a client has missed and that are no longer there. The
//     client is told, in the event stream-gap.
package hub
