package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// crashWriter passes on what a program prints until it crashes, and keeps the
// rest.
type crashWriter struct {
	to      io.Writer
	partial []byte // the line that is not complete
	kept    bytes.Buffer
	crashed bool
}

func newCrashWriter(to io.Writer) *crashWriter { return &crashWriter{to: to} }

// maxDump bounds what is kept of a crash: the stacks of a design that starts
// goroutines without end must not fill the memory.
const maxDump = 4 << 20

func (w *crashWriter) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 && !w.crashed {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			w.partial = append(w.partial, p...)
			return n, nil
		}
		line := slices.Concat(w.partial, p[:i+1])
		w.partial, p = nil, p[i+1:]
		if isCrash(line) {
			w.crashed = true
			w.kept.Write(line)
			break
		}
		if _, err := w.to.Write(line); err != nil {
			return n, err
		}
	}
	if room := maxDump - w.kept.Len(); w.crashed && room > 0 {
		w.kept.Write(p[:min(len(p), room)])
	}
	return n, nil
}

// isCrash reports whether the run time of Go prints such a line when it gives
// a program up.
func isCrash(line []byte) bool {
	for _, begin := range []string{"panic: ", "fatal error: ", "SIGQUIT: quit", "runtime: goroutine stack exceeds", "unexpected fault address"} {
		if bytes.HasPrefix(line, []byte(begin)) {
			return true
		}
	}
	return false
}

// dump is what the run time of Go printed of a crash.
type dump struct {
	found   bool
	message string
	stacks  []stack
}

// stack is the trace of one goroutine.
type stack struct {
	id     string // "1" runs the design
	frames []frame
}

type frame struct{ function, place string }

// dump returns the crash, and passes on an incomplete line if there was none.
func (w *crashWriter) dump() dump {
	if len(w.partial) > 0 {
		_, _ = w.to.Write(w.partial)
		w.partial = nil
	}
	if !w.crashed {
		return dump{}
	}
	head, rest, _ := strings.Cut(w.kept.String(), "\ngoroutine ")
	d := dump{found: true, message: crashMessage(head)}
	for text := range strings.SplitSeq(rest, "\ngoroutine ") {
		d.stacks = append(d.stacks, parseStack(text))
	}
	return d
}

// parseStack parses a trace without the word goroutine: a head line, then two
// lines for each frame.
func parseStack(text string) stack {
	text, _, _ = strings.Cut(text, "\n\n")
	lines := strings.Split(text, "\n")
	var s stack
	s.id, _, _ = strings.Cut(lines[0], " ")
	for i := 1; i+1 < len(lines); i++ {
		place, ok := strings.CutPrefix(lines[i+1], "\t")
		if !ok {
			continue
		}
		place, _, _ = strings.Cut(place, " ")
		s.frames = append(s.frames, frame{function: functionName(lines[i]), place: place})
		i++
	}
	return s
}

// crashMessage returns the part of the head that tells what happened.
func crashMessage(head string) string {
	head, _, _ = strings.Cut(head, "\n\nruntime stack:")
	head, _, _ = strings.Cut(head, "\n[signal ")
	if i := strings.Index(head, "fatal error: "); i >= 0 {
		head = head[i+len("fatal error: "):]
	}
	return strings.TrimSpace(strings.TrimPrefix(head, "panic: "))
}

// functionName returns the function of the line of a trace without its
// arguments: example.com/app/design.(*T).f.
func functionName(line string) string {
	line = strings.TrimPrefix(line, "created by ")
	if i := strings.LastIndexByte(line, '('); i > 0 && strings.HasSuffix(line, ")") {
		return line[:i]
	}
	return line
}

// userFrames returns the frames that are in code of the user, each place once.
func (l *loader) userFrames(frames []frame, root string) []frame {
	var own []frame
	for _, f := range frames {
		if strings.Contains(f.place, "/"+mainDir+"/") || isWord(f.function) || root != "" && strings.HasPrefix(f.place, root) {
			continue
		}
		file, line := cutLine(f.place)
		f.place = l.shown(filepath.FromSlash(file)) + line
		if len(own) == 0 || own[len(own)-1].place != f.place {
			own = append(own, f)
		}
	}
	return own
}

// goroot returns the beginning of the places of the standard library.
func goroot(pkg Package) string {
	out, err := goCommand(context.Background(), pkg, "env", "GOROOT").Output()
	if root := strings.TrimSpace(string(out)); err == nil && root != "" {
		return filepath.ToSlash(root) + "/src/"
	}
	return ""
}

func isWord(function string) bool {
	return strings.HasPrefix(function, courantPath+"/dsl.") || strings.HasPrefix(function, courantPath+"/eval.") ||
		strings.HasPrefix(function, courantPath+"/internal/goname.")
}

func cutLine(place string) (file, line string) {
	if i := strings.LastIndexByte(place, ':'); i >= 0 {
		return place[:i], place[i:]
	}
	return place, ""
}

// maxFrames is how many frames a message shows; an endless recursion has more.
const maxFrames = 10

// crashed says that the design panicked.
func (l *loader) crashed(d dump, pkg Package) error {
	return errors.New(l.trace("the design panicked: "+d.message, d, pkg))
}

// timedOut says that the design did not end, and where it was.
func (l *loader) timedOut(d dump, pkg Package) error {
	slices.SortStableFunc(d.stacks, func(a, b stack) int { return strings.Compare(first(a), first(b)) })
	return errors.New(l.trace(fmt.Sprintf("the design did not end within %v (--timeout gives it longer)", l.Timeout), d, pkg))
}

// first returns what sorts the goroutine of the design before all others.
func first(s stack) string {
	if s.id == "1" {
		return ""
	}
	return "others"
}

// trace puts the place in front of the message and the frames after it.
func (l *loader) trace(message string, d dump, pkg Package) string {
	root := goroot(pkg)
	var frames []frame
	for i := 0; i < len(d.stacks) && len(frames) == 0; i++ {
		frames = l.userFrames(d.stacks[i].frames, root)
	}
	if len(frames) == 0 {
		return l.shown(pkg.Dir) + ": " + message
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", frames[0].place, message)
	for i, f := range frames {
		if i == maxFrames {
			fmt.Fprintf(&b, "\n\t… and %d more", len(frames)-i)
			break
		}
		fmt.Fprintf(&b, "\n\t%s %s", f.place, f.function)
	}
	return b.String()
}
