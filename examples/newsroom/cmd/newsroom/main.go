// Command newsroom serves the newsroom: its rooms, their messages, which are
// kept in a directory, and a page to watch them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/examples/newsroom"
	"github.com/courant-dev/courant/examples/newsroom/gen/rooms/server"
	"github.com/courant-dev/courant/hub"
)

// settings are the flags.
type settings struct {
	addr     string
	data     string
	sync     string
	nats     string
	replicas int
	redis    string
	agency   time.Duration
}

func main() {
	var s settings
	flag.StringVar(&s.addr, "addr", "localhost:8080", "address to listen on; port 0 takes a free one")
	flag.StringVar(&s.data, "data", defaultData(), "directory of the messages and of newsroom.json, which says who may enter")
	flag.StringVar(&s.sync, "sync", "10s", "how often messages are forced to the disk, which matters when the power fails; always: each before it is acknowledged")
	flag.StringVar(&s.nats, "nats", "", "URL of a NATS server, or several with commas, to keep the messages there")
	flag.IntVar(&s.replicas, "replicas", 1, "with -nats: how many servers of a cluster keep each message, 1, 3 or 5")
	flag.StringVar(&s.redis, "redis", "", "URL of a Redis server, such as redis://localhost:6379, to keep the messages there")
	flag.DurationVar(&s.agency, "agency", 0, "time between two messages of an invented news agency; 0 for none")
	flag.Parse()
	if err := s.run(); err != nil {
		fmt.Fprintln(os.Stderr, "newsroom:", err)
		os.Exit(1)
	}
}

// defaultData is a place of the user's own, so that what was said is there at
// the next start.
func defaultData() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "newsroom-data"
	}
	return filepath.Join(dir, "courant-newsroom")
}

// run serves until the program is told to end.
func (s *settings) run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	listener, err := courant.Listen(ctx, "tcp", s.addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken by another program; choose another one with -addr localhost:8081 (make demo ADDR=localhost:8081)", s.addr)
	}
	if err != nil {
		return err
	}
	defer listener.Close()
	logger := slog.Default()
	directory, err := newsroom.OpenDirectory(filepath.Join(s.data, "newsroom.json"), logger)
	if err != nil {
		return err
	}
	store, err := s.openStore(ctx, logger)
	if err != nil {
		return err
	}
	h := hub.New(store, hub.WithLogger(logger))
	svc, err := await(ctx, h, directory, logger)
	if err == nil {
		s.printHints(listener.Addr(), directory)
		if s.agency > 0 {
			go report(ctx, svc, s.agency, logger)
		}
		err = serve(ctx, listener, svc)
	}
	return errors.Join(err, h.Close(), store.Close())
}

// patience is how long a server that keeps messages may take to be there.
const patience = 30 * time.Second

// await opens the newsroom. What keeps the messages may be starting as well.
func await(ctx context.Context, h *hub.Hub, directory *newsroom.Directory, logger *slog.Logger) (*newsroom.Newsroom, error) {
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		svc, err := newsroom.New(ctx, h, directory, logger)
		if err == nil || waiting.Err() != nil {
			return svc, err
		}
		logger.Warn("newsroom: the messages cannot be read yet", slog.Any("error", err))
		select {
		case <-time.After(time.Second):
		case <-waiting.Done():
		}
	}
}

// serve serves until ctx is done. Then it has the clients of open streams come
// back to the next server, and lets other requests end.
func serve(ctx context.Context, listener net.Listener, svc *newsroom.Newsroom) error {
	streams := &courant.Streams{Limit: 10_000, LimitPerAddress: 1_000}
	opts := append(newsroom.Options(), courant.WithStreams(streams), courant.WithTakeover())
	srv := &http.Server{Handler: server.New(svc, opts...), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return errors.Join(streams.Drain(grace), srv.Shutdown(grace))
}

// printHints says where the program is, and what to try.
func (s *settings) printHints(taken net.Addr, directory *newsroom.Directory) {
	url := "http://" + hostPort(s.addr, taken)
	fmt.Printf("Courant newsroom on %s\n\n", url)
	hint := func(what, how string) { fmt.Printf("  %-17s %s\n", what, how) }
	hint("the page", "open "+url+" in a browser, cut a watcher, or end this program and start it again")
	if room, token, ok := directory.Invitation(); ok {
		hint("a private room", url+"/#"+room+"/"+token)
	}
	hint("what travels", "curl -N "+url+"/rooms/sport/events")
	hint("publish", "curl "+url+`/rooms/sport/messages --json '{"author":"Ada","text":"Hello"}'`)
	hint("messages", s.kept())
	hint("who may enter", filepath.Join(s.data, "newsroom.json"))
	fmt.Print("\nCtrl-C ends it; the messages stay.\n")
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
