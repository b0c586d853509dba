package natslog_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/logtest"
	"github.com/courant-dev/courant/eventlog/natslog"
)

func TestEmbeddedOutlivesKill(t *testing.T) {
	logtest.Crash(t, embeddedIn(), logtest.WithRounds(6))
}

func TestEmbeddedThatSyncsAlwaysOutlivesKill(t *testing.T) {
	logtest.Crash(t, embeddedIn(natslog.WithSyncAlways()), logtest.WithRounds(3))
}

func embeddedIn(options ...natslog.Option) func(t testing.TB, dir string) eventlog.Store {
	return func(t testing.TB, dir string) eventlog.Store {
		s, err := natslog.Open(t.Context(), append(options, natslog.WithDir(dir))...)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

// TestServerOutlivesKill kills a NATS server, and has publishers and followers
// wait for it.
func TestServerOutlivesKill(t *testing.T) {
	port, told := os.LookupEnv("NATSLOG_TEST_PORT") // the process that appends is told
	if !told {
		port = strconv.Itoa(freePort(t))
		t.Setenv("NATSLOG_TEST_PORT", port)
	}
	open := func(t testing.TB, _ string) eventlog.Store {
		s, err := natslog.Open(t.Context(), natslog.WithURL("nats://127.0.0.1:"+port))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	logtest.Crash(t, open, logtest.WithRounds(3), logtest.WithServer(func(t testing.TB, dir string) func() { return startProcess(t, dir, port) }))
}

// startProcess runs the test program as a NATS server.
func startProcess(t testing.TB, dir, port string) (kill func()) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-test.run=^$")
	cmd.Env = append(os.Environ(), "NATSLOG_TEST_SERVER="+dir)
	stdin, err := cmd.StdinPipe() // ends the server when this process is gone
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the server answers", func() bool {
		nc, err := nats.Connect("nats://127.0.0.1:" + port)
		if err != nil {
			return false
		}
		nc.Close()
		return true
	})
	return func() {
		_ = cmd.Process.Kill() // it was killed before at the end
		_ = cmd.Wait()         // says so
		_ = stdin.Close()
	}
}

// TestMain is a NATS server in the process that startProcess starts, or a service
// with an embedded one.
func TestMain(m *testing.M) {
	dir := os.Getenv("NATSLOG_TEST_SERVER")
	if dir == "" {
		os.Exit(m.Run())
	}
	if address := os.Getenv(roomsVariable); address != "" {
		fmt.Fprintln(os.Stderr, serveRooms(address, dir))
		os.Exit(1)
	}
	port, _ := strconv.Atoi(os.Getenv("NATSLOG_TEST_PORT"))
	ns, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: dir, NoSigs: true, NoLog: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	ns.Start()
	if !ns.ReadyForConnections(10 * time.Second) {
		os.Exit(1)
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test is gone
	os.Exit(0)
}
