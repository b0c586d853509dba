package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// result is what one turn of one server has measured.
type result struct {
	rate     float64 // delivered events per second
	cpu      float64 // ns of the server per delivered event
	memory   float64 // bytes per idle connection
	p50, p99 float64 // ms
}

// Marks in the data of events: the last one of a burst, and when one was
// published.
const (
	lastMark  = "~last~"
	stampMark = "~at "
)

// process is a server in a process of its own.
type process struct {
	cmd  *exec.Cmd
	addr string
}

func start(c contender) (*process, error) {
	p := &process{cmd: exec.Command(os.Args[0], serveCommand, c.name)} //nolint:gosec // this program again
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		p.stop()
		return nil, fmt.Errorf("the server has not started: %w", err)
	}
	p.addr = strings.TrimSpace(line)
	return p, nil
}

func (p *process) stop() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// ask posts to the server, which answers with its processor time so far.
func (p *process) ask(query string) (time.Duration, error) {
	resp, err := http.Post("http://"+p.addr+"/publish?"+query, "", nil)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	ns, err := strconv.ParseInt(strings.TrimSpace(string(body)), 10, 64)
	return time.Duration(ns), err
}

// resident is the memory of the server, in bytes.
func (p *process) resident() (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := bytes.Cut(status, []byte("VmRSS:"))
	var kb float64
	_, err = fmt.Sscan(string(after), &kb)
	return kb * 1024, err
}

// once measures one turn.
func once(c contender, subscribers int, s settings) (result, error) {
	var r result
	p, err := start(c)
	if err != nil {
		return r, err
	}
	defer p.stop()
	if _, err := p.ask("n=0"); err != nil {
		return r, err
	}
	empty, err := p.resident()
	if err != nil {
		return r, err
	}
	conns, err := connect(p.addr, subscribers)
	if err != nil {
		return r, err
	}
	defer func() {
		for _, conn := range conns {
			conn.Close()
		}
	}()
	if _, err := p.ask("n=0&settle=1"); err != nil { // collects garbage
		return r, err
	}
	full, err := p.resident()
	if err != nil {
		return r, err
	}
	r.memory = (full - empty) / float64(subscribers)
	if err := burst(p, conns, max(1, s.deliveries*c.scale/subscribers), &r); err != nil {
		return r, err
	}
	return r, paced(p, conns, s.pace, &r)
}

// connect opens the streams, and waits until each has been answered.
func connect(addr string, n int) ([]net.Conn, error) {
	conns := make([]net.Conn, n)
	errs := make([]error, n)
	server, err := netip.ParseAddrPort(addr)
	if err != nil {
		return nil, err
	}
	var all sync.WaitGroup
	gate := make(chan struct{}, 64)
	for i := range conns {
		gate <- struct{}{}
		all.Go(func() {
			defer func() { <-gate }()
			// Each 8,000 from an address of their own, and others for each server: ports
			// are few, and not free again for a while.
			from := net.IPv4(127, byte(server.Port()>>8), byte(server.Port()), byte(2+i/8000))
			d := net.Dialer{LocalAddr: &net.TCPAddr{IP: from}}
			conn, err := d.Dial("tcp", addr)
			if err != nil {
				errs[i] = err
				return
			}
			conns[i] = conn
			if _, errs[i] = io.WriteString(conn, "GET /events HTTP/1.1\r\nHost: "+addr+"\r\nAccept: text/event-stream\r\n\r\n"); errs[i] != nil {
				return
			}
			_ = conn.SetReadDeadline(time.Now().Add(30 * time.Second))
			_, errs[i] = conn.Read(make([]byte, 4096)) // the headers
			_ = conn.SetReadDeadline(time.Time{})
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return conns, err
		}
	}
	return conns, nil
}

// burst has the server publish as fast as it can, and waits until everyone has
// the last event.
func burst(p *process, conns []net.Conn, events int, r *result) error {
	before, err := p.ask("n=0")
	if err != nil {
		return err
	}
	var all sync.WaitGroup
	errs := make(chan error, len(conns))
	for _, conn := range conns {
		all.Go(func() {
			if err := readUntil(conn, []byte(lastMark), 32<<10, nil); err != nil {
				errs <- err
			}
		})
	}
	begun := time.Now()
	asked := make(chan error, 1)
	go func() {
		_, err := p.ask(fmt.Sprintf("n=%d", events))
		asked <- err
	}()
	all.Wait()
	took := time.Since(begun)
	if err := <-asked; err != nil {
		return err
	}
	select {
	case err := <-errs:
		return fmt.Errorf("%d subscribers have failed, one with %w", len(errs)+1, err)
	default:
	}
	after, err := p.ask("n=0")
	if err != nil {
		return err
	}
	delivered := float64(events * len(conns))
	r.rate, r.cpu = delivered/took.Seconds(), float64(after-before)/delivered
	return nil
}

// sample is how many subscribers look at the time of each event.
const sample = 100

// pacedEvents is how many events latencies are of.
const pacedEvents = 30

// paced has the server publish at a steady pace, of so many deliveries a second.
func paced(p *process, conns []net.Conn, pace int, r *result) error {
	every := time.Second * time.Duration(len(conns)) / time.Duration(pace)
	var mu sync.Mutex
	var latencies []time.Duration
	var all sync.WaitGroup
	errs := make(chan error, len(conns))
	nth := max(1, len(conns)/sample)
	for i, conn := range conns {
		all.Go(func() {
			var own []time.Duration
			note := func(text []byte) { own = append(own, sinceStamp(text)...) }
			if i%nth != 0 {
				note = nil
			}
			if err := readUntil(conn, []byte(lastMark), 4<<10, note); err != nil {
				errs <- err
			}
			mu.Lock()
			defer mu.Unlock()
			latencies = append(latencies, own...)
		})
	}
	if _, err := p.ask(fmt.Sprintf("n=%d&every=%s", pacedEvents, every)); err != nil {
		return err
	}
	all.Wait()
	if len(errs) > 0 {
		return <-errs
	}
	if len(latencies) < pacedEvents*min(sample, len(conns)) {
		return fmt.Errorf("%d latencies of %d events", len(latencies), pacedEvents)
	}
	slices.Sort(latencies)
	r.p50 = float64(latencies[len(latencies)/2].Microseconds()) / 1000
	r.p99 = float64(latencies[len(latencies)*99/100].Microseconds()) / 1000
	return nil
}

// readUntil reads until the mark has come. note, if not nil, sees all of it.
func readUntil(conn net.Conn, mark []byte, size int, note func([]byte)) error {
	buf := make([]byte, size)
	kept := 0 // of what was read before: a mark may be divided
	for {
		_ = conn.SetReadDeadline(time.Now().Add(2 * time.Minute))
		n, err := conn.Read(buf[kept:])
		if note != nil {
			note(buf[kept : kept+n])
		}
		if bytes.Contains(buf[:kept+n], mark) {
			return nil
		}
		if err != nil {
			return err
		}
		end := kept + n
		kept = copy(buf, buf[max(0, end-len(mark)):end])
	}
}

// sinceStamp returns how long ago the events in text were published.
func sinceStamp(text []byte) []time.Duration {
	now := time.Now().UnixNano()
	var out []time.Duration
	for {
		_, after, ok := bytes.Cut(text, []byte(stampMark))
		if !ok {
			return out
		}
		digits, rest, ok := bytes.Cut(after, []byte(" "))
		if at, err := strconv.ParseInt(string(digits), 10, 64); ok && err == nil {
			out = append(out, time.Duration(now-at))
		}
		text = rest
	}
}
