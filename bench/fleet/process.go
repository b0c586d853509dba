package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"time"
)

// roleVariable, when it is set, has a process play a role; it holds the
// [assignment].
const roleVariable = "COURANT_FLEET_ROLE"

// role is what a process is for.
type role string

const (
	logRole         role = "log"
	serverRole      role = "server"
	subscribersRole role = "subscribers"
)

// assignment is what a process is to be. Orders come to its standard input, and
// each is answered on its standard output; it ends with its input.
type assignment struct {
	Role role

	Dir string // of a log

	URL     string // of the log of a server; empty for one in memory
	Profile string // what files with profiles of a server's heap begin with, or empty

	Addr  string // of the server that subscribers connect to
	First int    // the number of their first address
	Size  int    // how many they are
}

// process is a child.
type process struct {
	assignment

	cmd     *exec.Cmd
	orders  *json.Encoder
	answers *json.Decoder
}

// start starts a child, which ends with ctx.
func start(ctx context.Context, a assignment) (*process, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	p := &process{assignment: a, cmd: exec.CommandContext(ctx, program)}
	p.cmd.Env = append(os.Environ(), roleVariable+"="+string(text))
	switch {
	case a.Role == subscribersRole:
		p.cmd.Env = append(p.cmd.Env, "GOMAXPROCS=1") // it has one goroutine
	case a.Profile != "":
		p.cmd.Env = append(p.cmd.Env, "GODEBUG=memprofilerate=4096") // fine enough for what a connection has one of
	}
	p.cmd.Stderr = os.Stderr
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.orders, p.answers = json.NewEncoder(in), json.NewDecoder(out)
	return p, p.cmd.Start()
}

// order has the child do something, and decodes its answer.
func (p *process) order(order, answer any) error {
	if err := p.orders.Encode(order); err != nil {
		return fmt.Errorf("%s: %w", p.Role, err)
	}
	return p.answer(answer)
}

func (p *process) answer(to any) error {
	if err := p.answers.Decode(to); err != nil {
		return fmt.Errorf("%s: has ended: %w", p.Role, err)
	}
	return nil
}

// end ends the child.
func (p *process) end() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // it was killed
}

// playRole plays a role, if this process is to, until its standard input ends,
// and reports whether it was.
func playRole() bool {
	text := os.Getenv(roleVariable)
	if text == "" {
		return false
	}
	var a assignment
	err := json.Unmarshal([]byte(text), &a)
	if err == nil {
		answers := json.NewEncoder(os.Stdout)
		switch a.Role {
		case logRole:
			err = a.keepLog(os.Stdin, answers)
		case serverRole:
			err = a.serve(json.NewDecoder(os.Stdin), answers)
		case subscribersRole:
			err = a.subscribe(json.NewDecoder(os.Stdin), answers)
		default:
			err = fmt.Errorf("no role is called %q", a.Role)
		}
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "fleet: %s: %v\n", a.Role, err)
		os.Exit(1)
	}
	return true
}

// subscriberOrder is what a crowd is to do.
type subscriberOrder struct {
	Do      string        // "open", "expect", or "cut"
	Through int64         // the number of the last event that is expected
	Spread  time.Duration // how long those that are cut stay away, at most
	Timeout time.Duration
}

// openAtOnce is how many of a process connect at a time before they are cut.
const openAtOnce = 200

// subscribe is a crowd, which answers each order with a status each second, and
// the last one at its end.
func (a assignment) subscribe(orders *json.Decoder, answers *json.Encoder) error {
	addr, err := netip.ParseAddrPort(a.Addr)
	if err != nil {
		return err
	}
	c, err := newCrowd(addr, a.First, a.Size)
	if err != nil {
		return err
	}
	given := make(chan subscriberOrder)
	go func() {
		for {
			var o subscriberOrder
			if orders.Decode(&o) != nil {
				os.Exit(0) // whoever has started this process has ended
			}
			given <- o
		}
	}()
	for o := range given {
		complete := func() bool { return c.status.Complete+c.status.Faulty >= a.Size }
		open := func() bool { return c.status.Open+c.status.Faulty >= a.Size }
		done := complete
		c.expect(o.Through)
		switch o.Do {
		case "open":
			c.connect(openAtOnce, 0)
			done = open
		case "cut":
			c.cut()
			c.connect(a.Size, o.Spread)
			done = func() bool { return open() && complete() }
		}
		report := func(s status) error { return answers.Encode(s) }
		if err := c.run(o.Timeout, done, report); err != nil {
			return err
		}
		c.status.Done = true
		if c.status.Usage, err = currentUsage(); err != nil {
			return err
		}
		if err := answers.Encode(c.status); err != nil {
			return err
		}
		c.status.Done = false
	}
	return nil
}

// keepLog is a NATS server, which answers with its URL.
func (a assignment) keepLog(orders io.Reader, answers *json.Encoder) error {
	stop, url, err := startLog(a.Dir)
	if err != nil {
		return err
	}
	defer stop()
	if err := answers.Encode(url); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, orders)
	return err
}
