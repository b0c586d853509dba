package natslog

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/courant-dev/courant/eventlog"
)

// Log is an [eventlog.Log] in one stream of JetStream.
type Log struct {
	store  *Store
	name   string
	stream string // its name

	// current is the stream as it was last seen.
	current atomic.Pointer[incarnation]
	mu      sync.Mutex // held while the stream is made or changed
	limits  eventlog.Limits
	copies  bool // the stream publishes live copies

	follows follows
	sizes   sizes
}

// Log keeps the contract.
var _ eventlog.Log = (*Log)(nil)

// incarnation is one life of a stream. The epoch is part of its subjects, so what
// is asked of a stream that was deleted and made again is never answered by the
// new one.
type incarnation struct {
	epoch      eventlog.Epoch
	subject    string // what the subjects of topics begin with
	live       string // and those on which records are published once they are stored
	ack        string // what the acknowledgement of a message begins with
	replicated bool
	batches    bool          // the stream takes several messages as one
	keyWindow  time.Duration // in which a message is known again by its ID
	maxAge     time.Duration
	maxEvents  int
	maxBytes   int64
}

// The metadata of a stream.
const (
	epochKey = "courant_epoch" // eight hexadecimal digits
	nameKey  = "courant_log"
)

func newLog(s *Store, name string) *Log {
	l := &Log{store: s, name: name, stream: streamName(s.prefix, name), copies: s.server == nil}
	l.follows.init(l)
	return l
}

// open makes the stream, or has it obey the limits.
func (l *Log) open(ctx context.Context, limits eventlog.Limits) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.limits
	l.limits = limits
	if err := l.ensure(ctx, true); err != nil {
		l.limits = before
		return err
	}
	return nil
}

// refresh looks at the stream again, and makes it if it is gone.
func (l *Log) refresh(ctx context.Context) (*incarnation, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.ensure(ctx, false); err != nil {
		return nil, err
	}
	return l.current.Load(), nil
}

// ensure finds or makes the stream, and updates it if it should have our limits.
// The caller holds mu.
func (l *Log) ensure(ctx context.Context, update bool) error {
	ctx, cancel := context.WithTimeout(ctx, setupWait)
	defer cancel()
	failed := 0 // to make the stream
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		err := l.tryToEnsure(ctx, update)
		var api *jetstream.APIError
		if errors.As(err, &api) && api.ErrorCode == createFailed && failed < 3 {
			failed++ // a server that removes its last stream removes what it needs for the next one
		} else if err == nil || !transient(err) && (api == nil || api.ErrorCode != noPeers) {
			return err
		}
		select { // a cluster that has just started, or lost its leader, is ready soon
		case <-ctx.Done():
			return err
		case <-l.store.done.Done():
			return eventlog.ErrClosed
		case <-time.After(wait):
		}
	}
}

func (l *Log) tryToEnsure(ctx context.Context, update bool) error {
	// A cluster that has no leader does not answer at all.
	ctx, cancel := context.WithTimeout(ctx, tryFor)
	defer cancel()
	stream, err := l.store.js.Stream(ctx, l.stream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = l.store.js.CreateStream(ctx, l.config())
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // someone else was faster
			stream, err = l.store.js.Stream(ctx, l.stream)
		}
	}
	if err != nil {
		return err
	}
	have := stream.CachedInfo().Config
	if err := l.see(&have); err != nil {
		return err
	}
	if update {
		want := have
		l.limit(&want, l.current.Load().epoch)
		if !sameLimits(&want, &have) {
			if stream, err = l.store.js.UpdateStream(ctx, want); err != nil {
				return err
			}
			have = stream.CachedInfo().Config
		}
	}
	return l.see(&have)
}

// see takes the stream for the current one.
func (l *Log) see(c *jetstream.StreamConfig) error {
	epoch, err := strconv.ParseUint(c.Metadata[epochKey], 16, 32)
	if err != nil || epoch == 0 || c.Metadata[nameKey] != l.name {
		return fmt.Errorf("natslog: the stream %s is not that of the log %q", l.stream, l.name)
	}
	inc := &incarnation{
		epoch:      eventlog.Epoch(epoch),
		ack:        usualAck(l.stream),
		replicated: c.Replicas > 1,
		batches:    c.AllowAtomicPublish,
		keyWindow:  c.Duplicates,
		maxAge:     c.MaxAge,
		maxEvents:  max(0, int(c.MaxMsgsPerSubject)-1),
		maxBytes:   l.limits.MaxBytes,
	}
	inc.subject, inc.live = l.subjects(inc.epoch)
	if now := l.current.Load(); now == nil || *now != *inc {
		l.current.Store(inc)
	}
	return nil
}

func (l *Log) subjects(epoch eventlog.Epoch) (stored, live string) {
	rest := fmt.Sprintf("%s.%08x.", l.stream, uint32(epoch))
	return l.store.prefix + ".log." + rest, l.store.prefix + ".live." + rest
}

// config is how the stream is made.
func (l *Log) config() jetstream.StreamConfig {
	var random [4]byte
	_, _ = rand.Read(random[:]) // never fails
	epoch := eventlog.Epoch(max(1, binary.BigEndian.Uint32(random[:])))
	stored, _ := l.subjects(epoch)
	c := jetstream.StreamConfig{
		Name:         l.stream,
		Subjects:     []string{stored + ">"},
		Storage:      jetstream.FileStorage,
		Retention:    jetstream.LimitsPolicy,
		Discard:      jetstream.DiscardOld,
		Replicas:     l.store.replicas,
		MaxMsgs:      -1,
		MaxBytes:     -1,
		MaxConsumers: -1,
		AllowDirect:  true,
		Metadata:     map[string]string{epochKey: fmt.Sprintf("%08x", uint32(epoch)), nameKey: l.name},
	}
	l.limit(&c, epoch)
	return c
}

// publishCopies has the stream publish live copies from now on. They cost a
// fifth of an append. On a server of our own, those are the first followers who
// want any; on another, anyone may follow at any time.
func (l *Log) publishCopies(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.copies {
		return nil
	}
	l.copies = true
	if err := l.ensure(ctx, true); err != nil {
		l.copies = false
		return err
	}
	return nil
}

// limit sets what follows from the limits and options.
func (l *Log) limit(c *jetstream.StreamConfig, epoch eventlog.Epoch) {
	c.RePublish = nil
	if l.copies {
		stored, live := l.subjects(epoch)
		c.RePublish = &jetstream.RePublish{Source: stored + ">", Destination: live + ">"}
	}
	c.AllowAtomicPublish = l.store.server == nil
	c.MaxMsgsPerSubject = -1
	if l.limits.MaxEvents > 0 {
		// One more: it is the witness that nothing is missing for who is MaxEvents behind.
		c.MaxMsgsPerSubject = int64(l.limits.MaxEvents) + 1
	}
	c.MaxAge, c.Duplicates = 0, l.store.keyWindow
	if l.limits.MaxAge > 0 {
		c.MaxAge = max(l.limits.MaxAge, 100*time.Millisecond) // the server takes no less
		c.Duplicates = min(c.Duplicates, c.MaxAge)
	}
	c.Metadata = maps.Clone(c.Metadata)
}

func sameLimits(a, b *jetstream.StreamConfig) bool {
	return a.MaxMsgsPerSubject == b.MaxMsgsPerSubject && a.MaxAge == b.MaxAge && a.Duplicates == b.Duplicates &&
		(a.RePublish == nil) == (b.RePublish == nil) && a.AllowAtomicPublish == b.AllowAtomicPublish
}

// Bounds implements [eventlog.Log].
func (l *Log) Bounds(ctx context.Context, topic string) (eventlog.Bounds, error) {
	if err := eventlog.CheckTopic(topic); err != nil {
		return eventlog.Bounds{}, err
	}
	ctx, cancel := l.store.until(ctx)
	defer cancel()
	inc, err := l.refresh(ctx)
	if err != nil {
		return eventlog.Bounds{}, l.store.explain(ctx, err)
	}
	b, err := l.bounds(ctx, inc, inc.subject+token(topic))
	return b, l.store.explain(ctx, err)
}

func (l *Log) bounds(ctx context.Context, inc *incarnation, subject string) (eventlog.Bounds, error) {
	b := eventlog.Bounds{Epoch: inc.epoch}
	oldest, err := l.get(ctx, getRequest{NextFor: subject, Seq: 1})
	if err != nil || oldest == nil {
		return b, err
	}
	last, err := l.get(ctx, getRequest{LastFor: subject})
	if err != nil || last == nil {
		return b, err
	}
	b.Oldest, b.Last = oldest.seq, last.seq
	return b, nil
}
