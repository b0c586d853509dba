package memlog_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/memlog"
	"github.com/courant-dev/courant/sse"
)

// A client that comes back with a position gets what it missed, or is told that
// some of it is gone.
func Example() {
	ctx := context.Background()
	store := memlog.New()
	defer store.Close()
	rooms, err := store.Open(ctx, "rooms/{room}", eventlog.Limits{MaxEvents: 2})
	if err != nil {
		fmt.Println(err)
		return
	}

	var positions []eventlog.Position
	for _, text := range []string{"one", "two", "three", "four"} {
		p, err := rooms.Append(ctx, "rooms/42", eventlog.Entry{Event: sse.Event{Data: []byte(text)}})
		if err != nil {
			fmt.Println(err)
			return
		}
		positions = append(positions, p...)
	}

	for i, after := range positions[:2] {
		fmt.Printf("after event %d:\n", i+1)
		for record, err := range rooms.Read(ctx, "rooms/42", after) {
			var truncated *eventlog.TruncatedError
			switch {
			case errors.As(err, &truncated):
				fmt.Println("some are gone:", truncated.Reason)
			case err != nil:
				fmt.Println(err)
			default:
				fmt.Printf("%s\n", record.Event.Data)
			}
		}
	}
	// Output:
	// after event 1:
	// some are gone: trimmed
	// after event 2:
	// three
	// four
}
