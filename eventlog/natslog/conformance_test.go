package natslog_test

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/logtest"
	"github.com/courant-dev/courant/eventlog/natslog"
)

// slack is what the package comment says of limits.
func slack() logtest.Option { return logtest.WithSlack(1, 1000/8) }

func TestEmbedded(t *testing.T) {
	t.Parallel()
	dirs := map[eventlog.Store]string{}
	open := func(t testing.TB, dir string) eventlog.Store {
		s, err := natslog.Open(t.Context(), natslog.WithDir(dir))
		if err != nil {
			t.Fatal(err)
		}
		dirs[s] = dir
		return s
	}
	logtest.Run(t, func(t testing.TB) eventlog.Store { return open(t, t.TempDir()) }, slack(), logtest.WithPatience(30*time.Second),
		logtest.WithRestart(logtest.Keeps, func(t testing.TB, s eventlog.Store) eventlog.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return open(t, dirs[s])
		}))
}

func TestCluster(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	store := func(t testing.TB) eventlog.Store {
		t.Cleanup(func() { deleteStreams(t, c.url(0)) }) // many keep three servers busy
		return c.open(0)
	}
	logtest.Run(t, store, slack(), logtest.WithTopics(300), logtest.WithPatience(30*time.Second),
		logtest.WithRestart(logtest.Keeps, func(t testing.TB, s eventlog.Store) eventlog.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return c.open(1)
		}),
		logtest.WithLoss(func(t testing.TB, _ eventlog.Store) { deleteStreams(t, c.url(0)) }))
}

// deleteStreams removes all that a server has, as an operator may.
func deleteStreams(t testing.TB, url string) {
	t.Helper()
	nc, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.WithoutCancel(t.Context())
	names := js.StreamNames(ctx)
	for name := range names.Name() {
		if err := js.DeleteStream(ctx, name); err != nil {
			t.Fatal(err)
		}
	}
	if names.Err() != nil {
		t.Fatal(names.Err())
	}
}
