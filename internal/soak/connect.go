package soak

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// openAtOnce is how many first connections are made at a time.
const openAtOnce = 512

// connect opens all clients and lets them receive. With a ramp they come later.
func (e *engine) connect(outer, inner context.Context, background *sync.WaitGroup) error {
	for i := range e.config.Clients {
		c, err := newClient(e, i)
		if err != nil {
			return err
		}
		e.clients = append(e.clients, c)
	}
	if e.config.Ramp > 0 {
		for i, c := range e.clients {
			delay := e.config.Ramp * time.Duration(i) / time.Duration(len(e.clients))
			background.Go(func() { c.join(inner, delay) })
		}
		return nil
	}
	late := time.AfterFunc(e.config.Start, func() {
		e.fail(fmt.Errorf("%d of %d clients are connected after %v%s", e.connectedNow(), len(e.clients), e.config.Start, e.unreached.first()))
	})
	defer late.Stop()
	defer context.AfterFunc(outer, func() { e.fail(errors.New("interrupted before the first event")) })()
	if err := e.openAll(inner); err != nil {
		if cause := context.Cause(inner); cause != nil {
			return cause
		}
		return err
	}
	for _, c := range e.clients {
		background.Go(func() { c.receive(inner) })
	}
	late.Stop()
	wait(inner, e.config.Idle)
	e.memory.Connected = e.resident()
	if e.memory.Before > 0 {
		e.memory.PerConnection = max(0, e.memory.Connected-e.memory.Before) / int64(len(e.clients))
	}
	return nil
}

// join connects after some time, and receives.
func (c *client) join(ctx context.Context, delay time.Duration) {
	if !wait(ctx, delay) {
		return
	}
	if err := c.open(ctx); err != nil {
		c.engine.fail(err)
		return
	}
	c.receive(ctx)
}

// openAll connects all clients, so many at a time, and returns the first error.
func (e *engine) openAll(ctx context.Context) error {
	places := make(chan struct{}, openAtOnce)
	failed := make(chan error, len(e.clients))
	for _, c := range e.clients {
		go func() {
			places <- struct{}{}
			failed <- c.open(ctx)
			<-places
		}()
	}
	var first error
	for range e.clients {
		if err := <-failed; err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (e *engine) connectedNow() int {
	n := 0
	for _, c := range e.clients {
		if c.connected.Load() {
			n++
		}
	}
	return n
}
