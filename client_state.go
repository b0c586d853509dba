package courant

import (
	"strconv"
	"sync"
	"time"
)

// State is what a [ClientStream] is doing, as readyState of an EventSource.
type State int

const (
	// Connecting means that there is no connection: Recv makes one.
	Connecting State = iota
	// Connected means that the server has answered with a stream of events.
	Connected
	// Closed means that there will be no further event.
	Closed
)

// String returns the name of the state: connecting, connected or closed.
func (s State) String() string {
	switch s {
	case Connecting:
		return "connecting"
	case Connected:
		return "connected"
	case Closed:
		return "closed"
	}
	return "State(" + strconv.Itoa(int(s)) + ")"
}

// StateChange is what [WithStateFunc] is told.
type StateChange struct {
	State   State
	Err     error         // why: the cut or the failed attempt, nil if Reconnect was called; when closed, what Recv returns
	Attempt int           // when connecting: 0 the first time, then 1, 2 … since the last connection
	Delay   time.Duration // when connecting: how long until then
}

// states is the state of a stream and who is told of it.
type states struct {
	tell func(StateChange)

	mu      sync.Mutex
	state   State
	queue   []StateChange
	telling bool // somebody empties the queue
}

func (s *states) get() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// set changes the state, unless the stream is closed, and tells. The lock is not
// held while telling, so that what is told may close the stream; the queue keeps
// the order all the same.
func (s *states) set(change StateChange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == Closed {
		return
	}
	s.state = change.State
	if s.tell == nil {
		return
	}
	s.queue = append(s.queue, change)
	if s.telling {
		return
	}
	s.telling = true
	defer func() { s.telling = false }() // also where what is told panics
	for len(s.queue) > 0 {
		s.tellNext()
	}
}

func (s *states) tellNext() {
	next := s.queue[0]
	s.queue = s.queue[1:]
	s.mu.Unlock()
	defer s.mu.Lock()
	s.tell(next)
}
