package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"time"
)

// A plan is what is to be done.
type plan struct {
	streams  int
	cut      cut
	down     time.Duration
	every    time.Duration
	timeout  time.Duration
	profile  string // directory; empty for none
	progress func(string)
}

// cut is how streams are cut.
type cut string

const (
	reset   cut = "reset"
	restart cut = "restart"
)

// MarshalText implements [encoding.TextMarshaler].
func (c cut) MarshalText() ([]byte, error) { return []byte(c), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (c *cut) UnmarshalText(text []byte) error {
	switch *c = cut(text); *c {
	case reset, restart:
		return nil
	}
	return fmt.Errorf("want %s or %s", reset, restart)
}

// streamsPerAddress keeps the ports of one address from running short.
const streamsPerAddress = 5000

// run carries the plan out. An error means that nothing is known.
func (p *plan) run(ctx context.Context) (*result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	addrs, err := freeAddresses(1 + (p.streams-1)/streamsPerAddress)
	if err != nil {
		return nil, err
	}
	a := assignment{schedule{time.Now().Add(-p.every), p.every, p.streams}, addrs}
	server, err := startServer(a)
	if err != nil {
		return nil, err
	}
	defer func() { _ = server.end() }()

	w := newWatchers(a.Schedule, addrs)
	w.open(ctx)
	if err := p.count(ctx, "open", w.opened); err != nil {
		return nil, err
	}
	out := &result{plan: p}
	if out.server, out.clients, err = p.memory(server); err != nil {
		return nil, err
	}
	p.say("all %d are open; cutting them: %s", p.streams, p.cut)
	w.log.begin()
	if p.cut == reset {
		_, err = server.order("reset")
	} else if err = server.end(); err == nil {
		server, err = p.restart(ctx, server)
	}
	if err != nil {
		return nil, err
	}
	p.await(ctx, w, out)
	return out, context.Cause(ctx)
}

// restart starts the server again, after a while.
func (p *plan) restart(ctx context.Context, server *serverProcess) (*serverProcess, error) {
	select {
	case <-time.After(p.down):
	case <-ctx.Done():
		return server, context.Cause(ctx)
	}
	p.say("the server starts again")
	again, err := startServer(server.assignment)
	if err != nil {
		return server, err
	}
	return again, nil
}

// await waits until all streams are back and have the events of that time, and
// tells out.
func (p *plan) await(ctx context.Context, w *watchers, out *result) {
	ctx, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	err := p.count(ctx, "back", w.log.backs)
	latest := w.schedule.latest(time.Now())
	for out.behind = w.behind(latest); out.behind > 0 && err == nil; out.behind = w.behind(latest) {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			err = ctx.Err()
		}
		if len(w.faults()) > 0 { // such a stream stays where it is
			break
		}
	}
	out.faults = w.faults()
	w.log.mu.Lock()
	defer w.log.mu.Unlock()
	out.attempts, out.back, out.delays = w.log.attempts, w.log.connected, w.log.delays
}

// count counts to the number of streams, and says each second how far it is.
func (p *plan) count(ctx context.Context, what string, counted <-chan error) error {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for n := 0; n < p.streams; {
		select {
		case err := <-counted:
			if err != nil {
				return err
			}
			n++
		case <-ticker.C:
			p.say("%d of %d %s", n, p.streams, what)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// memory measures both processes.
func (p *plan) memory(server *serverProcess) (servers, clients memory, err error) {
	if p.profile == "" {
		if servers, err = server.order("memory"); err == nil {
			clients, err = measure("")
		}
		return servers, clients, err
	}
	if servers, err = server.order("memory " + filepath.Join(p.profile, "server.heap")); err == nil {
		clients, err = measure(filepath.Join(p.profile, "clients.heap"))
	}
	return servers, clients, err
}

func (p *plan) say(format string, args ...any) { p.progress(fmt.Sprintf(format, args...)) }

// memory is what a process has taken, in bytes.
type memory struct {
	Heap, Stack int64 // after a collection
	RSS         int64 // of the process; 0 where it is not known
}

// measure measures this process, and writes a profile of its heap to the file
// unless that has no name.
func measure(profile string) (memory, error) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	out := memory{int64(m.HeapAlloc), int64(m.StackInuse), residentSize()}
	if profile == "" {
		return out, nil
	}
	f, err := os.Create(profile)
	if err != nil {
		return out, err
	}
	if err := pprof.Lookup("heap").WriteTo(f, 0); err != nil {
		_ = f.Close()
		return out, err
	}
	return out, f.Close()
}

// residentSize reads what Linux says.
func residentSize() int64 {
	status, err := os.ReadFile("/proc/self/statm")
	var size, pages int64
	if _, scanErr := fmt.Sscan(string(status), &size, &pages); err != nil || scanErr != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// freeAddresses returns n addresses on which nobody listens, each with another
// IP address.
func freeAddresses(n int) ([]string, error) {
	var out []string
	for i := range n {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.%d:0", i+1))
		if err != nil {
			return nil, err
		}
		out = append(out, l.Addr().String())
		if err := l.Close(); err != nil {
			return nil, err
		}
	}
	return out, nil
}
