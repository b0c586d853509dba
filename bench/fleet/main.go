// Command fleet connects as many subscribers to a server as one process may have
// files, and then to several servers on one log, and tells what they cost and
// whether each has had every event.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	"github.com/courant-dev/courant/bench/internal/measure"
)

const usageText = `Fleet measures how a hub holds many subscribers: on one server, then on several
servers that share a log. Everything is on this machine, in processes of its own:

  server       a hub with courant.WithTakeover; the first one publishes
  log          with more than one server: a NATS server with JetStream, on a
               loopback port, with files in a temporary directory
  subscribers  one process per 19,500: sockets and epoll, one goroutine, one
               buffer. Each subscriber knows its last event ID and the number of
               the event that is next

What happens, for each number of servers:

  1. All subscribers connect, at most 200 of a process at a time. What the servers
     take is measured then, before anything is published.
  2. Events of 160 bytes are published one after the other (-events, -pace).
  3. All connections are reset at once. Each subscriber comes back at a time at
     random within a second (-away), with its last event ID; meanwhile events are
     published (-missed).

Each event is numbered, and each subscriber must have every number, once and in
order: else the command says what is wrong and ends with 1. So it does when a step
takes longer than -timeout.

  go run ./fleet                                # 1 and 5 servers, 5 minutes and more
  go run ./fleet -subscribers 500 -pace 20      # a first look
  go run ./fleet -servers 5 -pace 0.25          # slow enough for 2 cores: each event
                                                # has arrived before the next one comes
  go run ./fleet -servers 1 -profile /tmp       # also profiles of the heap
  go tool pprof -sample_index=inuse_space /tmp/1-of-1-idle.heap

Reading the table:

  more resident      by how much the memory of the servers has grown since nobody
                     was connected, per connection: as it is, and after a garbage
                     collection
  kernel             by how much the whole machine's sockets, inodes, files, entries
                     of epoll and TCP buffers have grown, per connection, which has
                     two ends here; other programs are in it. It takes root
  until the last     from publishing to the read of the last subscriber, of all events
  processor          user and system time of all servers, and of all processes of
                     subscribers, while events are published one after the other
  … back             until the answer; the processor's part has the events missed and
                     the end of the connection before in it
  queue was full     how often the kernel has put a connection off after the cut, because
                     as many as it keeps (net.core.somaxconn) waited to be accepted
  cut besides        connections that a server has ended and was not to; their
                     subscribers come back and go on

It takes Linux, and as many open files per process as subscribers, with 100 more
(ulimit -Hn). Source addresses go from 127.0.0.2 on, one for 5,000 subscribers,
because a port is needed for each connection of an address to one server.

Flags:`

// settings are what the command line says.
type settings struct {
	plan

	servers []int
	log     logKind
}

func main() {
	if playRole() {
		return
	}
	measure.Main("fleet", func(args []string) error {
		s, err := parse(args)
		if err != nil {
			return err
		}
		return run(s)
	})
}

// parse reads the command line.
func parse(args []string) (*settings, error) {
	s := &settings{servers: []int{1, 5}, log: automatic}
	s.progress = func(text string) { fmt.Fprintln(os.Stderr, "fleet:", text) }
	flags := measure.Flags("fleet", usageText)
	flags.IntVar(&s.subscribers, "subscribers", 19_000, "how `many` of them each server has")
	flags.Func("servers", "how `many`, separated by commas: a run for each (default 1,5)", func(text string) error {
		s.servers = nil
		for part := range strings.SplitSeq(text, ",") {
			n, err := strconv.Atoi(part)
			if err != nil || n < 1 {
				return fmt.Errorf("%q is no positive number", part)
			}
			s.servers = append(s.servers, n)
		}
		return nil
	})
	flags.TextVar(&s.log, "log", automatic, "which `log` has the events: memlog, natslog, or auto, which is memlog for one server")
	flags.IntVar(&s.events, "events", 100, "how many `events` are published one after the other")
	flags.Float64Var(&s.pace, "pace", 2, "`events` per second")
	flags.IntVar(&s.missed, "missed", 20, "how many `events` are published while everyone is away")
	flags.DurationVar(&s.away, "away", time.Second, "the longest `time` after which a subscriber comes back")
	flags.DurationVar(&s.timeout, "timeout", 10*time.Minute, "how long a step may take")
	flags.StringVar(&s.profile, "profile", "", "`directory` for profiles of the servers' heaps, when all are connected, and when all are back")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	return s, s.check(flags.NArg())
}

func (s *settings) check(arguments int) error {
	if s.subscribers < 1 || s.events < 1 || s.missed < 1 || s.pace <= 0 || s.away <= 0 || arguments > 0 {
		return errors.New("want positive numbers, and no arguments; -help says more")
	}
	for _, n := range s.servers {
		if n > 1 && s.log == inMemory {
			return errors.New("a log in memory is that of one process: -log natslog for more than one server")
		}
	}
	limit, err := fileLimit()
	if err != nil {
		return err
	}
	if s.subscribers+100 > limit {
		return fmt.Errorf("a process may have %d files open: fewer -subscribers, or a higher limit (ulimit -Hn)", limit)
	}
	return nil
}

// run runs each fleet, and prints the table of all.
func run(s *settings) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var results []*result
	var wrong error
	for _, n := range s.servers {
		f := fleet{n, s.log}
		if f.log == automatic {
			f.log = inNATS
			if n == 1 {
				f.log = inMemory
			}
		}
		s.progress(fmt.Sprintf("servers: %d, %s", n, f.log))
		r, err := s.plan.run(ctx, f)
		if err != nil {
			return err
		}
		if err := r.complete(); err != nil {
			wrong = errors.Join(wrong, fmt.Errorf("%d servers: %w", n, err))
			continue
		}
		results = append(results, r)
	}
	if len(results) > 0 {
		fmt.Print(table(results))
	}
	return wrong
}
