package soak

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// A topic is one of those that are published to.
type topic struct {
	number int
	name   string
	ledger *ledger
}

// An engine is one run.
type engine struct {
	config  Config
	run     string
	tokens  tokens
	topics  []*topic
	clients []*client
	fail    context.CancelCauseFunc

	listen  []string        // addresses of the servers
	streams *http.Transport // of the clients, through the proxies
	posts   *http.Client
	proxies []*proxy

	servers, backends []*process

	began      time.Time
	delivery   histogram
	publishing histogram
	counted    [refused + 1]atomic.Int64 // events by their outcome
	turns      atomic.Int64              // to publish, with a Count
	deliveries atomic.Int64
	strange    atomic.Int64 // events that were never sent, or to others
	foreign    atomic.Int64 // events without a token
	controls   atomic.Int64
	ended      atomic.Int64 // clients
	faults     faultCounts
	memory     Memory       // but for its peak
	peak       atomic.Int64 // bytes
	errors     notes
	unreached  notes // why clients did not connect the first time
	examples   notes
}

// Run soaks until the configured time is over or ctx is done, which ends the
// publishing early, and returns the account. An error says that there is none:
// the configuration is wrong (then it is a [*ConfigError]), a command does not
// start, a client cannot connect, or the server refuses the first event.
//
// All that it has started has ended when it returns.
func Run(ctx context.Context, config Config) (*Account, error) {
	var run [3]byte
	_, _ = rand.Read(run[:]) // never fails
	e := &engine{config: config, run: hex.EncodeToString(run[:])}
	if err := e.config.complete(e.run); err != nil {
		return nil, &ConfigError{err}
	}
	e.tokens = newTokens(e.run)
	for i, name := range e.config.TopicNames {
		e.topics = append(e.topics, &topic{i, name, newLedger()})
	}
	e.began = time.Now()
	return e.soak(ctx)
}

// A ConfigError says what is wrong with a [Config].
type ConfigError struct{ Err error }

func (e *ConfigError) Error() string { return e.Err.Error() }

// Unwrap returns all that is wrong, joined.
func (e *ConfigError) Unwrap() error { return e.Err }

// now is the time since the beginning.
func (e *engine) now() time.Duration { return time.Since(e.began) }

func (e *engine) soak(outer context.Context) (*Account, error) {
	// Clients and processes outlive an interrupt, so that there is an account.
	inner, fail := context.WithCancelCause(context.WithoutCancel(outer))
	defer fail(nil)
	e.fail = fail
	defer e.stopProcesses()
	var background sync.WaitGroup
	defer background.Wait()
	defer fail(nil)

	if err := e.prepare(outer); err != nil {
		return nil, err
	}
	defer e.streams.CloseIdleConnections()
	defer e.posts.CloseIdleConnections()
	for _, p := range e.proxies {
		defer p.close()
	}
	if err := e.connect(outer, inner, &background); err != nil {
		return nil, err
	}
	background.Go(func() { e.watchProcesses(inner) })
	background.Go(func() { e.report(inner) })

	publishing, stop := context.WithTimeout(inner, e.config.Duration)
	defer stop()
	defer context.AfterFunc(outer, stop)()
	faults := e.startFaults(publishing)
	start := e.now()
	e.publish(publishing)
	took := e.now() - start
	stop()
	faults.Wait()
	for _, p := range e.proxies {
		p.lift()
	}
	settled := e.now()
	e.awaitAll(inner)
	if err := context.Cause(inner); err != nil {
		return nil, err
	}
	account := e.account(took, e.now()-settled)
	fail(nil) // the clients go before the proxies do
	return account, nil
}

// prepare starts processes and proxies.
func (e *engine) prepare(ctx context.Context) error {
	var err error
	if e.listen, err = e.addresses(); err != nil {
		return err
	}
	if err := e.startProcesses(ctx); err != nil {
		return err
	}
	e.memory.Before = e.resident()
	if e.config.needsProxy() {
		for i, address := range e.listen {
			p, err := newProxy(address, e.config.latency(), e.config.slow(), e.random(uint64(i)))
			if err != nil {
				return err
			}
			e.proxies = append(e.proxies, p)
		}
	}
	dialer := &net.Dialer{Timeout: dialTime}
	e.streams = &http.Transport{
		// No HTTP/2: each client has a connection of its own.
		Protocols:          new(http.Protocols),
		DisableCompression: true,
		MaxIdleConns:       1,
		WriteBufferSize:    1 << 10,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			for _, p := range e.proxies {
				if p.server == address {
					address = p.address()
					break
				}
			}
			return dialer.DialContext(ctx, network, address)
		},
	}
	e.streams.Protocols.SetHTTP1(true)
	e.posts = &http.Client{Transport: &http.Transport{
		DialContext:         dialer.DialContext,
		MaxIdleConnsPerHost: e.config.Publishers,
	}}
	return nil
}

// addresses returns the host and port of each server that clients connect to.
func (e *engine) addresses() ([]string, error) {
	var all []string
	seen := map[string]bool{}
	for _, text := range e.config.Events {
		u, err := url.Parse(text)
		if err != nil {
			return nil, err
		}
		port := u.Port()
		if port == "" {
			port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
		}
		address := net.JoinHostPort(u.Hostname(), port)
		if !seen[address] {
			seen[address] = true
			all = append(all, address)
		}
	}
	return all, nil
}

const (
	settleTick  = 50 * time.Millisecond
	settleQuiet = 3 * time.Second        // without an event: what is missing does not come
	settleExtra = 500 * time.Millisecond // after everything came: for what comes again
)

// awaitAll waits until every client has everything, or none can be expected to
// get more.
func (e *engine) awaitAll(ctx context.Context) {
	deadline := e.now() + e.config.Settle
	last, quiet := e.deliveries.Load(), e.now()
	for e.now() < deadline {
		if e.allComplete() {
			wait(ctx, settleExtra)
			return
		}
		if !wait(ctx, settleTick) {
			return
		}
		if n := e.deliveries.Load(); n != last || e.connectedNow() < len(e.clients)-int(e.ended.Load()) {
			last, quiet = n, e.now()
		}
		if e.now()-quiet > settleQuiet {
			return
		}
	}
}

func (e *engine) allComplete() bool {
	for _, c := range e.clients {
		if !c.track.complete() {
			return false
		}
	}
	return true
}
