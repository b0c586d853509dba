package natslog

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// tail is the live subject of one topic that is followed. Its fields belong to
// follows.
type tail struct {
	inc       *incarnation
	token     string
	sub       *nats.Subscription
	followers []*follower
	index     int // its place among all

	seen uint64 // the sequence of the stream up to which an audit looked

	tailState
}

// tailState is what is known of a topic.
type tailState struct {
	live    uint64    // the last sequence that arrived
	gone    bool      // the stream was deleted
	known   uint64    // the newest record that an audit found, and that had not arrived
	trimmed uint64    // up to where a Trim has removed records
	checked time.Time // when all that was stored had arrived, was known or was trimmed
}

// poke has all who follow look at what is known. The caller holds the mutex of follows.
func (t *tail) poke() {
	for _, f := range t.followers {
		f.poke()
	}
}

// follows are the topics of a log that are followed in this process. One
// goroutine gives what arrives to the followers, and one audits.
type follows struct {
	log *Log
	// arrived has what was published once it was stored, of all topics.
	arrived chan *nats.Msg
	kick    chan struct{} // has an audit begin now; has room for one

	mu      sync.Mutex
	running bool
	closed  bool
	tails   map[string]*tail // by live subject
	order   []*tail
	at      int  // where the next audit begins
	suspect bool // anything may have been lost
}

// arrivals are the messages that may wait to be given to followers, which takes
// no time: the queues of followers take over what they do not want yet.
const arrivals = 1 << 14

func (fs *follows) init(l *Log) {
	fs.log, fs.tails = l, map[string]*tail{}
	fs.arrived, fs.kick = make(chan *nats.Msg, arrivals), make(chan struct{}, 1)
}

// attach makes a follower of a topic. When it returns, the server knows that
// records are wanted.
func (fs *follows) attach(ctx context.Context, inc *incarnation, token string) (*follower, error) {
	if err := fs.log.publishCopies(ctx); err != nil {
		return nil, err
	}
	f := &follower{wake: make(chan struct{}, 1)}
	fs.mu.Lock()
	if fs.closed {
		fs.mu.Unlock()
		return nil, nats.ErrConnectionClosed
	}
	if !fs.running {
		fs.running = true
		fs.log.store.tasks.Go(fs.distribute)
		fs.log.store.tasks.Go(fs.audit)
	}
	subject := inc.live + token
	t := fs.tails[subject]
	made := t == nil
	if made {
		sub, err := fs.log.store.conn.ChanSubscribe(subject, fs.arrived)
		if err != nil {
			fs.mu.Unlock()
			return nil, err
		}
		t = &tail{inc: inc, token: token, sub: sub, index: len(fs.order)}
		fs.tails[subject] = t
		fs.order = append(fs.order, t)
	}
	f.tail = t
	t.followers = append(t.followers, f)
	fs.mu.Unlock()
	// Whoever joins waits for it: another may have subscribed just now.
	if err := fs.log.store.conn.FlushTimeout(ackWait); err != nil {
		fs.detach(f)
		return nil, err
	}
	if made && fs.log.store.server == nil {
		// The other servers of a cluster learn of the subscription a little later.
		time.AfterFunc(100*time.Millisecond, fs.now)
	}
	return f, nil
}

func (fs *follows) detach(f *follower) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	t := f.tail
	t.followers = slices.DeleteFunc(t.followers, func(g *follower) bool { return g == f })
	if len(t.followers) == 0 {
		fs.remove(t)
	}
}

// remove ends a tail. The caller holds mu.
func (fs *follows) remove(t *tail) {
	if fs.tails[t.inc.live+t.token] != t {
		return
	}
	delete(fs.tails, t.inc.live+t.token)
	last := fs.order[len(fs.order)-1]
	fs.order[t.index], last.index = last, t.index
	fs.order = slices.Delete(fs.order, len(fs.order)-1, len(fs.order))
	_ = t.sub.Unsubscribe() // fails only if the connection is closed
}

func (fs *follows) state(t *tail) tailState {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return t.tailState
}

// checked notes that all that was stored at a time has been read.
func (fs *follows) checked(t *tail, at time.Time) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if at.After(t.checked) {
		t.checked = at
	}
}

// trimmed notes what a Trim has removed, and returns the tail whose followers may
// want to know; nil if there are none.
func (fs *follows) trimmed(subject string, through uint64) *tail {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	t := fs.tails[subject]
	if t == nil || through <= t.trimmed {
		return nil
	}
	t.trimmed = through
	return t
}

// now begins an audit.
func (fs *follows) now() {
	select {
	case fs.kick <- struct{}{}:
	default:
	}
}

// distribute gives to followers what arrives.
func (fs *follows) distribute() {
	for {
		select {
		case m := <-fs.arrived:
			if m != nil {
				fs.give(m)
			}
		case <-fs.log.store.done.Done():
			return
		}
	}
}

func (fs *follows) give(m *nats.Msg) {
	s, ok := decode(m)
	if !ok {
		return // not the server's; an audit finds what is missing
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	t := fs.tails[m.Subject]
	if t == nil || !strings.HasSuffix(s.subject, t.token) {
		return
	}
	t.live = max(t.live, s.seq)
	for _, f := range t.followers {
		f.offer(s)
	}
}

// lose has every follower read the stream again.
func (fs *follows) lose() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, t := range fs.order {
		for _, f := range t.followers {
			f.mu.Lock()
			f.lost, f.queue, f.bytes = true, nil, 0
			f.mu.Unlock()
			f.poke()
		}
	}
}

func (fs *follows) close() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.closed = true
	for len(fs.order) > 0 {
		fs.remove(fs.order[0])
	}
}

// suspect has an audit look at all topics, as the connection or the leader of
// the stream is another one.
func (l *Log) suspect() {
	l.follows.mu.Lock()
	l.follows.suspect = true
	l.follows.mu.Unlock()
	l.follows.now()
}

func (l *Log) close() { l.follows.close() }
