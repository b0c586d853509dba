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
	dir, err := os.MkdirTemp("", "natslog")
	if err != nil {
		log.Print(err)
		return
	}
	defer os.RemoveAll(dir)
	if err := talk(context.Background(), dir); err != nil {
		log.Print(err)
	}
	// Output:
	// note: hello
	// note: world
}

func talk(ctx context.Context, dir string) error {
	store, err := natslog.Open(ctx, natslog.WithDir(dir))
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }() // what was appended is safe
	rooms, err := store.Open(ctx, "rooms", eventlog.Limits{MaxEvents: 1000})
	if err != nil {
		return err
	}
	for _, text := range []string{"hello", "world"} {
		_, err := rooms.Append(ctx, "rooms/42", eventlog.Entry{Event: sse.Event{Type: "note", Data: []byte(text)}})
		if err != nil {
			return err
		}
	}
	for record, err := range rooms.Read(ctx, "rooms/42", eventlog.Position{}) {
		if err != nil {
			return err
		}
		fmt.Printf("%s: %s\n", record.Event.Type, record.Event.Data)
	}
	return nil
}
