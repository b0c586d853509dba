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
// # Terminology
//
//   - Publish gives an event to the log of a topic.
//   - A subscription is one stream's place in a topic.
//   - Replay is events from the log before the live ones.
//   - A gap is events that a client has missed and that are no longer there. The
//     client is told, in the event stream-gap.
package hub
