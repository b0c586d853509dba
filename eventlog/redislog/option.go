package redislog

import "time"

// Option is a choice that [New] takes.
type Option func(*Store)

// WithPrefix has the names of all keys and channels begin so. Stores with
// different prefixes have nothing in common. It must not have braces in it.
// The default is "courant".
func WithPrefix(prefix string) Option {
	return func(s *Store) { s.prefix = prefix }
}

// WithMaxEntry sets how many bytes the data and type of an entry may have
// before it is an [eventlog.TooLargeError]. The default is 8 MiB; Redis itself
// takes no more than 512 MiB.
func WithMaxEntry(bytes int64) Option {
	return func(s *Store) { s.maxEntry = bytes }
}

// WithKeyTime sets how long the key of an entry is remembered, two minutes at
// least. The default is five minutes. Redis uses about 150 bytes for a key.
func WithKeyTime(d time.Duration) Option {
	return func(s *Store) { s.keyTime = max(d, 2*time.Minute) }
}

// WithRetry sets how long an append that fails because Redis is away is tried
// again, if its context allows. It is not appended twice. The default is five
// seconds; 0 has it fail at once.
func WithRetry(d time.Duration) Option {
	return func(s *Store) { s.retry = d }
}

// WithWait has each append wait until so many replicas have it as well, and
// fail with a [*ReplicationError] when they do not within the timeout. The
// timeout must be shorter than the client's ReadTimeout. By default an append
// waits for no replica.
func WithWait(replicas int, timeout time.Duration) Option {
	return func(s *Store) { s.wait = &waiting{replicas, timeout} }
}

// WithTrustedFailover says that nothing is lost when a replica takes over, so
// that positions stay valid. That holds where every store waits for all replicas
// that may take over ([WithWait]) and all have an append-only file. By default
// a log has a new epoch then, and who resumes is told of a gap.
//
//	client := redis.NewFailoverClient(&redis.FailoverOptions{MasterName: "events", SentinelAddrs: sentinels})
//	store := redislog.New(client, redislog.WithWait(2, time.Second), redislog.WithTrustedFailover())
func WithTrustedFailover() Option {
	return func(s *Store) { s.trusted = true }
}

// WithCheck sets how often a topic that is followed is looked at in case Redis
// has not delivered what was published. The default is one second; with more
// than a thousand topics the rounds take longer, a second for each thousand. Less
// than 10 ms is taken for that.
func WithCheck(interval time.Duration) Option {
	return func(s *Store) { s.checkEach = max(interval, 10*time.Millisecond) }
}

// waiting is what an append waits for.
type waiting struct {
	replicas int
	timeout  time.Duration
}
