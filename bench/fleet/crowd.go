package main

import (
	"container/heap"
	"errors"
	"math/rand/v2"
	"net/netip"
	"time"
)

// A crowd is the subscribers of one process, in one goroutine: a socket and some
// 250 bytes for each, and one buffer for all.
type crowd struct {
	addr   netip.AddrPort
	first  int // the number of its first address
	all    []subscriber
	poller *poller
	buf    []byte

	queue attempts
	busy  int // attempts that are under way
	limit int // of these

	through int64 // the number of the event after which a subscriber is complete
	status  status
}

// A status is how far a crowd is.
type status struct {
	Open     int // subscribers with an answer, and a place in the topic
	Complete int // those that have all events
	Received int // events, by all of them, since the order
	Faulty   int // those that have lost one, or had one twice
	Attempts int // to connect
	Failed   int // of the attempts
	Cuts     int // connections that ended and were not to
	Trouble  string

	// At the end.
	Done   bool
	Events []arrival
	Backs  []int64 // when each subscriber was answered after the cut
	Ended  int64   // when the last one was complete
	Usage  usage
}

// An arrival is what became of one event.
type arrival struct {
	Count int   // of those who have it
	Stamp int64 // when it was published
	Last  int64 // when the last one got it
}

// perAddress keeps the ports of an address from running short.
const perAddress = 5_000

// tryFor is how long an attempt may take, and tryAgain the longest time until the
// next one.
const (
	tryFor   = 30 * time.Second
	tryAgain = time.Second
)

func newCrowd(addr netip.AddrPort, first, size int) (*crowd, error) {
	p, err := newPoller()
	if err != nil {
		return nil, err
	}
	c := &crowd{addr: addr, first: first, all: make([]subscriber, size), poller: p, buf: make([]byte, 64<<10)}
	for i := range c.all {
		c.all[i].next = 1
	}
	return c, nil
}

// An attempt is to be begun at its time.
type attempt struct {
	at    int64
	index int
}

// attempts are a heap, the earliest first.
type attempts []attempt

func (q attempts) Len() int           { return len(q) }
func (q attempts) Less(i, j int) bool { return q[i].at < q[j].at }
func (q attempts) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *attempts) Push(x any)        { *q = append(*q, x.(attempt)) }
func (q *attempts) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

func now() int64 { return time.Now().UnixNano() }

// connect has everyone connect, so many at a time, each at a time at random in
// spread.
func (c *crowd) connect(limit int, spread time.Duration) {
	c.limit = limit
	begin := now()
	for i := range c.all {
		if !c.all[i].fault {
			c.later(i, begin, spread)
		}
	}
}

func (c *crowd) later(index int, from int64, spread time.Duration) {
	heap.Push(&c.queue, attempt{from + rand.Int64N(int64(spread)+1), index})
}

// cut ends all connections.
func (c *crowd) cut() {
	for i := range c.all {
		if s := &c.all[i]; s.state != away {
			reset(s.fd)
			s.state = away
		}
	}
	c.queue, c.busy, c.status.Open, c.status.Backs = nil, 0, 0, nil
}

// expect says which event is the last one that is expected.
func (c *crowd) expect(through int64) {
	c.through, c.status.Complete, c.status.Received = through, 0, 0
	for i := range c.all {
		if s := &c.all[i]; !s.fault && s.next > through {
			c.status.Complete++
		}
	}
	for int64(len(c.status.Events)) < through {
		c.status.Events = append(c.status.Events, arrival{})
	}
}

// reportEvery is how often a crowd tells how far it is.
const reportEvery = time.Second

// run goes on until it is done, or the time is over.
func (c *crowd) run(timeout time.Duration, done func() bool, report func(status) error) error {
	begun := time.Now()
	told := begun
	for !done() && time.Since(begun) < timeout {
		c.beginAttempts()
		wait := reportEvery - time.Since(told)
		if len(c.queue) > 0 && c.busy < c.limit {
			wait = min(wait, time.Duration(c.queue[0].at-now()))
		}
		if err := c.poller.wait(max(wait, 0), c.news); err != nil {
			return err
		}
		if time.Since(told) >= reportEvery {
			told = time.Now()
			c.expire()
			progress := c.status
			progress.Events, progress.Backs = nil, nil
			if err := report(progress); err != nil {
				return err
			}
		}
	}
	return nil
}

// beginAttempts begins those that are due.
func (c *crowd) beginAttempts() {
	for at := now(); len(c.queue) > 0 && c.busy < c.limit && c.queue[0].at <= at; {
		index := heap.Pop(&c.queue).(attempt).index
		s := &c.all[index]
		c.status.Attempts++
		fd, err := dial(c.source(index), c.addr)
		if err != nil {
			c.fail(index, err)
			continue
		}
		s.renew()
		s.fd, s.state, s.since = fd, connecting, at
		c.busy++
		if err := c.poller.add(fd, index); err != nil {
			c.lose(index, err)
		}
	}
}

// source is the address that a subscriber has.
func (c *crowd) source(index int) netip.Addr {
	n := c.first + index/perAddress
	return netip.AddrFrom4([4]byte{127, byte(n >> 16), byte(n >> 8), byte(n)})
}

// news looks after a subscriber whose socket has news.
func (c *crowd) news(index int, ended bool) {
	s := &c.all[index]
	if s.state == away {
		return
	}
	if s.state == connecting {
		err := connected(s.fd)
		if err == nil {
			err = write(s.fd, s.request(c.buf[:0], c.addr.String()))
		}
		if err != nil {
			c.lose(index, err)
			return
		}
		s.state = asking
	}
	for {
		n, err := read(s.fd, c.buf)
		switch {
		case errors.Is(err, errWait):
			return
		case err == nil && n == 0:
			err = errors.New("the server has closed the connection")
		case err == nil:
			err = c.take(s, c.buf[:n])
		}
		if err != nil {
			c.lose(index, err)
			return
		}
		if n < len(c.buf) && !ended { // there is news when there is more
			return
		}
	}
}

// take gives a subscriber what was read.
func (c *crowd) take(s *subscriber, b []byte) error {
	at := now()
	hadPlace := s.hasPlace()
	err := s.take(b, func(number, stamp int64) {
		for int64(len(c.status.Events)) < number {
			c.status.Events = append(c.status.Events, arrival{})
		}
		a := &c.status.Events[number-1]
		a.Count, a.Stamp, a.Last = a.Count+1, stamp, at
		c.status.Received++
		if number == c.through {
			c.status.Complete++
			c.status.Ended = at
		}
	})
	if !hadPlace && s.hasPlace() {
		c.busy--
		c.status.Open++
		c.status.Backs = append(c.status.Backs, at)
	}
	return err
}

// hasPlace reports whether the subscriber misses nothing from now on: it was
// answered, and knows an ID.
func (s *subscriber) hasPlace() bool { return s.state == open && s.id.size > 0 }

// lose ends the connection of a subscriber, which comes again unless the fault
// is final.
func (c *crowd) lose(index int, why error) {
	s := &c.all[index]
	reset(s.fd)
	if s.hasPlace() {
		c.status.Open--
		c.status.Cuts++
	} else {
		c.busy--
	}
	s.state = away
	c.fail(index, why)
}

func (c *crowd) fail(index int, why error) {
	s := &c.all[index]
	if c.status.Trouble == "" || errors.As(why, new(faultError)) && c.status.Faulty == 0 {
		c.status.Trouble = why.Error()
	}
	if errors.As(why, new(faultError)) {
		s.fault = true
		c.status.Faulty++
		if s.next > c.through {
			c.status.Complete-- // and has had too much
		}
		return
	}
	c.status.Failed++
	c.later(index, now(), tryAgain)
}

// expire gives up attempts that take too long.
func (c *crowd) expire() {
	limit := now() - int64(tryFor)
	for i := range c.all {
		if s := &c.all[i]; s.state != away && !s.hasPlace() && s.since < limit {
			c.lose(i, errors.New("no answer within "+tryFor.String()))
		}
	}
}
