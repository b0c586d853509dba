package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"slices"
	"sync"
	"time"
)

// patience is how long a process has to end after it was asked to.
const patience = 10 * time.Second

// A process is a command that is started, and started again when it was killed or
// ended by itself. It is safe for concurrent use, but that kill must not run beside
// itself or stop.
type process struct {
	args   []string
	output io.Writer

	mu      sync.Mutex
	cmd     *exec.Cmd
	ended   chan struct{} // closed when cmd has
	err     error         // of Wait, after that
	busy    bool          // killed or stopped at this moment, or for good
	kills   int
	crashes []error // of the times that it ended by itself
}

func startProcess(args []string, output io.Writer) (*process, error) {
	p := &process{args: args, output: output}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p, p.start()
}

// start needs the lock.
func (p *process) start() error {
	cmd := exec.Command(p.args[0], p.args[1:]...) //nolint:noctx // ends as this file says, not at once when a context does
	cmd.Stdout, cmd.Stderr = p.output, p.output
	cmd.WaitDelay = time.Second // for children that keep the output open
	apart(cmd)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("the command does not start: %w", err)
	}
	p.cmd, p.ended = cmd, make(chan struct{})
	go p.wait(cmd, p.ended)
	return nil
}

func (p *process) wait(cmd *exec.Cmd, ended chan struct{}) {
	err := cmd.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err = err
	close(ended)
}

// kill ends the process at once, with its children, and starts it again.
func (p *process) kill() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy = true
	defer func() { p.busy = false }()
	killGroup(p.cmd.Process)
	p.await()
	p.kills++
	return p.start()
}

// await waits until the process has ended. It needs the lock, and gives it away
// meanwhile.
func (p *process) await() {
	ended := p.ended
	p.mu.Unlock()
	<-ended
	p.mu.Lock()
}

// revive starts the process again if it has ended by itself.
func (p *process) revive() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.ended:
	default:
		return nil
	}
	if p.busy {
		return nil
	}
	err := p.err
	if err == nil {
		err = errors.New("it ended with status 0")
	}
	p.crashes = append(p.crashes, err)
	return p.start()
}

// stop asks the process to end, and ends it if it does not.
func (p *process) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy = true
	terminate(p.cmd.Process)
	slow := time.AfterFunc(patience, func() { killGroup(p.cmd.Process) })
	p.await()
	slow.Stop()
	killGroup(p.cmd.Process) // what children are left
}

// state returns whether the process has ended, and why.
func (p *process) state() (ended bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.ended:
		return true, p.err
	default:
		return false, nil
	}
}

// crashed returns why the process ended by itself, each time.
func (p *process) crashed() []error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.crashes)
}

func (p *process) pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cmd.Process.Pid
}

// awaitAddress waits until a TCP connection to the address can be made.
func awaitAddress(ctx context.Context, address string, alive func() error) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := probe(ctx, address)
		if err == nil {
			return nil
		}
		if err := alive(); err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("nothing listens on %s: %w", address, err)
		}
	}
}

func probe(ctx context.Context, address string) error {
	dialer := net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return conn.Close()
}
