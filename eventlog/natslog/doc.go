// Package natslog owns the log in NATS JetStream: on a server that is embedded in
// the process and keeps files in a directory, or on a NATS server or cluster.
//
// It does not know who receives events (package hub), and is no way to use NATS for
// anything else. What a log promises is in package eventlog.
//
//	store, err := natslog.Open(ctx, natslog.WithDir("data"))
//	store, err := natslog.Open(ctx, natslog.WithURL("nats://a,nats://b,nats://c"), natslog.WithReplicas(3))
//
// # Terminology
//
// Topic, log, entry, record, offset, epoch and position are those of package
// [eventlog]. A stream is one of JetStream; it keeps one log. The live copy of a
// record is what the server publishes to those who follow once it has stored the
// record.
//
// # On crash
//
// Append returns when the server has acknowledged the entries. What that means:
//
//   - embedded, by default: they were given to the operating system. They outlive the end
//     of the process in whatever way, SIGKILL included. A loss of power, or a crash of the
//     operating system, loses at most what was appended in about the last
//     [WithSyncInterval], 10 s.
//   - embedded, [WithSyncAlways]: they are on the disk. They outlive a loss of power
//     too, as far as the disk keeps its word.
//   - a cluster with [WithReplicas] of 3 or 5: they are with a majority of the servers, and
//     outlive the loss of a minority. What each server does with its disk is in its own
//     configuration (sync_interval).
//
// An append that was not acknowledged may be there or not. An epoch is kept as
// long as the stream is: positions from before a restart are good after it. A stream that is
// deleted and made anew has another epoch. A back end that comes back with older
// data of the same stream, from a backup, is noticed by positions that are beyond
// its end.
//
// # When the disk is full
//
// The embedded server keeps as much as [WithMaxStore] says; beyond that an append is
// [eventlog.ErrFull] until something was trimmed. Where the disk has no room before,
// it is so, too, and a [WriteError], and stays so until the store is opened again: the server
// gives a stream up that it could not write to. Nothing that was acknowledged is lost,
// and reading goes on.
//
// # Limits
//
// MaxEvents keeps one record more, the witness for who is MaxEvents behind. Who
// was there before the first record of a topic names none that could be a witness, and is
// told of records that MaxEvents has trimmed since, and not of those that
// MaxAge, MaxBytes or [Log.Trim] has.
// JetStream has no limit of bytes per subject, so MaxBytes is kept by those who
// append: a process trims a topic to the limit when it has an eighth more; with
// several processes that append to one topic there may be an eighth for each.
// MaxAge is at least 100 ms. Keys are remembered for [WithKeyWindow], but no longer than
// MaxAge, and over a restart as long as their records are there.
//
// # On a cluster
//
// Servers are of version 2.11 or later. While they choose another leader, Append waits and
// tries again, for half a minute at most; what was there already is known again.
//
// Several entries of one append are an atomic batch of NATS, up to 256 or 1 MiB, which
// comes with servers of version 2.12. On earlier ones they are appended one by one, and so are fewer than 16 on a
// stream without replicas, where a batch takes a few milliseconds.
//
// # In a stream
//
// Each log is a stream of its own, "courant_rooms_5d41402abc4b2a76" for "rooms",
// with subjects of the form
//
//	courant.log.<stream>.<epoch>.<topic>    what is stored
//	courant.live.<stream>.<epoch>.<topic>   the live copies
//	courant.log.<stream>.<epoch>.trimmed.<topic>.<offset>
//	                                        what [Log.Trim] has removed, for a while
//
// in which a topic is one token: white space, '.', '*', '>' and '%' are written as
// %2E. The data of a message is that of the event; Courant-Type and Courant-Retry
// are its headers, where there is a type or a retry. The offset is the sequence of
// the message in the stream.
//
// Follow has no consumer in JetStream, which would cost the server 70 KB each, but
// a subscription to the live copies, each of which names the record before it.
// Where it is not the one that arrived last, the stream is read. As a live copy may get
// lost in a cluster, an audit looks every second whether the topics that are
// followed have newer records ([WithAuditInterval]).
//
// The copies cost about a quarter of an append. On the embedded server a log has them
// once one of its topics is followed.
//
// A topic costs nothing but its records, and about 11 KiB in each process that
// follows it.
package natslog
