package natslog_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/natslog"
	"github.com/courant-dev/courant/sse"
)

// A store whose server is part of the process; what is appended outlives the
// process.
func ExampleOpen() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "natslog")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	store, err := natslog.Open(ctx, natslog.WithDir(dir))
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	rooms, err := store.Open(ctx, "rooms", eventlog.Limits{MaxEvents: 1000})
	if err != nil {
		log.Fatal(err)
	}
	for _, text := range []string{"hello", "world"} {
		_, err := rooms.Append(ctx, "rooms/42", eventlog.Entry{Event: sse.Event{Type: "note", Data: []byte(text)}})
		if err != nil {
			log.Fatal(err)
		}
	}
	for record, err := range rooms.Read(ctx, "rooms/42", eventlog.Position{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: %s\n", record.Event.Type, record.Event.Data)
	}
	// Output:
	// note: hello
	// note: world
}

// A store on a cluster of three, which outlives the loss of any one.
func ExampleWithURL() {
	store, err := natslog.Open(context.Background(),
		natslog.WithURL("nats://a:4222,nats://b:4222,nats://c:4222"),
		natslog.WithReplicas(3))
	if err != nil {
		log.Print(err)
		return
	}
	defer func() { _ = store.Close() }()
}
