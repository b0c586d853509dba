// Package sse owns the bytes of text/event-stream: it encodes and decodes
// Server-Sent Events exactly as the WHATWG HTML standard, § 9.2, says.
//
// It knows nothing of HTTP, of connections, of reconnecting, and of what the
// data of an event means. It imports the standard library only.
//
// # Terminology
//
//   - A stream is a sequence of lines; LF, CR and CRLF end a line, each where it
//     likes.
//   - A field is one line: a name, a colon, at most one space that does not
//     count, and a value. The names are event, id, retry and data; a line with
//     another name means nothing.
//   - A comment is a line that begins with a colon.
//   - A block is a run of lines up to a blank one. A block that the stream does
//     not complete never was.
//   - An event is what a block with at least one data field dispatches. Other
//     blocks dispatch nothing, though their id and retry fields count.
//   - The last event ID is that of the last complete block that has an id field.
//     It stays in force until another one comes; a client resumes there.
//   - A frame is the bytes of one event, one comment, or one block without an
//     event, its blank line included. Frames may be joined freely.
//
// # On the wire
//
// [AppendEvent] writes the fields in the order event, id, retry, data:
//
//	event: progress
//	id: 42
//	retry: 3000
//	data: first line
//	data: second line
//
// and a [Decoder] makes the same event of it again:
//
//	Event{Type: "progress", ID: "42", HasID: true, Retry: 3 * time.Second, HasRetry: true,
//		Data: []byte("first line\nsecond line")}
//
// No event can forge another one, whatever it holds: line ends in the data begin
// a new data line, and elsewhere they are refused.
package sse
