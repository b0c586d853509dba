// Package redislog owns the log on Redis Streams: an [eventlog.Store] whose
// records are in Redis, on one server, behind Sentinel, or in a cluster.
//
// It does not start Redis and does not set it up, though that decides what
// survives (see Durability).
//
// # How it is kept
//
// A topic is a stream and a small hash, of about 300 bytes; a log is a hash.
// Their names begin with a prefix, "courant" by default:
//
//	courant:{rooms}               the log: epoch and limits
//	courant:{rooms:42}            the records of the topic "42"
//	courant:{rooms:42}:meta       what is known of them
//	courant:{rooms:42}:key:…      the key of an entry, for five minutes
//
// Each call is one script, which Redis runs as a whole, so all entries of an
// append stand next to each other, or none is there. It takes one round trip; the first of a
// topic takes three. An offset is the time of the append in microseconds, shifted by 12
// bits that begin at random: what was lost and what comes afterwards have different offsets, even where the
// clock of another server is behind.
//
// Limits are exact. A topic with MaxAge vanishes when nobody appended for that
// long; what is known of it stays as long again while nobody reads, so that
// clients that have all of it resume without a gap.
//
// All topics that a store follows share one connection, on which Redis
// publishes each append. Followers check that each record comes right after
// the last one, and read the log where it does not, when the connection is
// made anew, and when one of the checks, each second, says that the topic ends elsewhere. One who
// is slow reads the log, too: at most 256 records or 1 MiB wait for him.
//
// # Durability
//
// An append returns when the server has it. What that means is Redis's appendfsync:
//
//	always     survives the end of the process and of the machine
//	no         survives the end of the process; a power cut loses what the
//	           kernel had not written, about 30 seconds at most
//	everysec   a power cut loses one to two seconds. So may the end of the
//	           process: while the disk is behind, Redis holds back up to two
//	           seconds of appends
//
// Without an append-only file what came after the last snapshot is lost.
//
// A replica has what it has received when it takes over, which is less than was
// appended unless [WithWait] waits for it.
//
// # What is lost is noticed
//
// A log has another epoch after FLUSHALL, after its key was evicted, when a server without
// append-only file started again, and when a replica took over: then there is
// no telling what is missing, so whoever resumes is told of a gap
// ([WithTrustedFailover] says otherwise). A server that starts again with its
// append-only file keeps the epoch, and positions stay valid. A position whose records
// are gone, because the topic was evicted or a power cut lost the last
// ones, is an [eventlog.TruncatedError] in any case.
//
// Not noticed is: what a power cut took behind the position where a client is, and a replica
// that is started anew as the server, in place of being promoted, which looks
// like the same server started again.
//
// # When it is full
//
// Where Redis has no memory left, or no disk for its files, an append is [eventlog.ErrFull] at
// once, and nothing of it is there; what is there can be read. With appendfsync
// always, Redis ends itself when the disk is full.
//
// Logs are no cache. Set maxmemory-policy to noeviction, and
// min-replicas-to-write where there are replicas, so that a server that is cut
// off from them does not take appends that will be lost.
package redislog
