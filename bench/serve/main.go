// Command serve times servers that send a loop of events to one client, in one
// run and in turn.
//
// It prints events per second and the processor time per event. It does not
// judge.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"time"

	"github.com/courant-dev/courant/bench/internal/measure"
)

const usage = `Serve times servers of text/event-stream that send events in a loop.

The client is a process of its own, which reads and drops what comes. Each round
has every server, in turn, send the same number of events; the medians of the
rounds are printed, and those of the ratios to the first server of each group:
Goa for loops of Sends, and net/http, which writes a frame that is ready and
flushes it, for one write per event.

	go run ./serve                   # the table of README.md, about a minute
	go run ./serve -rounds 3         # a first look

Flags:`

// settings are what the command line says.
type settings struct {
	rounds int
	events int
}

func main() {
	measure.Main("serve", func(args []string) error {
		if len(args) == 2 && args[0] == readCommand {
			return read(args[1])
		}
		s, err := parse(args)
		if err != nil {
			return err
		}
		return run(s)
	})
}

// parse reads the command line, and prints how to use it where it is asked to.
func parse(args []string) (settings, error) {
	var s settings
	flags := measure.Flags("serve", usage)
	flags.IntVar(&s.rounds, "rounds", 9, "how many `times` each server takes its turn")
	flags.IntVar(&s.events, "events", 200_000, "how many `events` it sends then")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if s.rounds < 1 || s.events < 1 || flags.NArg() > 0 {
		return s, fmt.Errorf("%d rounds of %d events, arguments %q: see -help", s.rounds, s.events, flags.Args())
	}
	return s, nil
}

// run measures each group and prints its table.
func run(s settings) error {
	for _, g := range groups(s.events) {
		wall, cpu := make([][]time.Duration, len(g.servers)), make([][]time.Duration, len(g.servers))
		ratio := make([][]float64, len(g.servers))
		for round := range s.rounds {
			for turn := range g.servers {
				i := (round + turn) % len(g.servers) // none is always first
				w, c, err := once(g.servers[i].handler, s.events)
				if err != nil {
					return fmt.Errorf("%s: %w", g.servers[i].name, err)
				}
				wall[i], cpu[i] = append(wall[i], w), append(cpu[i], c)
			}
			for i := range g.servers {
				ratio[i] = append(ratio[i], g.ratio(cpu[i][round], cpu[0][round], wall[i][round], wall[0][round]))
			}
		}
		fmt.Printf("%s, medians of %d rounds of %s events\n\n", g.title, s.rounds, measure.Thousands(float64(s.events)))
		fmt.Printf("| server | events/s | CPU per event | %s |\n|---|---:|---:|---:|\n", g.column)
		for i, p := range g.servers {
			perSecond := float64(s.events) / measure.Median(wall[i]).Seconds()
			fmt.Printf("| %s | %s | %s ns | %.2f |\n", p.name, measure.Thousands(perSecond),
				measure.Thousands(float64(measure.Median(cpu[i]))/float64(s.events)), measure.Median(ratio[i]))
		}
		fmt.Println()
	}
	return nil
}

// once has a server send its events to a client in a process of its own, and
// tells how long that took, and how much of the processor of this process.
func once(h http.Handler, events int) (wall, cpu time.Duration, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, 0, err
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go func() { _ = srv.Serve(l) }()
	defer func() { _ = srv.Close() }()
	client := exec.Command(os.Args[0], readCommand, l.Addr().String()) //nolint:gosec // this program again
	client.Stderr = os.Stderr
	before, err := measure.ProcessorTime()
	if err != nil {
		return 0, 0, err
	}
	out, err := client.Output()
	if err != nil {
		return 0, 0, err
	}
	after, err := measure.ProcessorTime()
	if err != nil {
		return 0, 0, err
	}
	var got int
	var took int64
	if _, err := fmt.Sscan(string(out), &got, &took); err != nil {
		return 0, 0, fmt.Errorf("the client says %q: %w", out, err)
	}
	if got < events {
		return 0, 0, fmt.Errorf("the client got %d events, not %d", got, events)
	}
	return time.Duration(took), after - before, nil
}

// readCommand has a process be the client.
const readCommand = "read-for-serve"

// read reads a stream from addr, and prints how many blank lines it had and how
// many nanoseconds it took from the first byte to the last.
func read(addr string) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /watch HTTP/1.1\r\nHost: "+addr+"\r\nConnection: close\r\n\r\n"); err != nil {
		return err
	}
	buf := make([]byte, 256<<10)
	var begun time.Time
	events, last := 0, byte(0)
	for {
		n, err := conn.Read(buf)
		if begun.IsZero() {
			begun = time.Now()
		}
		for _, c := range buf[:n] {
			if c == '\n' && last == '\n' {
				events++
			}
			last = c
		}
		if err != nil {
			break
		}
	}
	_, err = fmt.Println(events, time.Since(begun).Nanoseconds())
	return err
}
