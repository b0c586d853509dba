package redislog_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/redislog"
	"github.com/courant-dev/courant/sse"
)

// A log in Redis: who was away reads what he missed, and goes on with what
// comes.
func Example() {
	client, stop := exampleServer() // yours: redis.NewClient(&redis.Options{Addr: "localhost:6379"})
	defer stop()
	store := redislog.New(client)
	defer store.Close()

	ctx := context.Background()
	rooms, err := store.Open(ctx, "rooms", eventlog.Limits{MaxEvents: 1000, MaxAge: 24 * time.Hour})
	if err != nil {
		fmt.Println(err)
		return
	}
	positions, err := rooms.Append(ctx, "42",
		eventlog.Entry{Event: sse.Event{Data: []byte("seen")}},
		eventlog.Entry{Event: sse.Event{Data: []byte("missed")}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for record, err := range rooms.Follow(ctx, "42", positions[0]) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s\n", record.Event.Data)
		break
	}
	// Output: missed
}

// exampleServer starts a server and returns a client of it.
func exampleServer() (client *redis.Client, stop func()) {
	dir, err := os.MkdirTemp("", "redislog")
	if err != nil {
		fmt.Println(err)
	}
	socket := filepath.Join(dir, "s")
	server := exec.Command("redis-server", "--port", "0", "--unixsocket", socket, "--dir", dir, "--save", "", "--logfile", filepath.Join(dir, "log"))
	if err := server.Start(); err != nil {
		fmt.Println(err)
	}
	for range 1000 {
		conn, err := net.Dial("unix", socket)
		if err == nil {
			conn.Close()
			break
		}
		<-time.After(5 * time.Millisecond)
	}
	client = redis.NewClient(&redis.Options{Network: "unix", Addr: socket})
	return client, func() {
		client.Close()
		_ = server.Process.Kill() // and so it ends with an error
		_ = server.Wait()
		os.RemoveAll(dir)
	}
}
