package vanish_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/internal/peers/gen/sse"
	"github.com/courant-dev/courant/internal/peers/gen/sse/server"
)

// The addresses are for documentation (RFC 5737), and exist in the namespaces of
// the test alone.
const (
	serverIP    = "192.0.2.1"
	clientIP    = "192.0.2.2"
	beatingAddr = serverIP + ":80"
	quietAddr   = serverIP + ":81"
	plainAddr   = serverIP + ":82"
)

// tally is what a server has seen of its clients.
type tally struct {
	Opened, Noticed  int
	PeerGone         int // of those noticed, where Send says so
	Left             int // in the registry, at the end
	Fastest, Slowest time.Duration
}

// serve is the process with the servers. It starts the one with the clients, has
// them vanish, and writes what was noticed to its standard output.
func serve() error {
	clients, err := startClients()
	if err != nil {
		return err
	}
	defer clients.Close()
	ours, ordinary := courant.Listen, new(net.ListenConfig).Listen
	groups := map[string]*group{}
	for _, g := range []struct {
		name, addr string
		listen     func(ctx context.Context, network, address string) (net.Listener, error)
		opts       []courant.ServerOption
	}{
		{"beating", beatingAddr, ours, nil},
		{"quiet", quietAddr, ours, []courant.ServerOption{courant.WithHeartbeat(0)}},
		{"plain", plainAddr, ordinary, nil},
	} {
		l, err := g.listen(context.Background(), "tcp", g.addr)
		if err != nil {
			return err
		}
		groups[g.name] = serveGroup(l, g.opts...)
	}
	if err := clients.tell("open"); err != nil {
		return err
	}
	tallies := map[string]*tally{}
	for name, g := range groups {
		tallies[name] = &tally{Opened: g.streams.Len()}
	}
	if err := clients.tell("vanish"); err != nil {
		return err
	}
	vanished, end := time.Now(), time.After(limit)
	for _, name := range []string{"beating", "quiet"} {
		groups[name].await(tallies[name], vanished, end)
	}
	tallies["plain"].Left = groups["plain"].streams.Len()
	return json.NewEncoder(os.Stdout).Encode(tallies)
}

// A group is a server and its streams.
type group struct {
	streams courant.Streams
	ended   chan ending
}

// ending is how a stream went.
type ending struct {
	at  time.Time
	err error // of Send
}

func serveGroup(l net.Listener, opts ...courant.ServerOption) *group {
	g := &group{ended: make(chan ending, beating)}
	srv := &http.Server{
		Handler:           server.New(g, append(opts, courant.WithStreams(&g.streams))...),
		ReadHeaderTimeout: 10 * time.Second,
	}
	go func() { exit(srv.Serve(l)) }()
	return g
}

// Stream greets, then says nothing and waits for the end.
func (g *group) Stream(ctx context.Context, _ *sse.StreamPayload, stream sse.StreamServerStream) error {
	if err := stream.Send(&sse.Event{Message: "hello", ID: "1"}); err != nil {
		return err
	}
	<-ctx.Done()
	e := ending{at: time.Now()}
	for e.err == nil { // the first may come between the end and its being known
		e.err = stream.Send(&sse.Event{Message: "anyone there?", ID: "2"})
	}
	g.ended <- e
	return nil
}

// await tells t of each stream that ends, until all have and none is counted any
// more, or until the end.
func (g *group) await(t *tally, vanished time.Time, end <-chan time.Time) {
	for t.Noticed < t.Opened {
		select {
		case e := <-g.ended:
			t.Noticed++
			if errors.Is(e.err, courant.ErrPeerGone) {
				t.PeerGone++
			}
			t.Slowest = max(t.Slowest, e.at.Sub(vanished))
			if t.Noticed == 1 {
				t.Fastest = e.at.Sub(vanished)
			}
		case <-end:
			t.Left = g.streams.Len()
			return
		}
	}
	// The method has returned, or is about to.
	for deadline := time.Now().Add(time.Second); g.streams.Len() > 0 && time.Now().Before(deadline); {
		<-time.After(time.Millisecond)
	}
	t.Left = g.streams.Len()
}

// clientProcess is the process with the clients.
type clientProcess struct {
	orders  io.WriteCloser
	answers *bufio.Scanner
	wait    func() error
}

// startClients starts the process and ties its network to this one's.
func startClients() (*clientProcess, error) {
	cmd := role("client")
	orders, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	answers, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &clientProcess{orders, bufio.NewScanner(answers), cmd.Wait}
	for _, command := range []string{
		fmt.Sprintf("link add here type veth peer name there netns %d", cmd.Process.Pid),
		"address add " + serverIP + "/24 dev here",
		"link set here up",
	} {
		if err := ip(command); err != nil {
			return nil, errors.Join(fmt.Errorf("ip %s: %w", command, err), p.Close())
		}
	}
	return p, nil
}

// tell gives an order and waits until it is carried out.
func (p *clientProcess) tell(order string) error {
	if _, err := fmt.Fprintln(p.orders, order); err != nil {
		return err
	}
	if !p.answers.Scan() {
		return fmt.Errorf("the clients have ended before they could %s", order)
	}
	return nil
}

// Close ends the process: its standard input is at its end.
func (p *clientProcess) Close() error { return errors.Join(p.orders.Close(), p.wait()) }
