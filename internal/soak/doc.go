// Package soak owns the engine of courant soak: clients that watch topics of a
// server over HTTP, publishers, faults in between, and the account of what became
// of each event.
//
// It knows a server by its URLs only: how events are kept and who sends them is
// none of its business, and neither is what is printed of the account. A server
// that it is given as a command it starts, kills, starts again and ends; other
// processes it leaves alone.
//
// # Terminology
//
//   - An event is published when its request was answered with a 2xx. It is
//     uncertain when the request was cut, or answered with a 5xx, and not sent
//     again: it may be there or not.
//   - A client's account begins when it is connected first. The events whose
//     request was sent later have to arrive, each once, in the order in which they
//     were published. Each topic has one publisher, so that this order is defined.
//   - An event that does not arrive is lost: with an announcement, if the client was
//     told of a gap where it is missing, and else silently.
package soak
