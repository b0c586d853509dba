// Package quickstart implements the service of its design: a short list of
// notes in memory, and everyone who watches it.
//
// It does not keep notes when the program ends.
package quickstart

//go:generate go run ../../cmd/courant gen ./design

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/courant-dev/courant/examples/quickstart/gen/notes"
)

// kept is how many notes a client that was away can catch up with.
const kept = 1000

// retryMillis is the delay before a browser comes back: long enough to see.
const retryMillis = int64(2000)

// Notes is the service. It is safe for concurrent use.
type Notes struct {
	mu      sync.Mutex
	first   int           // number of the oldest note
	notes   []*notes.Note // the newest last
	changed chan struct{} // closed when a note comes
}

// New returns the service without notes.
func New() *Notes { return &Notes{first: 1, changed: make(chan struct{})} }

// Publish implements [notes.Service].
func (s *Notes) Publish(_ context.Context, p *notes.PublishPayload) (*notes.Note, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	retry := retryMillis
	note := &notes.Note{
		ID:     strconv.Itoa(s.first + len(s.notes)),
		Kind:   p.Kind,
		Text:   p.Text,
		SentAt: time.Now().UTC(),
		Retry:  &retry,
	}
	s.notes = append(s.notes, note)
	if len(s.notes) > kept {
		s.notes = s.notes[1:]
		s.first++
	}
	close(s.changed)
	s.changed = make(chan struct{})
	return note, nil
}

// Get implements [notes.Service].
func (s *Notes) Get(_ context.Context, p *notes.GetPayload) (*notes.Note, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := strconv.Atoi(p.ID)
	if err != nil || n < s.first || n >= s.first+len(s.notes) {
		return nil, &notes.NotFoundError{Detail: "there is no note " + p.ID}
	}
	return s.notes[n-s.first], nil
}

// Watch implements [notes.Service]. It sends what came after the last note that
// the client received, then what comes.
func (s *Notes) Watch(ctx context.Context, p *notes.WatchPayload, stream notes.WatchServerStream) error {
	next := s.after(p.Since)
	for {
		pending, end, changed := s.from(next)
		for _, note := range pending {
			if err := stream.Send(note); err != nil {
				return err
			}
		}
		next = end
		select {
		case <-changed:
		case <-ctx.Done():
			return nil
		}
	}
}

// after returns the number of the first note to send to a client that received
// the note called id; without one it begins with what comes.
func (s *Notes) after(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	end := s.first + len(s.notes)
	n, err := strconv.Atoi(id)
	if err != nil || n >= end {
		return end
	}
	return max(n+1, s.first)
}

// from returns the notes from number next on, the number after the last one,
// and what is closed when there are more.
func (s *Notes) from(next int) (pending []*notes.Note, end int, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.notes[max(next-s.first, 0):], s.first + len(s.notes), s.changed
}
