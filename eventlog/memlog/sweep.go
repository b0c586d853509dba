package memlog

import (
	"sync"
	"sync/atomic"
	"time"
)

// sweeper frees, from time to time, what no call comes past: aged records, keys,
// topics. It has a timer while there is something to free.
type sweeper struct {
	armed atomic.Bool // there is a timer

	mu    sync.Mutex
	timer *time.Timer
	ended bool

	sweeping sync.Mutex
}

// arm has the log swept soon. It costs little when it will be already.
func (w *sweeper) arm(l *log) {
	if w.armed.Load() || !w.armed.CompareAndSwap(false, true) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return
	}
	w.timer = time.AfterFunc(l.period(), func() {
		w.armed.Store(false) // first, so that what comes while it sweeps is seen next time
		if l.sweep() {
			w.arm(l)
		}
	})
}

func (w *sweeper) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	if w.timer != nil {
		w.timer.Stop()
	}
}

// period is how long what is no longer wanted may stay in memory. Readers do
// not see it.
func (l *log) period() time.Duration {
	if age := l.limits.Load().MaxAge; age > 0 {
		return min(max(age/4, 10*time.Millisecond), 5*time.Minute)
	}
	return time.Minute
}

// sweep trims every topic and forgets those that nothing is left of. It reports
// whether time will bring more to do.
func (l *log) sweep() (again bool) {
	l.sweeper.sweeping.Lock()
	defer l.sweeper.sweeping.Unlock()
	limits := l.limits.Load()
	now := time.Now().UnixNano()
	keyMemory := int64(l.store.keyMemory)
	forgotten := now - 2*int64(limits.MaxAge) - keyMemory
	for i := range l.shards {
		s := &l.shards[i]
		s.mu.Lock()
		for name, t := range s.topics {
			t.mu.Lock()
			t.trim(limits, now)
			if t.keys != nil {
				if t.keys.expire(now - keyMemory); len(t.keys.queue) == 0 {
					t.keys = nil
				}
			}
			empty := t.length() == 0
			if empty && t.keys == nil && t.readers == 0 && t.lastAt <= forgotten {
				l.floor.Store(max(l.floor.Load(), t.last()))
				delete(s.topics, name)
			} else if empty && t.readers == 0 || t.keys != nil || limits.MaxAge > 0 && !empty {
				again = true
			}
			t.mu.Unlock()
		}
		s.mu.Unlock()
	}
	return again
}
