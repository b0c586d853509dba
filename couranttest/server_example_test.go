package couranttest_test

import (
	"context"
	"fmt"
	"net/http"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
)

// A connection that is cut: the client connects again and asks for what comes
// after its last event.
func ExampleServer() {
	server := couranttest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		id := "1"
		if r.Header.Get("Last-Event-ID") == "1" {
			id = "2"
		}
		_, _ = fmt.Fprintf(w, "retry: 1\nid: %s\ndata: event %s\n\n", id, id)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done() // Close does not wait for it
	}))
	defer server.Close()

	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, server.URL, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	stream, err := courant.OpenEvents(req, courant.WithHTTPClient(server.Client()))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stream.Close()
	event, err := stream.Recv()
	fmt.Printf("%s %v\n", event.Data, err)
	server.Cut()
	event, err = stream.Recv()
	fmt.Printf("%s %v\n", event.Data, err)
	fmt.Printf("%q\n", server.LastEventIDs())
	// Output:
	// event 1 <nil>
	// event 2 <nil>
	// ["" "1"]
}

// The same over TCP, for clients that need a port. The server is down for a while
// and comes back at its address with another handler.
func ExampleServer_Restart() {
	server := couranttest.NewTCPServer(couranttest.Script{{Status: http.StatusTeapot}}.Handler())
	defer server.Close()
	status := func() any {
		resp, err := http.Get(server.URL)
		if err != nil {
			return "nobody there"
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}

	fmt.Println(status())
	server.Refuse()
	server.Cut()
	fmt.Println(status())
	server.Restart(couranttest.Script{}.Handler())
	fmt.Println(status())
	// Output:
	// 418
	// nobody there
	// 204
}
