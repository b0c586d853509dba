package redislog

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/courant-dev/courant/eventlog"
)

// Store keeps logs in Redis. It is made by [New] and safe for concurrent use.
type Store struct {
	client    redis.UniversalClient
	scripts   scripts
	prefix    string
	maxEntry  int64
	keyTime   time.Duration
	retry     time.Duration
	checkEach time.Duration
	wait      *waiting
	trusted   bool

	switchboard *switchboard
	ctx         context.Context // done when the store is closed
	cancel      context.CancelFunc
	running     sync.WaitGroup

	mu   sync.Mutex
	logs map[string]*log
}

var _ eventlog.Store = (*Store)(nil)

// New returns a store on a client, which may be of one server, of Sentinel, or
// of a cluster. The client stays the caller's: close it after the store. Its
// ReadTimeout bounds how long a call waits for a server that does not answer,
// and its ContextTimeoutEnabled has deadlines of contexts do so as well.
//
// New talks to nobody; Open is the first to do so.
func New(client redis.UniversalClient, options ...Option) *Store {
	s := &Store{
		client: client, scripts: newScripts(), prefix: "courant",
		maxEntry: 8 << 20, keyTime: 5 * time.Minute, retry: 5 * time.Second, checkEach: time.Second,
		logs: map[string]*log{},
	}
	for _, o := range options {
		o(s)
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.switchboard = newSwitchboard(s)
	return s
}

// Open returns the log of that name.
func (s *Store) Open(ctx context.Context, name string, limits eventlog.Limits) (eventlog.Log, error) {
	if err := eventlog.CheckLogName(name); err != nil {
		return nil, err
	}
	if err := s.err(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	l := s.logs[name]
	if l == nil {
		l = &log{store: s, name: name}
		s.logs[name] = l
	}
	s.mu.Unlock()
	if err := l.set(ctx, limits); err != nil {
		return nil, s.settle(ctx, err)
	}
	return l, nil
}

// Close ends what waits and lets go of the connection that listens. It leaves
// the client open, and what is in Redis alone.
func (s *Store) Close() error {
	s.cancel()
	s.switchboard.close()
	s.running.Wait()
	return nil
}

// err returns why a call cannot begin.
func (s *Store) err(ctx context.Context) error {
	if s.ctx.Err() != nil {
		return eventlog.ErrClosed
	}
	return ctx.Err()
}

// settle returns what a call returns that failed with err.
func (s *Store) settle(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if because := s.err(ctx); because != nil {
		return because
	}
	// The client's deadline is that of the context, and may be noticed first.
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		return context.DeadlineExceeded
	}
	if hasNoRoom(err) {
		return fmt.Errorf("redislog: %w: %w", eventlog.ErrFull, err)
	}
	return err
}

// pause waits before another try and reports whether there is to be one.
func (s *Store) pause(ctx context.Context, attempt int) bool {
	most := min(50*time.Millisecond<<min(attempt, 6), 2*time.Second)
	timer := time.NewTimer(most/2 + rand.N(most/2))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	case <-s.ctx.Done():
		return false
	}
}

// newEpoch returns one that no other log is likely to have.
func newEpoch() eventlog.Epoch {
	for {
		if e := rand.Uint32(); e != 0 {
			return eventlog.Epoch(e)
		}
	}
}

func flag(b bool) string {
	if b {
		return "1"
	}
	return "0"
}
