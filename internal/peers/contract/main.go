// Command contract is a test service for the contract suite of Server-Sent
// Events clients, github.com/launchdarkly/sse-contract-tests: a program that opens
// streams with courant.OpenEvents as the suite's harness asks, and tells it what
// they receive.
//
//	go run ./internal/peers/contract -addr localhost:8000 &
//	sse-contract-tests --url http://localhost:8000
//
// It owns the suite's protocol and nothing of the streams: what a client can do is
// in the options of OpenEvents.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"
)

func main() {
	addr := flag.String("addr", "localhost:8000", "listen on this address")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := serve(ctx, *addr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "contract:", err)
		os.Exit(1)
	}
}

// serve serves until ctx is done, or the harness says that it has finished.
func serve(ctx context.Context, addr string) error {
	ctx, quit := context.WithCancel(ctx)
	defer quit()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	s := newService(quit)
	server := &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err = <-served:
	case <-ctx.Done():
		// The answer to the request to quit is still to be written.
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err = server.Shutdown(last)
	}
	s.closeAll()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
