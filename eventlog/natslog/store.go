package natslog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/courant-dev/courant/eventlog"
)

// Store is an [eventlog.Store] that keeps its logs in NATS JetStream.
type Store struct {
	settings
	server *embedded // nil if the server is elsewhere
	owned  bool      // the connection is ours to close
	js     jetstream.JetStream

	// done is done when the store is closed.
	done   context.Context
	cancel context.CancelCauseFunc
	// connected counts how often the connection was made.
	connected atomic.Uint64
	tasks     sync.WaitGroup

	mu   sync.Mutex
	logs map[string]*Log
}

// Store keeps the contract.
var _ eventlog.Store = (*Store)(nil)

// Open starts an embedded server, or connects to one with [WithURL] or
// [WithConn]. The context is that of starting and connecting. The error is a
// [*LockedError] if another process has the directory.
func Open(ctx context.Context, options ...Option) (*Store, error) {
	s := &Store{settings: defaults(), logs: map[string]*Log{}}
	for _, o := range options {
		o(&s.settings)
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	if s.embedded() {
		var err error
		if s.server, err = startServer(ctx, &s.settings); err != nil {
			return nil, err
		}
	}
	if err := s.connect(); err != nil {
		if s.server != nil {
			s.server.stop()
		}
		return nil, err
	}
	s.done, s.cancel = context.WithCancelCause(context.Background())
	s.tasks.Go(s.watch)
	return s, nil
}

func (s *Store) connect() error {
	if s.conn == nil {
		options := []nats.Option{
			nats.Name("courant"),
			nats.MaxReconnects(-1),
			nats.ReconnectWait(250 * time.Millisecond),
			nats.ReconnectJitter(250*time.Millisecond, 250*time.Millisecond),
			nats.RetryOnFailedConnect(false),
			nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { s.troubled(err) }),
		}
		if s.server != nil {
			options = append(options, nats.InProcessServer(s.server.server))
		}
		conn, err := nats.Connect(s.url, append(options, s.natsOptions...)...)
		if err != nil {
			return connectError(s.url, err)
		}
		s.conn, s.owned = conn, true
	}
	js, err := jetstream.New(s.conn,
		jetstream.WithPublishAsyncMaxPending(1<<16),
		jetstream.WithPublishAsyncTimeout(ackWait),
		jetstream.WithDefaultTimeout(ackWait))
	if err != nil {
		return err
	}
	s.js = js
	return nil
}

// connectError says where nobody is, without users and passwords.
func connectError(addresses string, err error) error {
	if addresses == "" { // the embedded server
		return fmt.Errorf("natslog: connecting: %w", err)
	}
	hosts := strings.Split(addresses, ",")
	for i, address := range hosts {
		_, host, found := strings.Cut(address, "://")
		if !found {
			host = address
		}
		hosts[i] = host[strings.LastIndexByte(host, '@')+1:]
	}
	if parse, ok := errors.AsType[*url.Error](err); ok { // which repeats the whole address
		err = parse.Err
	}
	return fmt.Errorf("natslog: connecting to %s: %w", strings.Join(hosts, ","), err)
}

// watch has all logs look for what they missed whenever the connection comes
// back.
func (s *Store) watch() {
	status := s.conn.StatusChanged(nats.CONNECTED, nats.DISCONNECTED, nats.RECONNECTING)
	defer s.conn.RemoveStatusListener(status)
	for {
		select {
		case <-s.done.Done():
			return
		case st, ok := <-status:
			if !ok {
				return
			}
			s.logger.Info("nats connection", slog.String("status", st.String()))
			if st != nats.CONNECTED {
				continue
			}
			s.connected.Add(1)
			for _, l := range s.opened() {
				l.suspect()
			}
		}
	}
}

// troubled is called when the connection could not keep up, among other things:
// live copies were lost.
func (s *Store) troubled(err error) {
	s.logger.Warn("nats connection", slog.Any("error", err))
	if errors.Is(err, nats.ErrSlowConsumer) {
		for _, l := range s.opened() {
			l.follows.lose()
		}
	}
}

func (s *Store) opened() []*Log {
	s.mu.Lock()
	defer s.mu.Unlock()
	logs := make([]*Log, 0, len(s.logs))
	for _, l := range s.logs {
		logs = append(logs, l)
	}
	return logs
}

// Open implements [eventlog.Store]. The log is a stream of JetStream, whose name
// has the prefix, the readable part of the log's name, and a hash of it.
//
//nolint:ireturn // as the interface has it
func (s *Store) Open(ctx context.Context, name string, limits eventlog.Limits) (eventlog.Log, error) {
	if err := eventlog.CheckLogName(name); err != nil {
		return nil, err
	}
	if err := s.alive(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	l := s.logs[name]
	if l == nil {
		l = newLog(s, name)
		s.logs[name] = l
	}
	s.mu.Unlock()
	if err := l.open(ctx, limits); err != nil {
		return nil, s.explain(ctx, err)
	}
	return l, nil
}

// Close implements [eventlog.Store]. It stops the embedded server, if it has one,
// and gives the directory back; it closes the connection, unless that was given
// with [WithConn]. Closing twice is no error.
func (s *Store) Close() error {
	s.mu.Lock()
	open := s.done.Err() == nil
	s.cancel(eventlog.ErrClosed)
	s.mu.Unlock()
	if open {
		s.shut()
	}
	return nil
}

func (s *Store) shut() {
	for _, l := range s.opened() {
		l.close()
	}
	if s.owned {
		s.conn.Close()
	}
	s.tasks.Wait()
	if s.server != nil {
		s.server.stop()
	}
}

// alive returns why nothing can be done any more: the store is closed, or the
// context done.
func (s *Store) alive(ctx context.Context) error {
	if s.done.Err() != nil {
		return eventlog.ErrClosed
	}
	return ctx.Err()
}

// writable returns why nothing can be appended any more.
func (s *Store) writable(ctx context.Context) error {
	if err := s.alive(ctx); err != nil || s.server == nil {
		return err
	}
	return context.Cause(s.server.writable)
}

// explain returns what stands behind an error: the end of the store or of the
// context make others.
func (s *Store) explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if why := s.alive(ctx); why != nil {
		return why
	}
	return err
}

// until returns a context that ends with the store as well.
func (s *Store) until(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(s.done, func() { cancel(eventlog.ErrClosed) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}
