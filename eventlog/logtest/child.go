package logtest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/courant-dev/courant/eventlog"
)

// The environment of the process that appends.
const (
	crashDir  = "COURANT_LOGTEST_CRASH_DIR"  // where the store is
	crashFrom = "COURANT_LOGTEST_CRASH_FROM" // how many entries of each topic are acknowledged
)

// ack is an entry that a child says is appended.
type ack struct {
	topic, number int
	position      eventlog.Position
}

const ackFormat = "ack %d %d %d %d\n"

// child is the process that appends.
type child struct {
	cmd   *exec.Cmd
	stdin io.Closer // ends the child when this process is gone
	acks  chan ack

	mu   sync.Mutex
	rest bytes.Buffer // what it prints besides
}

// startChild runs the test of p in a process of its own.
func startChild(p *probe, dir string, from [crashTopics]int) *child {
	var pattern []string
	for part := range strings.SplitSeq(p.Name(), "/") {
		pattern = append(pattern, "^"+regexp.QuoteMeta(part)+"$")
	}
	c := &child{acks: make(chan ack, 1024)}
	program, err := os.Executable()
	p.must(err, "finding the test's program")
	c.cmd = exec.CommandContext(p.Context(), program, "-test.run="+strings.Join(pattern, "/"), "-test.count=1", "-test.timeout=5m")
	c.cmd.Env = append(os.Environ(), crashDir+"="+dir, crashFrom+"="+strings.Trim(fmt.Sprint(from), "[]"))
	stdin, err := c.cmd.StdinPipe()
	p.must(err, "starting the process that appends")
	c.stdin = stdin
	stdout, err := c.cmd.StdoutPipe()
	p.must(err, "starting the process that appends")
	c.cmd.Stderr = c
	p.must(c.cmd.Start(), "starting the process that appends")
	go c.scan(stdout)
	p.Cleanup(func() { c.end() })
	return c
}

// Write keeps what is not an acknowledgement, the last of it.
func (c *child) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rest.Len() > 1<<16 {
		c.rest.Reset()
	}
	return c.rest.Write(b)
}

func (c *child) output() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.TrimSpace(c.rest.String())
}

func (c *child) scan(stdout io.Reader) {
	defer close(c.acks)
	lines := bufio.NewReader(stdout)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return // a line that is not whole is no acknowledgement
		}
		var a ack
		if _, err := fmt.Sscanf(line, ackFormat, &a.topic, &a.number, &a.position.Epoch, &a.position.Offset); err != nil {
			_, _ = io.WriteString(c, line) // never fails
			continue
		}
		c.acks <- a
	}
}

// end kills the child and returns what it had still said. It may be called
// again.
func (c *child) end() []ack {
	_ = c.cmd.Process.Kill() // it may have ended by itself, which is noticed elsewhere
	var rest []ack
	for a := range c.acks {
		rest = append(rest, a)
	}
	_ = c.cmd.Wait() // says that it was killed
	_ = c.stdin.Close()
	return rest
}

// appendUntilKilled is what the child does.
func appendUntilKilled(t testing.TB, open func(testing.TB, string) eventlog.Store, dir string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // ends with the process that started this one
		cancel()
	}()
	store := open(t, dir)
	defer func() { _ = store.Close() }() // nobody is left to be told
	l, err := store.Open(ctx, crashLog, eventlog.Limits{})
	if err != nil {
		t.Errorf("opening the log: %v", err)
		return
	}
	var from [crashTopics]int
	if _, err := fmt.Sscan(os.Getenv(crashFrom), &from[0], &from[1], &from[2]); err != nil {
		t.Errorf("%s: %v", crashFrom, err)
		return
	}
	var group sync.WaitGroup
	for i := range crashTopics {
		group.Go(func() { appendNumbers(ctx, l, i, from[i]) })
	}
	group.Wait()
}

// appendNumbers appends the entries behind from, and says so when they are
// acknowledged. Those that are not, it appends again.
func appendNumbers(ctx context.Context, l eventlog.Log, topic, from int) {
	pause := time.NewTicker(20 * time.Millisecond)
	defer pause.Stop()
	for size := 1; ctx.Err() == nil; size = size%crashBatch + 1 {
		var entries []eventlog.Entry
		for i := range size {
			n := fmt.Sprint(from + i + 1)
			entries = append(entries, keyedEntry("key "+n, n))
		}
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		positions, err := l.Append(attempt, crashTopic(topic), entries...)
		cancel()
		var acks []byte
		for _, pos := range positions {
			from++
			acks = fmt.Appendf(acks, ackFormat, topic, from, pos.Epoch, pos.Offset)
		}
		if _, failed := os.Stdout.Write(acks); failed != nil {
			return
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "Append: %v\n", err)
			select {
			case <-pause.C:
			case <-ctx.Done():
			}
		}
	}
}
