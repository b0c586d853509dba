// Command reconnect opens many streams to one process, cuts them all at once, and
// shows when the clients come back and that none has lost an event.
//
// The clients are this process, with courant's Go client as it is by default;
// the server is a process of its own.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

const usage = `reconnect opens many streams to one process, cuts them all at once, and watches
the clients come back: each waits at random up to a second before its first
attempt, up to two before the next one, so that they do not come all together.
Each stream receives numbered events and resumes after the last one it has; a
number that is missing or comes twice is a failure.

  go run ./reconnect                       10,000 streams; the server resets all
  go run ./reconnect -cut restart          the server is killed, and is back 2 s later
  go run ./reconnect -streams 500          a short one
  go run ./reconnect -every 1m -profile .  idle streams, and profiles of the heaps

What it prints:

  drawn      streams whose first attempt is to be then, as the client drew it
  attempts   requests for a stream per 100 ms since the cut, those too that found
             no server
  back       streams that were answered in that time
  memory     of the server and of the clients, when all streams are open

It ends with 1 if an event was lost or came twice, or a stream is not back in
time. It takes as many open files as streams in each of the two processes
(ulimit -n), loopback addresses from 127.0.0.1 on, one for 5,000 streams, and
Linux for more than one of these.

Flags:
`

func main() {
	if serveIfAsked() {
		return
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "reconnect:", err)
		os.Exit(1)
	}
}

// run does what the arguments say.
func run(args []string) error {
	p := plan{progress: func(text string) { fmt.Fprintln(os.Stderr, "reconnect:", text) }}
	flags := flag.NewFlagSet("reconnect", flag.ExitOnError)
	flags.Usage = func() {
		fmt.Fprint(os.Stderr, usage)
		flags.PrintDefaults()
	}
	flags.IntVar(&p.streams, "streams", 10_000, "streams to open")
	flags.TextVar(&p.cut, "cut", reset, "how they are cut: reset (each connection, by a server that lives on) or restart (of the server, which is killed)")
	flags.DurationVar(&p.down, "down", 2*time.Second, "how long there is no server, with -cut restart")
	flags.DurationVar(&p.every, "every", 5*time.Second, "time between two events of a stream")
	flags.DurationVar(&p.timeout, "timeout", 2*time.Minute, "how long after the cut the last stream may be back")
	flags.StringVar(&p.profile, "profile", "", "directory for profiles of the heaps, when all streams are open: server.heap, clients.heap")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if p.streams < 1 || p.every <= 0 || flags.NArg() > 0 {
		return errors.New("want at least one stream, a time between events, and no arguments; -help says more")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	result, err := p.run(ctx)
	if err != nil {
		return err
	}
	fmt.Print(result)
	return result.verdict()
}
