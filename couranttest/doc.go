// Package couranttest owns what users of Courant test with, as
// [net/http/httptest] is for HTTP: streams, servers and clients that need no
// network, and faults on purpose.
//
// It does not assert: it returns values and errors, and any test framework
// compares them. It does not mock generated code; services and clients run as
// they are. What a stream looks like on the wire is a matter of package sse.
//
// # What to test with
//
//   - The method of a service, without HTTP: [Stream] in place of the stream that
//     it is given.
//   - A handler, to the byte, without a connection: [Recorder].
//   - A client and its server, over connections that are cut, refused and
//     counted: [Server], in memory or over TCP.
//   - A client against a server that misbehaves: [Script].
//   - That nothing is left behind: [CheckLeaks] and [RunAndCheckLeaks].
//
// # Time
//
// Everything but a server over TCP works in a bubble of [testing/synctest]:
// whoever waits is durably blocked, so a minute of silence takes no time. What
// is used in a bubble has to be made in it. Nothing here sleeps. What waits takes
// a context, and says in its error what it waited for.
package couranttest
