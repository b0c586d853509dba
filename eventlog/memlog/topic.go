package memlog

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/courant-dev/courant/eventlog"
)

// topic is the window of a topic. Its offsets rise by one.
type topic struct {
	mu     sync.Mutex
	window []record // the first are trimmed
	head   int      // index of the oldest that is not
	base   uint64   // the offset before the oldest record; all records after it are there
	origin uint64   // base when the topic was made

	size    int64         // bytes of the records that are there
	lastAt  int64         // when the last record was appended
	wake    chan struct{} // closed at the next append; nil if nobody waits
	readers int           // that may wait
	keys    *keys         // nil if there are none
}

// record is an event in a window; its offset is its place.
type record struct {
	at       int64 // Unix time in ns
	kind     string
	data     []byte
	retry    time.Duration
	hasRetry bool
}

func (r *record) size() int64 { return int64(len(r.kind)) + int64(len(r.data)) }

func (t *topic) length() int { return len(t.window) - t.head }

// last is the offset of the newest record there ever was.
func (t *topic) last() uint64 { return t.base + uint64(t.length()) }

// oldest is the offset of the oldest record, 0 if there is none.
func (t *topic) oldest() uint64 {
	if t.length() == 0 {
		return 0
	}
	return t.base + 1
}

// append adds the entry with that data, unless its key is there, and returns
// the offset.
func (t *topic) append(e *eventlog.Entry, data []byte, now int64, keyMemory time.Duration) uint64 {
	if e.Key != "" {
		if t.keys == nil {
			t.keys = &keys{offsets: map[string]uint64{}}
		}
		t.keys.expire(now - int64(keyMemory))
		if offset, ok := t.keys.offsets[e.Key]; ok {
			return offset
		}
	}
	r := record{at: now, data: data, retry: e.Event.Retry, hasRetry: e.Event.HasRetry}
	if n := len(t.window); n > 0 && t.window[n-1].kind == e.Event.Type {
		r.kind = t.window[n-1].kind
	} else {
		r.kind = strings.Clone(e.Event.Type)
	}
	if len(t.window) == cap(t.window) && t.head > 0 && t.head >= t.length() {
		// To move the records costs no more than the appends since the last time.
		live := copy(t.window, t.window[t.head:])
		clear(t.window[live:])
		t.window, t.head = t.window[:live], 0
	}
	t.window = append(t.window, r)
	t.size += r.size()
	t.lastAt = now
	if e.Key != "" {
		t.keys.add(e.Key, t.last(), now)
	}
	return t.last()
}

// trim removes what the limits do not leave.
func (t *topic) trim(limits *eventlog.Limits, now int64) {
	through := t.base
	if n := t.length(); limits.MaxEvents > 0 && n > limits.MaxEvents {
		through = t.base + uint64(n-limits.MaxEvents)
	}
	size := t.size
	for i := t.head; i < len(t.window); i++ {
		r := &t.window[i]
		aged := limits.MaxAge > 0 && r.at <= now-int64(limits.MaxAge)
		large := limits.MaxBytes > 0 && size > limits.MaxBytes && i < len(t.window)-1
		offset := t.base + uint64(i-t.head) + 1
		if !aged && !large && offset > through {
			break
		}
		through = max(through, offset)
		size -= r.size()
	}
	t.drop(through)
}

// drop removes the records up to the offset.
func (t *topic) drop(through uint64) {
	if through <= t.base {
		return
	}
	n := min(through-t.base, uint64(t.length()))
	gone := t.window[t.head : t.head+int(n)]
	for i := range gone {
		t.size -= gone[i].size()
	}
	clear(gone)
	t.head += int(n)
	t.base += n
	switch live := t.length(); {
	case live == 0:
		t.window, t.head = nil, 0
	case cap(t.window) > 64 && live < cap(t.window)/8:
		t.window, t.head = slices.Clone(t.window[t.head:]), 0
	}
}

// keys remembers where entries with a key are.
type keys struct {
	offsets map[string]uint64
	queue   []keyed // oldest first
}

type keyed struct {
	key string
	at  int64
}

func (k *keys) add(key string, offset uint64, now int64) {
	key = strings.Clone(key)
	k.offsets[key] = offset
	k.queue = append(k.queue, keyed{key, now})
}

// expire forgets the keys of that time and before.
func (k *keys) expire(through int64) {
	n := 0
	for n < len(k.queue) && k.queue[n].at <= through {
		delete(k.offsets, k.queue[n].key)
		k.queue[n] = keyed{}
		n++
	}
	k.queue = k.queue[n:]
}
