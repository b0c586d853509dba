// Package vanish tests that a server notices clients which are gone without a
// word, as when a machine loses its power: a thousand of them, in network
// namespaces of the test's own.
//
// It holds nothing but the test, which takes most of a minute: the timeouts are
// those that users get. As a package of its own it runs beside the others.
package vanish
