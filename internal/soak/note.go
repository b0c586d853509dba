package soak

import (
	"slices"
	"sync"
)

// fewExamples is how many texts are kept, and how many lost events are named.
const fewExamples = 10

// notes keep the first few different texts. They are safe for concurrent use.
type notes struct {
	mu   sync.Mutex
	kept []string
}

func (n *notes) note(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.kept) < fewExamples && !slices.Contains(n.kept, text) {
		n.kept = append(n.kept, text)
	}
}

// first returns the first text, after a colon; nothing where there is none.
func (n *notes) first() string {
	if kept := n.list(); len(kept) > 0 {
		return ": " + kept[0]
	}
	return ""
}

func (n *notes) list() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.kept)
}
