package peers_test

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/courant-dev/courant/couranttest"
	"github.com/courant-dev/courant/internal/peers/gen/sse/server"
)

// serveVariable, when it is set, makes a process of this test's binary a server
// on the address that it holds.
const serveVariable = "COURANT_PEERS_SERVE"

func TestMain(m *testing.M) {
	if addr := os.Getenv(serveVariable); addr != "" {
		c := &counter{last: 60, before: every(10 * time.Millisecond)}
		fmt.Fprintln(os.Stderr, http.ListenAndServe(addr, server.New(c)))
		os.Exit(1)
	}
	os.Exit(couranttest.RunAndCheckLeaks(browsing{m}))
}

// browsing are tests after which the browser ends.
type browsing struct{ tests *testing.M }

func (b browsing) Run() int {
	defer chromium.stop()
	return b.tests.Run()
}

// startServer starts the counter in a process of its own and waits until it
// takes connections. The process is killed at the end of the test.
func startServer(t *testing.T, addr string) *os.Process {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serveVariable+"="+addr)
	cmd.Stderr = os.Stderr
	start(t, cmd)
	awaitAddress(t, addr)
	return cmd.Process
}

// start starts cmd, which is killed at the end of the test if it still runs.
func start(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait() // it is killed
		close(done)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-done
	})
}

// freeAddress returns an address on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// awaitAddress waits until somebody listens on addr.
func awaitAddress(t *testing.T, addr string) {
	t.Helper()
	awaitListener(t, "tcp", addr)
}

func awaitListener(t *testing.T, network, addr string) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		conn, err := net.Dial(network, addr)
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		<-time.After(10 * time.Millisecond)
	}
}
