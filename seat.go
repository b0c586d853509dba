package courant

import (
	"net/http"
	"time"
)

// A member is an open stream: a streamCore, or a connection that was taken over.
type member interface {
	method() string
	drain(retry time.Duration) (told <-chan struct{})
}

// A seat is a member's place in the registry, and part of it: there are as many as
// there are streams.
type seat struct {
	member         member       // nil: nobody sits there
	server         *http.Server // nil if unknown
	address        string       // of the client
	before, behind *seat
}

// seats are those that are taken.
type seats struct {
	first *seat
	count int
}

func (s *seats) take(at *seat, m member) {
	at.member, at.behind = m, s.first
	if at.behind != nil {
		at.behind.before = at
	}
	s.first = at
	s.count++
}

func (s *seats) leave(at *seat) {
	if at.before != nil {
		at.before.behind = at.behind
	} else {
		s.first = at.behind
	}
	if at.behind != nil {
		at.behind.before = at.before
	}
	at.member, at.before, at.behind = nil, nil, nil
	s.count--
}
