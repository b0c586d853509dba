// Package eventlog owns the contract of a log: the ordered, resumable record of
// events under topics. It also owns event IDs, which name a position in a log to
// clients.
//
// It does not keep events: packages memlog, natslog and redislog do, and package
// logtest proves that they keep the contract. It knows nothing of HTTP and of
// who receives events (package hub).
//
// # Terminology
//
//   - A topic is a name that events are published under, such as "rooms/42". It
//     comes into being with its first event, and costs nothing before.
//   - A [Log] holds the topics of one kind, which share their [Limits]: all rooms,
//     say. A [Store] opens logs by name.
//   - An entry is an event on its way into a log; a record is one that is there.
//   - An offset numbers the records of a topic. Offsets rise from one record to
//     the next; how far, is the log's business.
//   - An epoch is the identity of a log. One that has lost its records has another
//     epoch when it begins again, so that an old position is noticed, and never
//     taken for a place in the new log.
//   - A position is an epoch and an offset: behind that record, before the next
//     one. The zero Position is before the oldest record.
//   - Records are trimmed, oldest first, by limits or by [Log.Trim]. To ask for the
//     records after a position whose own record is no longer there is a
//     [TruncatedError].
package eventlog
