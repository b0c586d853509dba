// Package memlog owns the log that is kept in memory: a window of each topic by
// count, age and bytes, for one process.
//
// It does not outlive the process, and nothing in it is shared with another one;
// packages natslog and redislog are for that. What a log promises is in package
// eventlog.
//
// # On crash
//
// Nothing survives. Each [Store] draws a new random [eventlog.Epoch] for each of its logs,
// so that an event ID from before a restart is noticed: who resumes with one is
// told of a gap, by [eventlog.OtherEpoch], and never gets other events in the place of those
// that are gone.
//
// # Terminology
//
// Topic, log, entry, record, offset, epoch and position are those of package
// [eventlog]. The window of a topic are the records that its
// [eventlog.Limits] leave. A topic is forgotten when it has no records, no reader waits for it, and its
// last record is longer ago than twice the MaxAge and the time that keys are
// remembered.
//
// # Windows
//
// Exactly MaxEvents records are kept, and the log knows where they begin: a
// position is truncated if and only if a record after it was trimmed. It knows that no
// longer once a topic is forgotten; a position in it from before is then truncated,
// unless the log can still tell.
//
// Keys are remembered for two minutes, see [WithKeyMemory], after their records are
// trimmed too.
package memlog
