package natslog_test

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/natslog"
)

// cluster is three NATS servers on loopback ports.
type cluster struct {
	testing.TB

	options [3]*server.Options
	servers [3]*server.Server
}

func startCluster(t testing.TB) *cluster {
	t.Helper()
	c := &cluster{TB: t}
	stop := func() {
		for i := range c.servers {
			c.stop(i)
		}
	}
	for attempt := 0; !c.tryStart(); attempt++ { // a port that was free may not be any more
		stop()
		if attempt == 2 {
			t.Fatal("the servers do not start")
		}
	}
	t.Cleanup(stop) // before the directories are removed
	c.until("the cluster is ready", func() bool {
		for _, s := range c.servers {
			if !s.JetStreamIsCurrent() {
				return false
			}
		}
		return true
	})
	return c
}

// tryStart starts three servers on ports that are free, and reports whether all
// of them listen.
func (c *cluster) tryStart() bool {
	c.Helper()
	var routes []*url.URL
	var ports [6]int
	for i := range ports {
		ports[i] = freePort(c)
	}
	for i := range c.options {
		routes = append(routes, &url.URL{Scheme: "nats", Host: fmt.Sprintf("127.0.0.1:%d", ports[3+i])})
	}
	for i := range c.options {
		c.options[i] = &server.Options{
			ServerName: fmt.Sprintf("node%d", i), Host: "127.0.0.1", Port: ports[i],
			JetStream: true, StoreDir: c.TempDir(), NoSigs: true, NoLog: true,
			Cluster: server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: ports[3+i], NoAdvertise: true},
			Routes:  routes,
		}
		if !c.run(i) {
			return false
		}
	}
	return true
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func (c *cluster) start(i int) {
	c.Helper()
	if !c.run(i) {
		c.Fatal("a server does not start")
	}
}

func (c *cluster) run(i int) bool {
	c.Helper()
	s, err := server.NewServer(c.options[i])
	if err != nil {
		c.Fatal(err)
	}
	c.servers[i] = s
	s.Start()
	return s.ReadyForConnections(10 * time.Second)
}

func (c *cluster) stop(i int) {
	if c.servers[i] != nil {
		c.servers[i].Shutdown()
		c.servers[i].WaitForShutdown()
	}
}

// url has the address of one server first.
func (c *cluster) url(first int) string {
	var all []string
	for i := range c.servers {
		all = append(all, c.servers[(first+i)%3].ClientURL())
	}
	return strings.Join(all, ",")
}

// until polls.
func (c *cluster) until(what string, done func() bool) {
	c.Helper()
	until(c, what, done)
}

func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("not within 30 s: %s", what)
		}
	}
}

func (c *cluster) open(first int, options ...natslog.Option) *natslog.Store {
	c.Helper()
	s, err := natslog.Open(c.Context(), append(options, natslog.WithURL(c.url(first)), natslog.WithReplicas(3))...)
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() { _ = s.Close() })
	return s
}

func open(t testing.TB, s eventlog.Store, name string, limits eventlog.Limits) eventlog.Log {
	t.Helper()
	l, err := s.Open(t.Context(), name, limits)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
