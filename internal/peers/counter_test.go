package peers_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/courant-dev/courant/internal/peers/gen/sse"
)

// counter streams the numbers after the last event ID up to last, and notes what
// it was asked for. It keeps nothing: any process can go on where another one
// stopped.
type counter struct {
	last int

	// retry is told with the first number of each connection; 0 for none.
	retry time.Duration

	// before is called before number n is sent; nil for no wait.
	before func(ctx context.Context, n int) error

	// message is that of number n; nil for its name.
	message func(n int) string

	mu    sync.Mutex
	asked []string
}

func (c *counter) Stream(ctx context.Context, p *sse.StreamPayload, stream sse.StreamServerStream) error {
	c.mu.Lock()
	c.asked = append(c.asked, p.StartID)
	c.mu.Unlock()
	var retry *time.Duration
	if c.retry > 0 {
		retry = &c.retry
	}
	n := 0
	if p.StartID != "" {
		var err error
		if n, err = strconv.Atoi(p.StartID); err != nil {
			return err
		}
	}
	for n++; n <= c.last; n++ {
		if c.before != nil {
			if err := c.before(ctx, n); err != nil {
				return err
			}
		}
		e := &sse.Event{ID: strconv.Itoa(n), Message: fmt.Sprint("number ", n), Retry: retry}
		if c.message != nil {
			e.Message = c.message(n)
		}
		retry = nil
		if err := stream.Send(e); err != nil {
			return err
		}
	}
	return nil
}

// requests returns the last event IDs that the method was called with.
func (c *counter) requests() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.asked...)
}

// every paces the numbers.
func every(d time.Duration) func(context.Context, int) error {
	return func(ctx context.Context, _ int) error { return wait(ctx, time.After(d)) }
}

// holdAfter holds back what is behind number last until more is closed.
func holdAfter(last int, more <-chan struct{}) func(context.Context, int) error {
	return func(ctx context.Context, n int) error {
		if n <= last {
			return nil
		}
		return wait(ctx, more)
	}
}

func wait[T any](ctx context.Context, ready <-chan T) error {
	select {
	case <-ready:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
