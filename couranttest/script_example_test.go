package couranttest_test

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
	"github.com/courant-dev/courant/sse"
)

// A server that does what servers and networks do. The client loses nothing and
// gets nothing twice. In a bubble of testing/synctest the minutes take no time.
func ExampleScript() {
	server := couranttest.NewServer(couranttest.Script{
		{Send: couranttest.Bytes("retry: 1\nid: 1\ndata: one\n\nid: 2\ndata: tw"), End: couranttest.Cut},
		{Status: http.StatusServiceUnavailable},
		{Send: couranttest.Steps{
			couranttest.Bytes("\ufeffid: 2\r\ndata: two\r"), couranttest.Pause(time.Millisecond), couranttest.Bytes("\n\r\n"),
			couranttest.Comment("beat"),
			couranttest.Event(sse.Event{ID: "3", Data: []byte("three")}),
		}, End: couranttest.Reset},
		{Send: couranttest.Drip{Bytes: "data: four\r\r", Every: time.Millisecond}},
	}.Handler()) // and then 204: the end
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
	for event, err := range stream.Events() {
		fmt.Printf("%s %v\n", event.Data, err)
	}
	fmt.Printf("%q\n", server.LastEventIDs())
	// Output:
	// one <nil>
	// two <nil>
	// three <nil>
	// four <nil>
	// ["" "1" "1" "3" "3"]
}

// A gate holds an answer until the test opens it.
func ExampleGate() {
	var gate couranttest.Gate
	server := couranttest.NewServer(couranttest.Script{
		{Send: couranttest.Steps{couranttest.Bytes("data: one\n\n"), &gate, couranttest.Bytes("data: two\n\n")}},
	}.Handler())
	defer server.Close()

	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, server.URL, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	stream, err := courant.OpenEvents(req, courant.WithHTTPClient(server.Client()), courant.WithReconnect(courant.Never))
	if err != nil {
		fmt.Println(err)
		return
	}
	for event, err := range stream.Events() {
		fmt.Printf("%s %v\n", event.Data, err)
		gate.Open()
	}
	// Output:
	// one <nil>
	// two <nil>
}
