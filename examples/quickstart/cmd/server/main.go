// Command server serves the quickstart: the notes service, a page that watches
// it, and notes of its own so that there is something to see.
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
	"syscall"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/examples/quickstart"
	"github.com/courant-dev/courant/examples/quickstart/gen/notes/server"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "address to listen on; port 0 takes a free one")
	every := flag.Duration("every", 2*time.Second, "time between two notes of the program itself; 0 for none")
	flag.Parse()
	if err := run(*addr, *every); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// run serves until the program is told to end, then ends open streams so that
// clients come back to the next server.
func run(addr string, every time.Duration) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := courant.Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken by another program; choose another one with -addr localhost:8081 (make demo ADDR=localhost:8081)", addr)
	}
	if err != nil {
		return err
	}
	svc := quickstart.New()
	cuts := newCutter()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /demo/cut", cuts.cut)
	server.Mount(mux, svc, courant.WithFiles(quickstart.Files()))
	srv := &http.Server{
		Handler:           cuts.watch(mux),
		ConnContext:       cuts.remember,
		ReadHeaderTimeout: 10 * time.Second,
	}

	if every > 0 {
		go chatter(ctx, svc, every)
	}
	printHints(hostPort(addr, listener.Addr()))
	done := make(chan error, 1)
	go func() { done <- srv.Serve(listener) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return srv.Shutdown(grace)
}

// hostPort is addr as it was asked for, with the port that was taken.
func hostPort(addr string, taken net.Addr) string {
	host, _, err := net.SplitHostPort(addr)
	_, port, takenErr := net.SplitHostPort(taken.String())
	if err != nil || takenErr != nil || host == "" {
		return taken.String()
	}
	return net.JoinHostPort(host, port)
}

func printHints(addr string) {
	fmt.Printf(`Courant quickstart on http://%[1]s

  the page          open http://%[1]s in a browser, and cut its connection
  what travels      curl -N http://%[1]s/notes/stream
  publish           curl http://%[1]s/notes --json '{"kind":"success","text":"Hello"}'
  a bad one         curl http://%[1]s/notes --json '{"kind":"loud"}'
  resume            curl -N http://%[1]s/notes/stream -H 'Last-Event-ID: 2'
  the Go client     go run ./examples/quickstart/cmd/client -url http://%[1]s

Ctrl-C ends it.
`, addr)
}
