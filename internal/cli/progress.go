package cli

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// patience is how long a user is left without a word.
const patience = 700 * time.Millisecond

// progress is a line that a terminal shows while something takes long.
type progress struct{ done, ended chan struct{} }

// startProgress shows line on w from some time on, if w is a terminal.
func startProgress(w io.Writer, line string) *progress {
	if !isTerminal(w) {
		return nil
	}
	p := &progress{done: make(chan struct{}), ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		select {
		case <-p.done:
			return
		case <-time.After(patience):
		}
		fmt.Fprint(w, line)
		<-p.done
		fmt.Fprint(w, "\r\x1b[K")
	}()
	return p
}

// stop takes the line away.
func (p *progress) stop() {
	if p == nil {
		return
	}
	close(p.done)
	<-p.ended
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&fs.ModeCharDevice != 0
}
