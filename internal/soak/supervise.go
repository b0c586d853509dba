package soak

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// mostCrashes is how often commands may end by themselves before the run is given
// up.
const mostCrashes = 20

// startProcesses starts the backends, then the servers, and waits until all
// addresses accept connections.
func (e *engine) startProcesses(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, e.config.Start)
	defer cancel()
	for _, args := range e.config.Backends {
		p, err := startProcess(args, e.config.Output)
		if err != nil {
			return err
		}
		e.backends = append(e.backends, p)
	}
	for _, address := range e.config.Await {
		if err := awaitAddress(ctx, address, e.alive); err != nil {
			return err
		}
	}
	if len(e.config.Servers) == 0 {
		return nil
	}
	for _, address := range e.listen {
		if probe(ctx, address) == nil {
			return fmt.Errorf("something listens on %s already; stop it, or leave out the command to soak what is there", address)
		}
	}
	for _, args := range e.config.Servers {
		p, err := startProcess(args, e.config.Output)
		if err != nil {
			return err
		}
		e.servers = append(e.servers, p)
	}
	for _, address := range e.listen {
		if err := awaitAddress(ctx, address, e.alive); err != nil {
			return err
		}
	}
	return nil
}

// alive returns an error if a process has ended.
func (e *engine) alive() error {
	for _, p := range append(e.backends, e.servers...) {
		if ended, err := p.state(); ended {
			if err == nil {
				err = errors.New("exit status 0")
			}
			return fmt.Errorf("%s ended before all were ready: %w", strings.Join(p.args, " "), err)
		}
	}
	return nil
}

// watchProcesses starts again what ends by itself.
func (e *engine) watchProcesses(ctx context.Context) {
	for wait(ctx, 100*time.Millisecond) {
		crashes := 0
		for _, p := range append(e.backends, e.servers...) {
			if err := p.revive(); err != nil {
				e.fail(err)
			}
			crashes += len(p.crashed())
		}
		if crashes > mostCrashes {
			e.fail(fmt.Errorf("the commands have ended by themselves %d times", crashes))
		}
	}
}

// stopProcesses ends the servers, then the backends.
func (e *engine) stopProcesses() {
	for _, p := range append(e.servers, e.backends...) {
		p.stop()
	}
}

// resident returns the memory of the servers, or 0 if that is not known.
func (e *engine) resident() int64 {
	var sum int64
	for _, p := range e.servers {
		sum += residentGroup(p.pid())
	}
	if e.config.PID != 0 {
		sum += residentGroup(e.config.PID)
	}
	return sum
}
