package peers_test

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/redis/go-redis/v9"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/memlog"
	"github.com/courant-dev/courant/eventlog/natslog"
	"github.com/courant-dev/courant/eventlog/redislog"
)

// A backend is where a log is, and can be lost.
type backend struct {
	store eventlog.Store
	lose  func() // all events; nil if only what keeps the log could
}

// often is how often a log looks whether it is still there.
const often = 50 * time.Millisecond

// memory is a log that does not outlive its process.
func memory(t *testing.T) *backend {
	b := &backend{store: memlog.New()}
	b.lose = func() {
		_ = b.store.Close() // never fails
		b.store = memlog.New()
	}
	t.Cleanup(func() { _ = b.store.Close() })
	return b
}

// embeddedNATS is a log in files of the process.
func embeddedNATS(t *testing.T) *backend {
	store, err := natslog.Open(t.Context(), natslog.WithDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() }) // never fails
	return &backend{store: store}
}

// natsServer is a log on a server, whose streams anyone may delete.
func natsServer(t *testing.T) *backend {
	s, err := server.NewServer(&server.Options{
		ServerName: "courant-peers", Host: "127.0.0.1", Port: server.RANDOM_PORT,
		JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	if !s.ReadyForConnections(20 * time.Second) {
		t.Fatal("the NATS server does not start")
	}
	store, err := natslog.Open(t.Context(), natslog.WithURL(s.ClientURL()), natslog.WithAuditInterval(often))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() }) // never fails
	return &backend{store, func() { deleteStreams(t, s.ClientURL()) }}
}

func deleteStreams(t *testing.T, url string) {
	t.Helper()
	conn, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	names := js.StreamNames(t.Context())
	deleted := 0
	for name := range names.Name() {
		if err := js.DeleteStream(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		deleted++
	}
	if err := names.Err(); err != nil || deleted == 0 {
		t.Fatalf("%d streams are deleted: %v", deleted, err)
	}
}

// redisServer is a log on a Redis server, which anyone may flush.
func redisServer(t *testing.T) *backend {
	dir := t.TempDir()
	socket := filepath.Join(dir, "s")
	start(t, exec.Command("redis-server", "--port", "0", "--unixsocket", socket, "--dir", dir,
		"--save", "", "--appendonly", "yes", "--logfile", filepath.Join(dir, "log")))
	awaitListener(t, "unix", socket)
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: socket})
	store := redislog.New(client, redislog.WithCheck(often))
	t.Cleanup(func() {
		_ = store.Close() // never fails
		_ = client.Close()
	})
	return &backend{store, func() {
		if err := client.FlushAll(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
	}}
}
