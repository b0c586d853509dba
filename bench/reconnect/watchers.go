package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/courant-dev/courant"
)

// watchers are the clients: one stream each, with a client for each address.
type watchers struct {
	schedule schedule
	clients  []*courant.Client
	log      cutLog
	opened   chan error     // of each stream, when it has its first event
	numbers  []atomic.Int64 // of the latest event of each

	mu     sync.Mutex
	faulty []string
}

// opening is how many connect at a time, before the cut.
const opening = 128

func newWatchers(s schedule, addrs []string) *watchers {
	w := &watchers{
		schedule: s,
		opened:   make(chan error, s.Streams),
		numbers:  make([]atomic.Int64, s.Streams),
		log:      cutLog{backs: make(chan error, s.Streams)},
	}
	for _, addr := range addrs {
		w.clients = append(w.clients, courant.NewClient("http://"+addr,
			courant.WithRequestFunc(w.log.attempt), courant.WithStateFunc(w.log.change)))
	}
	return w
}

// open opens all streams.
func (w *watchers) open(ctx context.Context) {
	next := make(chan int64)
	go func() {
		defer close(next)
		for i := range int64(w.schedule.Streams) {
			next <- i
		}
	}()
	for range opening {
		go func() {
			for i := range next {
				stream, err := courant.CallStream(ctx, w.clients[i%int64(len(w.clients))], ticks, &watchPayload{Stream: i})
				if err != nil {
					w.opened <- err
					continue
				}
				go w.watch(i, stream)
			}
		}()
	}
}

// watch receives and compares with what comes next.
func (w *watchers) watch(i int64, stream *courant.ClientStream[*tick]) {
	defer func() { _ = stream.Close() }()
	number, err := next(stream)
	w.opened <- err
	for err == nil {
		w.numbers[i].Store(number)
		want := number + 1
		if number, err = next(stream); err == nil && number != want {
			err = fmt.Errorf("want event %d, have %d", want, number)
		}
	}
	if errors.Is(err, context.Canceled) { // the end of the program
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faulty = append(w.faulty, fmt.Sprintf("stream %d: %v", i, err))
}

func next(stream *courant.ClientStream[*tick]) (int64, error) {
	e, err := stream.Recv()
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(e.ID, 10, 64)
}

// behind returns how many streams have not come to the number.
func (w *watchers) behind(number int64) int {
	n := 0
	for i := range w.numbers {
		if w.numbers[i].Load() < number {
			n++
		}
	}
	return n
}

// faults returns what is wrong, by stream.
func (w *watchers) faults() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.faulty...)
}

// A cutLog has what happens from a cut on, in time since then.
type cutLog struct {
	backs chan error // gets nil for each stream that is back

	mu        sync.Mutex
	cut       time.Time       // zero before the cut
	attempts  []time.Duration // requests
	connected []time.Duration // answers
	delays    []time.Duration // what each waits before its first attempt
}

func (l *cutLog) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = time.Now()
}

func (l *cutLog) attempt(*http.Request) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.cut.IsZero() {
		l.attempts = append(l.attempts, time.Since(l.cut))
	}
	return nil
}

func (l *cutLog) change(c courant.StateChange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.cut.IsZero():
	case c.State == courant.Connected:
		l.connected = append(l.connected, time.Since(l.cut))
		select {
		case l.backs <- nil:
		default: // more often than there are streams: some were cut twice
		}
	case c.State == courant.Connecting && c.Attempt == 1:
		l.delays = append(l.delays, c.Delay)
	}
}
