package hub_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
	"github.com/courant-dev/courant/eventlog/memlog"
	"github.com/courant-dev/courant/hub"
)

// A method serves its topic in one line. Who was away gets what it has missed.
func Example() {
	ctx := context.Background()
	h := hub.New(memlog.New())
	defer h.Close()
	method := watch() // generated
	rooms, err := hub.Open(ctx, h, method)
	if err != nil {
		fmt.Println(err)
		return
	}

	mux := http.NewServeMux()
	courant.HandleStream(mux, method, func(ctx context.Context, p *watchPayload, s *courant.ServerStream[*note]) error {
		return rooms.Serve(ctx, rooms.Name(p.Room), s, hub.FromOldest[*note]())
	})
	server := couranttest.NewServer(mux)
	defer server.Close()

	for _, text := range []string{"Hello", "Anybody there?"} {
		if err := rooms.Publish(ctx, rooms.Name("42"), &note{text}); err != nil {
			fmt.Println(err)
			return
		}
	}
	client := courant.NewClient(server.URL, courant.WithHTTPClient(server.Client()))
	stream, err := courant.CallStream(ctx, client, method, &watchPayload{"42"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stream.Close()
	for range 2 {
		event, err := stream.Recv()
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(event.Text)
	}
	// Output:
	// Hello
	// Anybody there?
}

// An event that is published with a key is in the log once, however often that is
// tried.
func ExampleTopic_PublishOnce() {
	ctx := context.Background()
	h := hub.New(memlog.New())
	defer h.Close()
	rooms, err := hub.Open(ctx, h, watch())
	if err != nil {
		fmt.Println(err)
		return
	}
	first, err := rooms.PublishOnce(ctx, rooms.Name("42"), "order 7", &note{"paid"})
	if err != nil {
		fmt.Println(err)
		return
	}
	again, err := rooms.PublishOnce(ctx, rooms.Name("42"), "order 7", &note{"paid"})
	fmt.Println(again == first, err)
	// Output: true <nil>
}

// The service keeps a state, and the ID of the last event that is in it. A client
// that begins gets the state, and then the events behind it.
func ExampleWithSnapshot() {
	ctx := context.Background()
	h := hub.New(memlog.New())
	defer h.Close()
	rooms, err := hub.Open(ctx, h, watch())
	if err != nil {
		fmt.Println(err)
		return
	}
	var mu sync.Mutex
	total, at := 0, ""
	sell := func(n int) {
		mu.Lock()
		defer mu.Unlock()
		id, err := rooms.PublishOnce(ctx, rooms.Name("42"), "", &note{fmt.Sprint(n, " sold")})
		if err != nil {
			fmt.Println(err)
			return
		}
		total, at = total+n, id
	}
	snapshot := func(context.Context) ([]*note, string, error) {
		mu.Lock()
		defer mu.Unlock()
		return []*note{{fmt.Sprint(total, " in all")}}, at, nil
	}

	sell(3)
	sell(4)
	stream := new(couranttest.Stream[*note])
	call := stream.Start(ctx, func(ctx context.Context) error {
		return rooms.Serve(ctx, rooms.Name("42"), stream, hub.WithSnapshot(snapshot))
	})
	if _, err := stream.Wait(ctx, 1); err != nil {
		fmt.Println(err)
		return
	}
	sell(5)
	sent, err := stream.Wait(ctx, 2)
	for _, event := range sent {
		fmt.Println(event.Text)
	}
	fmt.Println(err, call.Cut())
	// Output:
	// 7 in all
	// 5 sold
	// <nil> <nil>
}
