package redislog_test

import (
	"context"
	"net"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/redislog"
)

// server is a Redis server that the test has started. It listens on a socket in
// a directory of its own, and on no port unless it is given one.
type server struct {
	dir  string
	args []string
	port string // on 127.0.0.1; empty until listen
	room string // for a file, in blocks of ulimit; empty for all there is
	cmd  *exec.Cmd
	done chan struct{}
}

// start starts a server with an append-only file; args are further settings.
func start(t testing.TB, args ...string) *server {
	t.Helper()
	s := &server{dir: t.TempDir(), args: args}
	t.Cleanup(func() { s.kill(t) })
	s.run(t)
	return s
}

// in returns the server with its data in a directory, which another process may
// have started.
func in(dir string, args ...string) *server { return &server{dir: dir, args: args} }

func (s *server) socket() string { return filepath.Join(s.dir, "s") }

// run starts the process, for the first time or again, and waits until it
// answers.
func (s *server) run(t testing.TB) {
	t.Helper()
	args := append([]string{
		"--port", "0", "--unixsocket", s.socket(), "--dir", s.dir, "--save", "",
		"--appendonly", "yes", "--appendfsync", "always", "--repl-diskless-sync-delay", "0", "--logfile", filepath.Join(s.dir, "log"),
	}, s.args...)
	s.cmd = exec.Command("redis-server", args...)
	if s.room != "" {
		s.cmd = exec.Command("sh", append([]string{"-c", `trap "" XFSZ; ulimit -f ` + s.room + `; exec redis-server "$@"`, "sh"}, args...)...)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatalf("%v; `make setup` installs what is missing", err)
	}
	s.done = make(chan struct{})
	go func(cmd *exec.Cmd, done chan struct{}) {
		_ = cmd.Wait() // it is killed
		close(done)
	}(s.cmd, s.done)
	await(t, "the server listens", func() bool {
		c, err := net.Dial("unix", s.socket())
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	c := redis.NewClient(&redis.Options{Network: "unix", Addr: s.socket()})
	defer c.Close()
	await(t, "the server answers", func() bool { return c.Ping(context.Background()).Err() == nil })
}

// kill ends the process at once.
func (s *server) kill(t testing.TB) {
	t.Helper()
	s.signal(syscall.SIGKILL)
	<-s.done
}

func (s *server) signal(signal syscall.Signal) { _ = s.cmd.Process.Signal(signal) } // it may be gone

// restart kills the process and starts it again on what it had.
func (s *server) restart(t testing.TB) {
	t.Helper()
	s.kill(t)
	s.run(t)
}

// listen has the server listen on a port of the loopback interface, for
// replicas.
func (s *server) listen(t testing.TB) {
	t.Helper()
	s.port = freePort(t)
	s.do(t, "CONFIG", "SET", "bind", "127.0.0.1")
	s.do(t, "CONFIG", "SET", "port", s.port)
}

// freePort returns a port of the loopback interface on which nobody listens.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// client returns a client that is closed at the end of the test.
func (s *server) client(t testing.TB) *redis.Client {
	t.Helper()
	c := redis.NewClient(&redis.Options{Network: "unix", Addr: s.socket(), ContextTimeoutEnabled: true})
	t.Cleanup(func() { c.Close() })
	return c
}

// store returns a store that is closed at the end of the test.
func (s *server) store(t testing.TB, options ...redislog.Option) *redislog.Store {
	t.Helper()
	store := redislog.New(s.client(t), options...)
	t.Cleanup(func() { _ = store.Close() }) // never fails
	return store
}

// do sends a command.
func (s *server) do(t testing.TB, args ...any) any {
	t.Helper()
	v, err := s.client(t).Do(context.Background(), args...).Result()
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return v
}

// await waits until done returns true.
func await(t testing.TB, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(20 * time.Second)
	for !done() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal("not within 20 s: " + what)
		}
	}
}

func open(t testing.TB, s eventlog.Store, limits eventlog.Limits) eventlog.Log {
	t.Helper()
	l, err := s.Open(t.Context(), "log", limits)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
