package natslog

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// Option changes how [Open] sets a store up.
type Option func(*settings)

type settings struct {
	dir          string
	syncAlways   bool
	syncInterval time.Duration
	maxEntry     int
	maxStore     int64

	url         string
	natsOptions []nats.Option
	conn        *nats.Conn

	replicas  int
	prefix    string
	keyWindow time.Duration
	audit     time.Duration
	logger    *slog.Logger
}

func defaults() settings {
	return settings{
		dir:          "courant-data",
		syncInterval: 10 * time.Second,
		maxEntry:     1 << 20,
		replicas:     1,
		prefix:       "courant",
		keyWindow:    2 * time.Minute,
		audit:        time.Second,
		logger:       slog.New(slog.DiscardHandler),
	}
}

// WithDir names the directory in which the embedded server keeps its files. It
// is made when it is not there. The default is "courant-data". It has no effect
// with [WithURL] or [WithConn].
func WithDir(dir string) Option { return func(s *settings) { s.dir = dir } }

// WithSyncAlways has the embedded server wait for the disk (fsync) before it
// acknowledges an append, so that one outlives a loss of power. The default is
// not to, see [WithSyncInterval]; the package comment has the cost.
func WithSyncAlways() Option { return func(s *settings) { s.syncAlways = true } }

// WithSyncInterval sets how often the embedded server has the disk take what was
// appended: a loss of power, or of the operating system, loses at most the appends
// of about that time. The default is 10 s.
func WithSyncInterval(d time.Duration) Option { return func(s *settings) { s.syncInterval = d } }

// WithMaxEntry sets the size of the largest entry that the embedded server
// takes, in bytes of data, type and key, with some 200 for headers. The default is
// 1 MiB, the most 64 MiB. A server that is connected to has a limit of its own
// (max_payload).
func WithMaxEntry(size int) Option { return func(s *settings) { s.maxEntry = size } }

// WithMaxStore sets how many bytes the records of all logs of the embedded server may
// take; an append beyond that is [eventlog.ErrFull]. The default, and 0, is three
// quarters of the space on the disk that is free, or is that of the records, when the server starts.
func WithMaxStore(bytes int64) Option { return func(s *settings) { s.maxStore = bytes } }

// WithURL connects to a NATS server or cluster instead of starting one; several
// addresses are separated by commas. The store reconnects for ever. The options
// may add what the server wants, such as credentials. The default is the
// embedded server.
func WithURL(url string, options ...nats.Option) Option {
	return func(s *settings) { s.url, s.natsOptions = url, options }
}

// WithConn has the store use a connection, which should reconnect for ever
// (nats.MaxReconnects(-1)). Close leaves it open. The default is the embedded
// server.
func WithConn(conn *nats.Conn) Option { return func(s *settings) { s.conn = conn } }

// WithReplicas sets on how many servers of a cluster a log that is made is kept: 1, 3
// or 5. The default is 1. What is acknowledged is on a majority of them.
func WithReplicas(n int) Option { return func(s *settings) { s.replicas = n } }

// WithPrefix sets what the names of streams and subjects begin with, so that
// several systems share an account: letters, digits, - and _. The default is
// "courant".
func WithPrefix(prefix string) Option { return func(s *settings) { s.prefix = prefix } }

// WithKeyWindow sets how long a log remembers the keys of entries, 2 minutes or
// more. The default is 2 minutes. A log whose records are trimmed by age
// remembers them no longer than the records.
func WithKeyWindow(d time.Duration) Option { return func(s *settings) { s.keyWindow = d } }

// WithAuditInterval sets how often the newest record of the topics that are
// followed is looked up, so that one whose live copy was lost on its way through
// a cluster arrives all the same. The default is 1 s.
func WithAuditInterval(d time.Duration) Option { return func(s *settings) { s.audit = d } }

// WithLogger sets who is told what the embedded server has to say, and what
// befalls the connection. The default tells nobody.
func WithLogger(logger *slog.Logger) Option { return func(s *settings) { s.logger = logger } }

func (s *settings) check() error {
	switch {
	case s.url != "" && s.conn != nil:
		return errors.New("natslog: WithURL and WithConn exclude each other")
	case s.embedded() && s.dir == "":
		return errors.New("natslog: WithDir needs a directory")
	case s.embedded() && s.replicas != 1:
		return errors.New("natslog: an embedded server keeps one replica; WithReplicas needs a cluster")
	case s.replicas < 1 || s.replicas > 5:
		return fmt.Errorf("natslog: WithReplicas(%d) is not from 1 to 5", s.replicas)
	case s.syncInterval <= 0:
		return fmt.Errorf("natslog: WithSyncInterval(%v) is not positive", s.syncInterval)
	case s.audit <= 0:
		return fmt.Errorf("natslog: WithAuditInterval(%v) is not positive", s.audit)
	case s.maxEntry < 1 || s.maxEntry > 64<<20:
		return fmt.Errorf("natslog: WithMaxEntry(%d) is not from 1 byte to 64 MiB", s.maxEntry)
	case s.maxStore < 0:
		return fmt.Errorf("natslog: WithMaxStore(%d) is negative", s.maxStore)
	case s.keyWindow < 2*time.Minute:
		return fmt.Errorf("natslog: WithKeyWindow(%v) is less than 2 minutes", s.keyWindow)
	case s.prefix == "" || len(s.prefix) > 64 || strings.Trim(s.prefix, plain) != "":
		return fmt.Errorf("natslog: WithPrefix(%q) is not 1 to 64 letters, digits, - and _", s.prefix)
	case s.logger == nil:
		return errors.New("natslog: WithLogger needs a logger")
	}
	return nil
}

func (s *settings) embedded() bool { return s.url == "" && s.conn == nil }
