package hub

import (
	"context"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"github.com/courant-dev/courant/eventlog"
)

// Hub fans out the events of topics to streams. It is safe for concurrent use.
type Hub struct {
	store  eventlog.Store
	config config

	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup
	shards  []*shard

	mu     sync.Mutex
	feeds  map[feedKey]*feed
	poller *poller // nil until a connection is taken over
	turn   int     // of the shards
	closed bool
}

type feedKey struct {
	log   string
	topic string
}

type config struct {
	logger *slog.Logger
	window int
	linger time.Duration
	slow   SlowPolicy
}

// Option sets up a [Hub]: [WithLogger], [WithWindow], [WithLinger],
// [WithSlowPolicy].
type Option func(*config)

// WithLogger logs to logger what goes wrong with a log, and what is done about
// it. The default is [slog.Default].
func WithLogger(logger *slog.Logger) Option { return func(c *config) { c.logger = logger } }

// WithWindow sets how many bytes of frames are kept in memory for each topic that
// is watched, from which clients catch up without the log. The default is 1 MiB;
// a topic on which little happens takes little.
func WithWindow(bytes int) Option { return func(c *config) { c.window = max(bytes, 0) } }

// WithLinger sets how long a topic is still followed when nobody watches it any
// more, so that a client that comes back finds its window. The default is 10 s.
func WithLinger(d time.Duration) Option { return func(c *config) { c.linger = d } }

// SlowPolicy says what becomes of a client that takes events so slowly that the
// window no longer has the next one.
type SlowPolicy int

const (
	// SlowReplay goes on from the log, at the client's pace. It is the default.
	SlowReplay SlowPolicy = iota
	// SlowDrain ends the stream as a drain does: the client comes again after the
	// DrainRetry of its [courant.Streams], and resumes from the log. Where many are
	// slow, they and the log have a rest.
	SlowDrain
)

// WithSlowPolicy sets what becomes of slow clients. Those that have not caught up
// since they came are not slow.
func WithSlowPolicy(p SlowPolicy) Option { return func(c *config) { c.slow = p } }

// New returns a hub of the logs in store, which it does not close.
func New(store eventlog.Store, opts ...Option) *Hub {
	h := &Hub{store: store, feeds: map[feedKey]*feed{}}
	h.config = config{logger: slog.Default(), window: 1 << 20, linger: 10 * time.Second}
	for _, opt := range opts {
		opt(&h.config)
	}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	for i := range runtime.GOMAXPROCS(0) {
		h.shards = append(h.shards, &shard{hub: h, index: i, wake: make(chan struct{}, 1), beats: beatsOf(0)})
	}
	return h
}

// Close ends all streams of the hub, which their clients see as a cut, and waits
// until nothing runs any more. To have clients connect elsewhere, drain the
// streams before; see [courant.Streams.Drain]. It returns nil, and may be called
// more than once.
func (h *Hub) Close() error {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.cancel()
	for _, s := range h.shards {
		s.close()
	}
	h.running.Wait()
	return nil
}

// watch returns the feed of a topic of the log of that name, with one
// subscription more.
func (h *Hub) watch(name string, log eventlog.Log, topic string, filtered bool) (*feed, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, eventlog.ErrClosed
	}
	key := feedKey{name, topic}
	f := h.feeds[key]
	if f == nil {
		f = newFeed(h, key, log)
		h.feeds[key] = f
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.watched++
	if filtered {
		f.filters++
	}
	return f, nil
}

// enlist gives a connection that was taken over to a shard, and reports whether
// the hub is open.
func (h *Hub) enlist(c *conn) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	c.shard = h.shards[h.turn%len(h.shards)]
	h.turn++
	c.shard.add(c)
	if !h.closed && !c.shard.started {
		c.shard.started = true
		h.running.Go(c.shard.run)
	}
	return !h.closed
}

// leave takes a subscription away from a feed. When it was the last one, the feed
// goes too, after a while.
func (h *Hub) leave(f *feed, filtered bool) {
	f.mu.Lock()
	f.watched--
	if filtered {
		f.filters--
	}
	f.left++
	last, left := f.watched == 0, f.left
	f.mu.Unlock()
	if last {
		time.AfterFunc(h.config.linger, func() { h.drop(f, left) })
	}
}

// drop ends a feed that nobody has watched since so many have left it.
func (h *Hub) drop(f *feed, left int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f.mu.Lock()
	idle := f.watched == 0 && f.left == left
	f.mu.Unlock()
	if idle && h.feeds[f.key] == f {
		delete(h.feeds, f.key)
		f.cancel()
	}
}
