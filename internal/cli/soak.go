package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/courant-dev/courant/internal/soak"
	"github.com/spf13/cobra"
)

// soakCommand is one call of courant soak.
type soakCommand struct {
	Process
	config   soak.Config
	headers  []string
	faults   []string
	servers  []string
	backends []string
	recon    string
	log      string
	json     bool
	noGaps   bool
}

const soakLong = `Soak connects many clients to a server of Server-Sent Events, publishes events by
HTTP, breaks what it is told to break, and accounts for every event at every
client: received, lost, doubled, out of order, gaps announced.

It works with any server that takes events by a request and streams them. Into
--body goes {event}, a token that must come back somewhere in the event's data.
With {topic} in the URLs there may be several topics, of which each client
watches one; topics get new names in each run unless --topic-name says others.

A client must receive what is published after it was connected first, each
event once, in the order in which the server took them: also over cuts, where it
resumes with Last-Event-ID. What is missing after an event of type stream-gap is
lost and announced. A request to publish that is cut leaves open whether the
event is there; with --key-header it is repeated under the same key until that
is known, else the event may be there or not.

The command after -- is started as the server, awaited, killed by the fault
"kill", and ended at the end. --server adds more of them, --backend what they
need. Faults of the network happen in a proxy between the clients and the server.
Each --faults is a list:

  kill 5s-15s      kill a server 5 to 15 s after it listens, and start it again at once
  backend 20s-40s  the same with a backend
  reset 1s-3s 4    reset 4 connections each 1 to 3 s (1 if no number is given)
  stall 2s-5s 4    do not read from 4 connections for 2 to 5 s, then from others
  halfopen 10s     let a connection die without a sign each 10 s
  slow 3           read from 3 connections at 4 KiB/s
  latency 50ms     delay all that is sent, in both directions
  move 1s-2s 4     have 4 clients connect again, to the next of the --events

The exit status is 1 when an event was lost without an announcement, doubled or
out of order, when a command ended by itself, or when soak could not run; 2 when
it was called in a wrong way. An interrupt ends the publishing; the account
follows.`

const soakExample = `  # 200 clients on 4 topics of a server that runs; 1,000 events/s for a minute
  courant soak --events 'http://localhost:8080/rooms/{topic}/events' \
    --publish 'http://localhost:8080/rooms/{topic}/messages' --body '{"text":"{event}"}' \
    --clients 200 --topics 4 --rate 1000 --duration 1m

  # The same with a server that is killed again and again, and a bad network
  courant soak --events … --publish … --body … --key-header Idempotency-Key \
    --faults 'kill 5s-15s, reset 1s-3s, stall 2s-5s' -- ./server -addr :8080

  # Two servers on one Redis, which is killed too; clients move between them
  courant soak --events http://localhost:8081/events --events http://localhost:8082/events \
    --publish http://localhost:8081/messages --publish http://localhost:8082/messages --body … \
    --backend 'redis-server --appendonly yes' --await localhost:6379 \
    --server './server -addr :8081' --server './server -addr :8082' \
    --faults 'kill 5s-15s, backend 20s-40s, move 1s'`

func newSoak(p Process) *cobra.Command {
	c := &soakCommand{Process: p}
	cmd := &cobra.Command{
		Use:     "soak --events URL --publish URL --body TEXT [-- SERVER ARGUMENTS…]",
		Short:   "Load a server of streams, break it, and account for every event",
		Long:    soakLong,
		Example: soakExample,
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if dash := cmd.ArgsLenAtDash(); len(args) > 0 && dash != 0 {
			return fmt.Errorf("what is %q? The command of a server comes after --", args[0])
		}
		if len(args) > 0 {
			c.config.Servers = append(c.config.Servers, args)
		}
		if err := c.complete(cmd); err != nil {
			return err
		}
		return c.run(cmd.Context())
	}
	f := cmd.Flags()
	f.StringArrayVar(&c.config.Events, "events", nil, "`URL` of the streams, with {topic}; again for each further server")
	f.StringArrayVar(&c.config.Publish, "publish", nil, "`URL` to publish at, with {topic}; again for each further server")
	f.StringVar(&c.config.Method, "method", "POST", "`METHOD` of publishing")
	f.StringVar(&c.config.Body, "body", "", "`TEXT` to publish, with {event} where the token goes")
	f.StringArrayVar(&c.headers, "header", nil, "`'NAME: VALUE'` to send with every request")
	f.StringVar(&c.config.KeyHeader, "key-header", "", "repeat uncertain requests, with the token in the header `NAME`")
	f.StringVar(&c.config.GapType, "gap-event", "stream-gap", "event `TYPE` that announces a gap")
	f.IntVar(&c.config.Topics, "topics", 1, "number of topics")
	f.StringArrayVar(&c.config.TopicNames, "topic-name", nil, "`NAME` of a topic, in place of a new one; again for each further one")
	f.IntVar(&c.config.Clients, "clients", 10, "number of clients")
	f.IntVar(&c.config.Publishers, "publishers", 0, "how many publish at a time; at most one per topic (default: that)")
	f.Float64Var(&c.config.Rate, "rate", 100, "events per second, of all topics; 0 for as many as can be")
	f.Int64Var(&c.config.Count, "count", 0, "publish so many events and no more (default: as --duration allows)")
	f.IntVar(&c.config.Size, "size", 0, "fill the token up to so many bytes")
	f.BoolVar(&c.config.FromStart, "from-start", false, "clients must also receive what was published before they came")
	f.DurationVar(&c.config.Duration, "duration", 30*time.Second, "how long to publish")
	f.DurationVar(&c.config.Ramp, "ramp", 0, "over how long the clients come, while events are published (default: all come before)")
	f.DurationVar(&c.config.Idle, "idle", 0, "how long clients are only connected before the first event; their memory is measured then")
	f.DurationVar(&c.config.Settle, "settle", 30*time.Second, "how long clients have, after that, to get what is missing")
	f.DurationVar(&c.config.Start, "start", 30*time.Second, "how long the server has to start, and then the clients to connect")
	f.DurationVar(&c.config.ReadTimeout, "read-timeout", 45*time.Second, "give a connection up on which nothing arrives for so long; negative: never")
	f.StringVar(&c.recon, "reconnect", "100ms-2s", "first and longest delay before a client connects again, at random below")
	f.StringArrayVar(&c.faults, "faults", nil, "`SCRIPT` of what is to go wrong")
	f.Uint64Var(&c.config.Seed, "seed", 0, "of all that is random, to repeat a run (default: a new one)")
	f.StringArrayVar(&c.servers, "server", nil, "further `COMMAND` of a server, split at spaces")
	f.StringArrayVar(&c.backends, "backend", nil, "`COMMAND` of what the servers need, split at spaces; started first")
	f.StringArrayVar(&c.config.Await, "await", nil, "`ADDRESS` that must accept connections before the servers start; again for each further one")
	f.IntVar(&c.config.PID, "pid", 0, "process `ID` of a server that soak has not started, to tell its memory")
	f.StringVar(&c.log, "log", "", "`FILE` for what the commands print (default: standard error)")
	f.BoolVar(&c.json, "json", false, "print the account as JSON")
	f.BoolVar(&c.noGaps, "no-gaps", false, "fail when events were lost with an announcement too")
	return cmd
}

// complete takes the flags over that need to be read.
func (c *soakCommand) complete(cmd *cobra.Command) error {
	for _, name := range []string{"clients", "topics", "duration", "settle", "start", "read-timeout"} {
		if f := cmd.Flags().Lookup(name); f.Changed && strings.TrimSuffix(f.Value.String(), "s") == "0" {
			return fmt.Errorf("--%s 0: want more than nothing", name) // a Config would take its default
		}
	}
	for _, script := range c.faults {
		faults, err := soak.ParseFaults(script)
		if err != nil {
			return err
		}
		c.config.Faults = append(c.config.Faults, faults...)
	}
	c.config.Header = http.Header{}
	for _, line := range c.headers {
		name, value, ok := strings.Cut(line, ":")
		if !ok || strings.TrimSpace(name) == "" {
			return fmt.Errorf("--header %q: want one such as 'Authorization: Bearer abc'", line)
		}
		c.config.Header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	for _, command := range c.servers {
		c.config.Servers = append(c.config.Servers, strings.Fields(command))
	}
	for _, command := range c.backends {
		c.config.Backends = append(c.config.Backends, strings.Fields(command))
	}
	if len(c.config.TopicNames) > 0 && cmd.Flags().Changed("topics") {
		return errors.New("--topics and --topic-name exclude one another: the number of topics is that of their names")
	}
	var err error
	c.config.Reconnect, err = soak.ParseRange(c.recon)
	if err != nil {
		return fmt.Errorf("--reconnect %w", err)
	}
	return nil
}

func (c *soakCommand) run(ctx context.Context) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	if c.config.Seed == 0 {
		c.config.Seed = uint64(rand.Uint32()) + 1
	}
	if len(c.config.Faults) > 0 {
		fmt.Fprintf(c.Stderr, "faults with --seed %d\n", c.config.Seed)
	}
	console := newSoakConsole(c.Stderr)
	c.config.Progress = console.progress
	c.config.Output = console.output()
	if c.log != "" {
		f, err := os.Create(c.log)
		if err != nil {
			return &failure{fmt.Errorf("courant: %w", err)}
		}
		defer f.Close()
		c.config.Output = f
	}
	account, err := soak.Run(ctx, c.config)
	console.end()
	if wrong, ok := errors.AsType[*soak.ConfigError](err); ok {
		return wrong
	}
	if err != nil {
		return &failure{fmt.Errorf("courant: %w", err)}
	}
	passed := account.Passed() && (!c.noGaps || account.LostAnnounced == 0)
	if c.json {
		e := json.NewEncoder(c.Stdout)
		e.SetIndent("", "  ")
		err = e.Encode(account)
	} else {
		_, err = io.WriteString(c.Stdout, soakTable(account, passed))
	}
	switch {
	case err != nil:
		return &failure{err}
	case !passed:
		return errSilent
	}
	return nil
}
