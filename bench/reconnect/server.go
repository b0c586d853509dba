package main

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
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/courant-dev/courant"
)

// serveVariable, when it is set, makes a process the server; it holds the
// [assignment].
const serveVariable = "COURANT_RECONNECT_SERVE"

// assignment is what a server is to do.
type assignment struct {
	Schedule schedule
	Addrs    []string
}

// serverProcess is the server as those see it who have started it.
type serverProcess struct {
	assignment

	cmd     *exec.Cmd
	orders  io.WriteCloser
	answers *json.Decoder
}

// startServer returns when the server listens.
func startServer(a assignment) (*serverProcess, error) {
	p := &serverProcess{assignment: a}
	text, err := json.Marshal(p.assignment)
	if err != nil {
		return nil, err
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p.cmd = exec.Command(program)
	p.cmd.Env = append(os.Environ(), serveVariable+"="+string(text))
	p.cmd.Stderr = os.Stderr
	if p.orders, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	answers, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.answers = json.NewDecoder(answers)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	if _, err := p.answer(); err != nil {
		return nil, errors.Join(err, p.end())
	}
	return p, nil
}

// order has the server do something and waits for it.
func (p *serverProcess) order(text string) (memory, error) {
	if _, err := fmt.Fprintln(p.orders, text); err != nil {
		return memory{}, err
	}
	return p.answer()
}

func (p *serverProcess) answer() (m memory, err error) {
	if err := p.answers.Decode(&m); err != nil {
		return m, fmt.Errorf("the server has ended: %w", err)
	}
	return m, nil
}

// end kills the server.
func (p *serverProcess) end() error {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	_ = p.cmd.Wait() // it was killed
	return nil
}

// serveIfAsked is the server, if this process is to be it, until its standard
// input ends.
func serveIfAsked() bool {
	text := os.Getenv(serveVariable)
	if text == "" {
		return false
	}
	var a assignment
	err := json.Unmarshal([]byte(text), &a)
	if err == nil {
		err = a.serve()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "reconnect: server:", err)
		os.Exit(1)
	}
	return true
}

// serve listens and does as it is told. Each order is answered with a line.
func (a assignment) serve() error {
	mux := http.NewServeMux()
	courant.HandleStream(mux, ticks, a.Schedule.watch)
	conns := &connections{open: map[net.Conn]bool{}}
	srv := &http.Server{Handler: mux, ConnState: conns.note, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, len(a.Addrs))
	for _, addr := range a.Addrs {
		l, err := courant.Listen(context.Background(), "tcp", addr)
		if err != nil {
			return err
		}
		go func() { failed <- srv.Serve(l) }()
	}
	answers := json.NewEncoder(os.Stdout)
	if err := answers.Encode(memory{}); err != nil {
		return err
	}
	for orders := bufio.NewScanner(os.Stdin); orders.Scan(); {
		var m memory
		order, file, _ := strings.Cut(orders.Text(), " ")
		if order == "reset" {
			conns.reset()
		} else {
			var err error
			if m, err = measure(file); err != nil {
				return err
			}
		}
		if err := answers.Encode(m); err != nil {
			return err
		}
	}
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// connections are those of a server.
type connections struct {
	mu   sync.Mutex
	open map[net.Conn]bool
}

func (c *connections) note(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if state == http.StateNew {
		c.open[conn] = true
	} else if state == http.StateClosed {
		delete(c.open, conn)
	}
}

// reset ends all of them with a RST.
func (c *connections) reset() {
	c.mu.Lock()
	all := make([]net.Conn, 0, len(c.open))
	for conn := range c.open {
		all = append(all, conn)
	}
	c.mu.Unlock()
	for _, conn := range all {
		_ = conn.(*net.TCPConn).SetLinger(0)
		conn.Close()
	}
}
