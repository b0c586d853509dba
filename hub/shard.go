package hub

import (
	"sync"
	"time"
)

// A shard is a goroutine that writes to its share of the connections that were
// taken over. It never waits for one of them.
type shard struct {
	hub   *Hub
	index int
	wake  chan struct{}

	started bool // guarded by the hub's lock

	mu     sync.Mutex
	called []*feed       // that have news
	beats  time.Duration // how often it looks for connections that want a heartbeat
	conns  []*conn       // of all feeds, for heartbeats
}

// A crew is the connections of one feed in one shard.
type crew struct {
	conns  []*conn
	called bool // the shard knows that there is news
}

// call tells the shard that a feed has news.
func (s *shard) call(f *feed) {
	s.mu.Lock()
	s.called = append(s.called, f)
	s.mu.Unlock()
	s.rouse()
}

func (s *shard) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// beatsOf is how often a shard looks for connections that want a heartbeat: so
// often that none is late by more than a quarter, or a second.
func beatsOf(heartbeat time.Duration) time.Duration {
	if heartbeat == 0 {
		return time.Second
	}
	return min(max(heartbeat/4, 5*time.Millisecond), time.Second)
}

func (s *shard) run() {
	beats := s.beatsNow()
	beat := time.NewTicker(beats)
	defer beat.Stop()
	var conns []*conn
	for {
		select {
		case <-s.wake:
			if now := s.beatsNow(); now != beats {
				beats = now
				beat.Reset(beats)
			}
			for _, f := range s.takeCalled() {
				conns = f.crewOf(s.index, conns[:0])
				for _, c := range conns {
					c.push()
				}
				clear(conns) // so that none is kept from being freed
			}
		case <-beat.C:
			s.mu.Lock()
			conns = append(conns[:0], s.conns...)
			s.mu.Unlock()
			now := time.Now()
			for _, c := range conns {
				c.beat(now)
			}
			clear(conns)
		case <-s.hub.ctx.Done():
			return
		}
	}
}

func (s *shard) beatsNow() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.beats
}

func (s *shard) takeCalled() []*feed {
	s.mu.Lock()
	defer s.mu.Unlock()
	feeds := s.called
	s.called = nil
	return feeds
}

// crewOf appends the connections of a crew that was called.
func (f *feed) crewOf(shard int, to []*conn) []*conn {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.crews[shard].called = false
	return append(to, f.crews[shard].conns...)
}

// add takes in a connection, at the place that its feed and the shard have for
// it.
func (s *shard) add(c *conn) {
	f := c.sub.feed
	f.mu.Lock()
	c.inCrew = len(f.crews[s.index].conns)
	f.crews[s.index].conns = append(f.crews[s.index].conns, c)
	f.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	c.inShard = len(s.conns)
	s.conns = append(s.conns, c)
	if beats := beatsOf(c.taken.Heartbeat); beats < s.beats {
		s.beats = beats
		s.rouse()
	}
}

// remove lets go of a connection.
func (s *shard) remove(c *conn) {
	f := c.sub.feed
	f.mu.Lock()
	crew := &f.crews[s.index].conns
	last := len(*crew) - 1
	(*crew)[c.inCrew] = (*crew)[last]
	(*crew)[c.inCrew].inCrew = c.inCrew
	(*crew)[last] = nil
	*crew = (*crew)[:last]
	f.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	last = len(s.conns) - 1
	s.conns[c.inShard] = s.conns[last]
	s.conns[c.inShard].inShard = c.inShard
	s.conns[last] = nil
	s.conns = s.conns[:last]
}

// close cuts all connections.
func (s *shard) close() {
	s.mu.Lock()
	conns := append([]*conn(nil), s.conns...)
	s.mu.Unlock()
	for _, c := range conns {
		c.cut()
	}
}
