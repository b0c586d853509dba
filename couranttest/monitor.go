package couranttest

import (
	"context"
	"sync"
)

// monitor guards state whose changes goroutines wait for. Its channels are made
// when somebody waits, so that in a bubble they belong to it.
type monitor struct {
	sync.Mutex

	changed chan struct{} // closed at the next change; nil: nobody waits
	waiting int
}

// change wakes those who wait. The lock is held.
func (m *monitor) change() {
	if m.changed != nil {
		close(m.changed)
		m.changed, m.waiting = nil, 0
	}
}

// await waits until ready reports true, or returns the cause for which ctx is
// done. It is called with the lock held, as ready is.
func (m *monitor) await(ctx context.Context, ready func() bool) error {
	for !ready() {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if m.changed == nil {
			m.changed = make(chan struct{})
		}
		changed := m.changed
		m.waiting++
		m.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
		}
		m.Lock()
		if m.changed == changed {
			m.leave()
		}
	}
	return nil
}

// leave drops the channel with the last who waits for it, so that the next may be
// in another bubble.
func (m *monitor) leave() {
	if m.waiting--; m.waiting == 0 {
		m.changed = nil
	}
}
