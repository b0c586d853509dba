package vanish_test

import (
	"bufio"
	"context"
	"fmt"
	"os"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/internal/peers/gen/sse"
	"github.com/courant-dev/courant/internal/peers/gen/sse/client"
)

// watch is the process with the clients. It does as it is told on its standard
// input, until that is at its end, and says when it has done it.
func watch() error {
	orders := bufio.NewScanner(os.Stdin)
	for orders.Scan() {
		var err error
		switch orders.Text() {
		case "open":
			err = open()
		case "vanish":
			// The kernel drops what it would send: no word of the end of a connection
			// leaves, and what comes gets no answer, since nothing could come that way.
			err = ip("route add blackhole " + serverIP + "/32")
		}
		if err != nil {
			return fmt.Errorf("%s: %w", orders.Text(), err)
		}
		fmt.Println("done")
	}
	return orders.Err()
}

// open opens all streams, and returns when each has had its first event.
func open() error {
	for _, command := range []string{"address add " + clientIP + "/24 dev there", "link set there up"} {
		if err := ip(command); err != nil {
			return err
		}
	}
	for addr, streams := range map[string]int{beatingAddr: beating, quietAddr: quiet, plainAddr: plain} {
		greeted := make(chan error)
		c := client.NewClient("http://"+addr, courant.WithReadTimeout(0)) // they do nothing by themselves
		for range streams {
			go func() {
				stream, err := c.Stream(context.Background(), &sse.StreamPayload{})
				if err == nil {
					_, err = stream.Recv()
				}
				greeted <- err
				if err == nil {
					_, _ = stream.Recv() // heartbeats are read; nothing else comes
				}
			}()
		}
		for range streams {
			if err := <-greeted; err != nil {
				return err
			}
		}
	}
	return nil
}
