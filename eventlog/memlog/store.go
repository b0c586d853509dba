package memlog

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"hash/maphash"
	"sync"
	"time"

	"github.com/courant-dev/courant/eventlog"
)

// Store is an [eventlog.Store] in memory. It holds no goroutine. Its methods,
// and those of its logs, are safe for concurrent use.
type Store struct {
	maxEntry  int64
	keyMemory time.Duration

	mu     sync.Mutex
	logs   map[string]*log
	closed chan struct{}
}

var _ eventlog.Store = (*Store)(nil)

// Option configures a [Store]. The options are [WithMaxEntry] and
// [WithKeyMemory].
type Option func(*Store)

// WithMaxEntry sets how large the data and the type of one entry may be together, in
// bytes. The default is 16 MiB. An entry that is larger is an
// [eventlog.TooLargeError]. Less than 1 is no limit.
func WithMaxEntry(bytes int64) Option { return func(s *Store) { s.maxEntry = bytes } }

// leastKeyMemory is what the contract wants.
const leastKeyMemory = 2 * time.Minute

// WithKeyMemory sets how long the key of an entry is remembered, so that it is
// not appended again. The default is two minutes, and less is taken for it. A
// key takes about 100 bytes and its own length.
func WithKeyMemory(d time.Duration) Option {
	return func(s *Store) { s.keyMemory = max(d, leastKeyMemory) }
}

// New returns an empty store.
func New(options ...Option) *Store {
	s := &Store{maxEntry: 16 << 20, keyMemory: leastKeyMemory, logs: map[string]*log{}, closed: make(chan struct{})}
	for _, o := range options {
		o(s)
	}
	return s
}

// Open returns the log of that name. See [eventlog.Store]; the only errors are
// a [*eventlog.NameError], [eventlog.ErrClosed] and the context's.
func (s *Store) Open(ctx context.Context, name string, limits eventlog.Limits) (eventlog.Log, error) {
	if err := s.check(ctx); err != nil {
		return nil, err
	}
	if err := eventlog.CheckLogName(name); err != nil {
		return nil, err
	}
	s.mu.Lock()
	l := s.logs[name]
	if l == nil {
		l = &log{store: s, epoch: newEpoch(), seed: maphash.MakeSeed()}
		s.logs[name] = l
	}
	old := l.limits.Swap(&limits)
	s.mu.Unlock()
	if old != nil && *old != limits && l.sweep() {
		l.sweeper.arm(l)
	}
	return l, nil
}

// Close frees what the store holds. Everything that waits, and what is called
// afterwards, ends with [eventlog.ErrClosed]; Close itself never fails.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closed:
		return nil
	default:
	}
	close(s.closed)
	for _, l := range s.logs {
		l.close()
	}
	s.logs = nil
	return nil
}

// check returns why nothing can be done now.
func (s *Store) check(ctx context.Context) error {
	select {
	case <-s.closed:
		return eventlog.ErrClosed
	default:
		return ctx.Err()
	}
}

func newEpoch() eventlog.Epoch {
	var random [4]byte
	for {
		_, _ = rand.Read(random[:]) // never fails, says crypto/rand
		if epoch := binary.BigEndian.Uint32(random[:]); epoch != 0 {
			return eventlog.Epoch(epoch)
		}
	}
}
