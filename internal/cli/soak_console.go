package cli

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/courant-dev/courant/internal/soak"
)

// quietly is how often progress is told where there is no terminal.
const quietly = 10 * time.Second

// A soakConsole shares standard error between progress and what the commands of
// a soak print. It is safe for concurrent use.
type soakConsole struct {
	w        io.Writer
	terminal bool

	mu    sync.Mutex
	shown bool // a line of progress that is to be replaced
	last  soak.Progress
	told  time.Duration
}

func newSoakConsole(w io.Writer) *soakConsole { return &soakConsole{w: w, terminal: isTerminal(w)} }

// progress tells how far the soak is: on a terminal in one line that changes.
func (c *soakConsole) progress(p soak.Progress) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.terminal && p.Elapsed-c.told < quietly {
		return
	}
	took := p.Elapsed - c.last.Elapsed
	line := fmt.Sprintf("%v: %d/%d connected, published %s (%.0f/s), received %s (%.0f/s), gaps %d, doubled %d, out of order %d, p99 %v, kills %d",
		p.Elapsed.Round(time.Second), p.Connected, p.Clients,
		grouped(p.Published), perSecond(p.Published-c.last.Published, took),
		grouped(p.Received), perSecond(p.Received-c.last.Received, took),
		p.Gaps, p.Doubled, p.Late, shortly(p.P99), p.Kills)
	c.last, c.told = p, p.Elapsed
	c.clear()
	fmt.Fprint(c.w, line)
	if c.shown = c.terminal; !c.shown {
		fmt.Fprintln(c.w)
	}
}

// clear needs the lock.
func (c *soakConsole) clear() {
	if c.shown {
		fmt.Fprint(c.w, "\r\x1b[K")
		c.shown = false
	}
}

// end leaves the terminal to others.
func (c *soakConsole) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clear()
}

// output is for the commands of a soak: it marks their lines.
func (c *soakConsole) output() io.Writer { return &soakOutput{console: c} }

type soakOutput struct {
	console *soakConsole
	rest    []byte // of a line that is not complete
}

// Write writes complete lines. It is safe for concurrent use.
func (o *soakOutput) Write(p []byte) (int, error) {
	o.console.mu.Lock()
	defer o.console.mu.Unlock()
	o.rest = append(o.rest, p...)
	for {
		i := bytes.IndexByte(o.rest, '\n')
		if i < 0 {
			return len(p), nil
		}
		o.console.clear()
		fmt.Fprintf(o.console.w, "| %s\n", o.rest[:i])
		o.rest = o.rest[i+1:]
	}
}
