package main

import (
	"bufio"
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// programVariable, when it is set, makes a process of this test's binary the
// program.
const programVariable = "NEWSROOM_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(programVariable) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// process is the program, running.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	url    string
	stderr *bytes.Buffer
	drawn  chan struct{} // closed when all of its output was read
}

// begin starts the program and waits until it says where it is. The process is
// killed at the end of the test if it still runs.
func begin(t *testing.T, args ...string) *process {
	t.Helper()
	p := command(t, args...)
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	out := bufio.NewReader(stdout)
	line, err := out.ReadString('\n')
	go func() {
		defer close(p.drawn)
		_, _ = io.Copy(io.Discard, out) // until the process ends
	}()
	_, address, ok := strings.Cut(line, "http://")
	if err != nil || !ok {
		p.kill()
		t.Fatalf("the program says %q, %v; want its address\n%s", line, err, p.stderr)
	}
	p.url = "http://" + strings.TrimSpace(address)
	return p
}

func command(t *testing.T, args ...string) *process {
	p := &process{t: t, cmd: exec.Command(os.Args[0], args...), stderr: new(bytes.Buffer), drawn: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), programVariable+"=1")
	p.cmd.Stderr = p.stderr
	return p
}

// kill ends the process by SIGKILL.
func (p *process) kill() {
	if p.cmd.ProcessState != nil {
		return
	}
	_ = p.cmd.Process.Kill()
	<-p.drawn
	_ = p.cmd.Wait() // it was killed
}

// interrupt ends the process as Ctrl-C does, and expects it to end well.
func (p *process) interrupt() {
	p.t.Helper()
	_ = p.cmd.Process.Signal(os.Interrupt)
	<-p.drawn
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("the program ended with %v\n%s", err, p.stderr)
	}
}

// refused runs the program, which must fail, and returns what it says.
func refused(t *testing.T, args ...string) string {
	t.Helper()
	p := command(t, args...)
	if err := p.cmd.Run(); err == nil {
		t.Errorf("the program with %q ended well", args)
	}
	return p.stderr.String()
}

// freeAddress returns an address on which nobody listens. Its port is none of
// those that connections get: while the program is away, nobody else takes it.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(16384+rand.IntN(16384))))
		if err != nil {
			continue
		}
		defer l.Close()
		return l.Addr().String()
	}
	t.Fatal("no port is free")
	return ""
}
