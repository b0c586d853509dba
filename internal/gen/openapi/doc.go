// Package openapi generates openapi.json, the OpenAPI 3.2.0 document of a
// design.
//
// It does not say how a design behaves: that is in the model, and the run time
// does it. The document describes the same, for readers and for tools that
// know nothing of courant.
//
// # Streams
//
// A method that streams answers with the content text/event-stream, whose
// itemSchema describes one event after it was parsed: an object with data,
// event, id and retry. Data that is JSON is a string with a contentSchema.
// Control events are further alternatives of it, and so is the sentinel of
// SSEDone. An example holds the bytes on the wire.
//
// # Order and names
//
// The document is the same bytes each time. Paths, parameters and properties
// stand in the order of the design. A component is named after its type; a
// type that was lifted out of a method has the service in front, so that a new
// service never renames the components of another.
package openapi
