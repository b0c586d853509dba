package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/natslog"
	"github.com/courant-dev/courant/eventlog/redislog"
	"github.com/redis/go-redis/v9"
)

// openStore opens what keeps the messages: a directory, a NATS server or Redis.
func (s *settings) openStore(ctx context.Context, logger *slog.Logger) (eventlog.Store, error) {
	opts := []natslog.Option{natslog.WithLogger(logger)}
	switch {
	case s.redis != "":
		return openRedis(s.redis)
	case s.nats != "":
		opts = append(opts, natslog.WithURL(s.nats), natslog.WithReplicas(s.replicas))
	case s.sync == "always":
		opts = append(opts, natslog.WithDir(s.directory()), natslog.WithSyncAlways())
	default:
		every, err := time.ParseDuration(s.sync)
		if err != nil || every <= 0 {
			return nil, fmt.Errorf("-sync %s: want a time such as 10s, or always", s.sync)
		}
		opts = append(opts, natslog.WithDir(s.directory()), natslog.WithSyncInterval(every))
	}
	store, err := natslog.Open(ctx, opts...)
	if locked, ok := errors.AsType[*natslog.LockedError](err); ok {
		return nil, fmt.Errorf("another newsroom, process %d, keeps its messages in %s; end it, choose another directory with -data, or have both use one NATS server with -nats", locked.PID, s.data)
	}
	if err != nil {
		return nil, err
	}
	return store, nil
}

// redisStore is a store with the client that it is on.
type redisStore struct {
	eventlog.Store

	client *redis.Client
}

func openRedis(address string) (eventlog.Store, error) {
	opts, err := redis.ParseURL(address)
	if err != nil {
		return nil, fmt.Errorf("-redis: %w", err)
	}
	client := redis.NewClient(opts)
	return redisStore{redislog.New(client), client}, nil
}

// Close closes both.
func (s redisStore) Close() error { return errors.Join(s.Store.Close(), s.client.Close()) }

// directory is where the embedded server has its files.
func (s *settings) directory() string { return filepath.Join(s.data, "messages") }

// kept says where the messages are, and how safe.
func (s *settings) kept() string {
	switch {
	case s.redis != "":
		return "on " + redacted(s.redis)
	case s.nats != "":
		return "on " + redacted(s.nats)
	case s.sync == "always":
		return s.directory() + ", each on the disk before it is acknowledged"
	default:
		return s.directory() + ", forced to the disk every " + s.sync
	}
}

// redacted returns URLs without their passwords.
func redacted(urls string) string {
	parts := strings.Split(urls, ",")
	for i, part := range parts {
		if u, err := url.Parse(part); err == nil {
			parts[i] = u.Redacted()
		}
	}
	return strings.Join(parts, ",")
}
