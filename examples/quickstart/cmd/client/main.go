// Command client prints the notes of the quickstart as they come, through cuts
// and restarts of the server.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/courant-dev/courant/examples/quickstart/gen/notes"
	"github.com/courant-dev/courant/examples/quickstart/gen/notes/client"
)

func main() {
	url := flag.String("url", "http://localhost:8080", "where the server is")
	since := flag.String("since", "", "ID of the last note that was seen")
	flag.Parse()
	if err := watch(*url, *since); err != nil {
		fmt.Fprintln(os.Stderr, "client:", err)
		os.Exit(1)
	}
}

// watch prints notes until the program is told to end, or the server ends the
// stream.
func watch(url, since string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	stream, err := client.NewClient(url).Watch(ctx, &notes.WatchPayload{Since: since})
	if err != nil {
		return err
	}
	defer stream.Close()
	for note, err := range stream.Events() {
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
		fmt.Printf("%4s  %-8s %s\n", note.ID, note.Kind, note.Text)
	}
	return nil
}
