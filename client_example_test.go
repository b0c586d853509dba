package courant_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/courant-dev/courant"
)

// A stream of any server, without a design: it is cut after each event and
// resumed where it was, until the server has no more.
func ExampleOpenEvents() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		switch r.Header.Get("Last-Event-ID") {
		case "":
			fmt.Fprint(w, "retry: 10\nid: 1\ndata: one\n\n")
		case "1":
			fmt.Fprint(w, "event: last\nid: 2\ndata: two\n\n")
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	}))
	defer server.Close()

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel() // ends the stream
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	stream, err := courant.OpenEvents(req, courant.WithHeader("Authorization", "Bearer token"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for event, err := range stream.Events() {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s %s: %s\n", event.ID, event.Type, event.Data)
	}
	// Output:
	// 1 message: one
	// 2 last: two
}

// How a stream ends, and what does not end it.
func ExampleContinues() {
	for _, err := range []error{
		io.EOF,
		&courant.GapError{Asked: "7", Oldest: "9", Reason: "trimmed"},
		&courant.CutError{Method: "notes.ask", Err: io.ErrUnexpectedEOF},
	} {
		switch {
		case errors.Is(err, io.EOF):
			fmt.Println("complete")
		case courant.Continues(err):
			fmt.Println("goes on:", err)
		default:
			fmt.Println("final:", err)
		}
	}
	// Output:
	// complete
	// goes on: courant: events after "7" are lost (trimmed)
	// final: courant: notes.ask: stream cut: unexpected EOF
}
