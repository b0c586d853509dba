package main

import (
	"net"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/courant-dev/courant/examples/newsroom/gen/rooms"
	"github.com/courant-dev/courant/examples/newsroom/gen/rooms/client"
)

// TestNewsroomsShareAServer publishes at one newsroom and watches at another one
// of the same NATS server.
func TestNewsroomsShareAServer(t *testing.T) {
	t.Parallel()
	url := startNATS(t)
	one := begin(t, "-addr", "127.0.0.1:0", "-data", t.TempDir(), "-nats", url)
	other := begin(t, "-addr", "127.0.0.1:0", "-data", t.TempDir(), "-nats", url)
	s := open(t, client.NewClient(other.url))
	published, err := client.NewClient(one.url).Publish(t.Context(), &rooms.PublishPayload{Room: "sport", Kind: "news", Author: "Ada", Text: "Hello"})
	if err != nil {
		t.Fatal(err)
	}
	m, err := s.Recv()
	if err != nil || m.Text != "Hello" || *m.ID != published.ID {
		t.Errorf("published as %s, received %+v, %v", published.ID, m, err)
	}
	other.interrupt()
	one.interrupt()
}

// startNATS starts a NATS server on the loopback and returns its URL.
func startNATS(t *testing.T) string {
	t.Helper()
	ns, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	ns.Start()
	t.Cleanup(func() {
		ns.Shutdown()
		ns.WaitForShutdown()
	})
	if !ns.ReadyForConnections(20 * time.Second) {
		t.Fatal("the NATS server does not start")
	}
	return "nats://" + ns.Addr().(*net.TCPAddr).String()
}
