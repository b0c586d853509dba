package redislog

import (
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/courant-dev/courant/eventlog"
)

// switchboard hands what Redis publishes to those who follow. It has one
// connection for all topics of the store, from the first Follow on.
//
// Nothing it hands on has to be right: followers check that each record comes
// right after the last one, and read the log where it does not.
type switchboard struct {
	store *Store
	start sync.Once
	work  chan struct{} // has one when there are topics to listen to or to leave

	mu        sync.Mutex
	topics    map[string]*followed // by channel
	changed   map[string]struct{}  // channels that were joined first, or left last
	order     []string             // of channels, for the rounds of checks
	listening *redis.PubSub        // nil while there is none
}

// followed is a topic that somebody follows.
type followed struct {
	log       *log
	keys      keys
	followers map[*follower]struct{}
}

func newSwitchboard(s *Store) *switchboard {
	return &switchboard{
		store: s, work: make(chan struct{}, 1),
		topics: map[string]*followed{}, changed: map[string]struct{}{},
	}
}

// join has f get what is published of a topic until leave is called.
func (b *switchboard) join(l *log, topic string, f *follower) (leave func()) {
	b.start.Do(func() {
		b.store.running.Add(2)
		go b.listen()
		go b.operate()
	})
	k := l.keysOf(topic)
	b.mu.Lock()
	t := b.topics[k.channel]
	if t == nil {
		t = &followed{l, k, map[*follower]struct{}{}}
		b.topics[k.channel] = t
		b.change(k.channel)
	}
	t.followers[f] = struct{}{}
	b.mu.Unlock()
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(t.followers, f)
		if len(t.followers) == 0 {
			delete(b.topics, k.channel)
			b.change(k.channel)
		}
	}
}

func (b *switchboard) change(channel string) {
	b.changed[channel] = struct{}{}
	select {
	case b.work <- struct{}{}:
	default:
	}
}

// close ends the connection; the context of the store does the rest.
func (b *switchboard) close() {
	// Nobody starts from here on.
	b.start.Do(func() {})
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.listening != nil {
		_ = b.listening.Close() // what it had is read again by who follows anew
	}
}

// answerTime is how long the connection may be silent. operate sends a PING
// more often than that.
const answerTime = 5 * time.Second

// listen hands on what comes in, on one connection after another.
func (b *switchboard) listen() {
	defer b.store.running.Done()
	for attempt := 0; b.store.ctx.Err() == nil; attempt++ {
		connection := b.connect()
		for connection != nil {
			item, err := connection.ReceiveTimeout(b.store.ctx, answerTime)
			if err != nil {
				break
			}
			attempt = 0
			b.hand(item)
		}
		b.hangUp()
		b.store.pause(b.store.ctx, attempt)
	}
}

// connect makes a connection that listens to all topics. Redis confirms each,
// and hand has their followers read the log then.
func (b *switchboard) connect() *redis.PubSub {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.store.ctx.Err() != nil {
		return nil
	}
	b.listening = b.store.client.Subscribe(b.store.ctx)
	for channel := range b.topics {
		b.changed[channel] = struct{}{}
	}
	select {
	case b.work <- struct{}{}:
	default:
	}
	return b.listening
}

func (b *switchboard) hangUp() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.listening != nil {
		_ = b.listening.Close() // it failed
		b.listening = nil
	}
}

// hand hands on what came in.
func (b *switchboard) hand(item any) {
	switch item := item.(type) {
	case *redis.Subscription:
		if item.Kind == "subscribe" {
			b.each(item.Channel, (*follower).invalidate)
		}
	case *redis.Message:
		record, whole, err := parsePublished(item.Payload)
		switch {
		case err != nil:
			b.each(item.Channel, (*follower).invalidate)
		case whole:
			b.each(item.Channel, func(f *follower) { f.push(record) })
		default:
			b.each(item.Channel, func(f *follower) { f.tell(record.Position) })
		}
	}
}

func (b *switchboard) each(channel string, do func(*follower)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if t := b.topics[channel]; t != nil {
		for f := range t.followers {
			do(f)
		}
	}
}

// operate tells Redis what to listen to, asks whether it still answers, and
// looks at topics in turn.
func (b *switchboard) operate() {
	defer b.store.running.Done()
	beats, checks := time.NewTicker(answerTime/5), time.NewTicker(b.store.checkEach)
	defer beats.Stop()
	defer checks.Stop()
	for {
		select {
		case <-b.store.ctx.Done():
			return
		case <-b.work:
			b.subscribe()
		case <-beats.C:
			b.heartbeat()
		case <-checks.C:
			b.check()
		}
	}
}

// subscribe brings what Redis publishes to us in line with who follows.
func (b *switchboard) subscribe() {
	b.mu.Lock()
	connection := b.listening
	var joined, left []string
	if connection != nil {
		for channel := range b.changed {
			if b.topics[channel] != nil {
				joined = append(joined, channel)
			} else {
				left = append(left, channel)
			}
		}
		clear(b.changed)
	}
	b.mu.Unlock()
	// An error is one that listen meets as well, or that comes with the next
	// connection: PubSub keeps what it is to listen to.
	if len(joined) > 0 {
		_ = connection.Subscribe(b.store.ctx, joined...)
	}
	if len(left) > 0 {
		_ = connection.Unsubscribe(b.store.ctx, left...)
	}
}

func (b *switchboard) heartbeat() {
	b.mu.Lock()
	connection := b.listening
	b.mu.Unlock()
	if connection != nil {
		_ = connection.Ping(b.store.ctx) // listen meets the error
	}
}

// The most topics that are looked at in one round, and in one go.
const (
	roundTopics = 1000
	goTopics    = 100
)

// check looks at the next topics that are followed.
func (b *switchboard) check() {
	for _, some := range b.round() {
		if b.store.ctx.Err() != nil || !b.ask(some) {
			return
		}
	}
}

// round returns the topics whose turn it is.
func (b *switchboard) round() [][]*followed {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.order) == 0 {
		for channel := range b.topics {
			b.order = append(b.order, channel)
		}
	}
	var out [][]*followed
	n := min(len(b.order), roundTopics)
	for _, channel := range b.order[:n] {
		t := b.topics[channel]
		if t == nil {
			continue
		}
		if len(out) == 0 || len(out[len(out)-1]) == goTopics {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], t)
	}
	b.order = b.order[n:]
	return out
}

// ask asks where topics end, in one go, and tells their followers. It reports
// whether Redis answers.
func (b *switchboard) ask(topics []*followed) bool {
	ctx, check := b.store.ctx, b.store.scripts.check
	commands := make([]command, len(topics))
	preambles := make([][]any, len(topics))
	pipe := b.store.client.Pipeline()
	for i, t := range topics {
		h, err := t.log.header(ctx)
		if err != nil {
			return false
		}
		preambles[i] = t.log.preamble(h, "")
		commands[i] = check.command(ctx, true, []string{t.keys.stream, t.keys.meta}, preambles[i])
		_ = pipe.Process(ctx, commands[i]) // only queues
	}
	_, _ = pipe.Exec(ctx) // each command has its own error
	for i, t := range topics {
		reply, err := commands[i].Slice()
		if redis.HasErrorPrefix(err, "NOSCRIPT") {
			reply, err = b.store.run(ctx, check, []string{t.keys.stream, t.keys.meta}, preambles[i], nil)
		}
		if err != nil {
			return false
		}
		if end, err := parseEnd(reply); err == nil {
			b.each(t.keys.channel, func(f *follower) { f.tell(end) })
		}
	}
	return true
}

// parseEnd returns where a topic ends; the zero position if it is not there.
func parseEnd(reply []any) (eventlog.Position, error) {
	if text(reply, 0) != "ok" {
		return eventlog.Position{}, nil
	}
	epoch, err := parseEpoch(text(reply, 1))
	if err != nil {
		return eventlog.Position{}, err
	}
	offset, err := offsetOf(text(reply, 2))
	return eventlog.Position{Epoch: epoch, Offset: offset}, err
}
