package eval

import (
	"runtime"
	"slices"
	"sync"

	"github.com/courant-dev/courant/model"
)

// recorder is what a design has said so far.
type recorder struct {
	report
	top     *Call   // its children are the calls at the top of the design
	scope   *Call   // the call whose function runs
	waiting []*Call // calls whose functions wait for Run
	running bool
}

func newRecorder() *recorder {
	top := &Call{opens: inTop}
	return &recorder{top: top, scope: top}
}

// cell is the one mutable place: the design that is being recorded.
var cell = newRecorder()

// evaluating serialises Evaluate.
var evaluating sync.Mutex

// Record notes that the design called word with args. A func() as the last
// argument is the body of the word: its calls belong to this one. It runs at
// once inside of Run, else when Run is called.
//
// Only package dsl calls Record, and each of its words calls it directly: the
// caller of the caller is the place in the design.
//
//go:noinline
func Record(word string, args ...any) *Call {
	c := &Call{Word: word}
	runtime.Callers(3, c.pcs[:])
	if n := len(args); n > 0 {
		if body, ok := args[n-1].(func()); ok {
			c.body, args = body, args[:n-1]
			c.hasBody = true
		}
	}
	c.Args = args
	cell.add(c)
	return c
}

// add checks where c stands, keeps it and runs its body.
func (r *recorder) add(c *Call) {
	w, ok := vocabulary[c.Word]
	switch {
	case !ok || w.state == unbuilt:
		c.broken = true
		r.fault(c, "", "%s is not built yet", c.Word)
		return
	case w.state == ignored:
		r.warn(c, "", "%s is not built yet and says nothing", c.Word)
		return
	case w.in&r.scope.opens == 0:
		c.broken = true
		r.fault(c, "", "%s may not stand %s; it may stand %s", c.Word, r.scope.opens, w.in)
		return
	}
	c.opens = opens(w, c, r.scope.opens)
	if !r.hasGoodBody(c) {
		c.broken = true
		return
	}
	if w.once {
		if first := r.scope.find(c.Word); first != nil {
			c.broken = true
			r.fault(c, "", "%s stands twice here; the first is at %s", c.Word, first.position())
			return
		}
	}
	if !w.value {
		r.scope.children = append(r.scope.children, c)
		c.parent = r.scope
	}
	if c.body == nil {
		return
	}
	if !r.running {
		r.waiting = append(r.waiting, c)
		return
	}
	r.run(c)
}

func (r *recorder) hasGoodBody(c *Call) bool {
	switch {
	case c.hasBody && c.body == nil:
		r.fault(c, "", "the function of %s is nil", c.Word)
	case slices.ContainsFunc(c.Args, isFunction):
		r.fault(c, "", "%s takes one function, as its last argument", c.Word)
	case c.hasBody && c.opens == 0:
		r.fault(c, "", "%s takes no function here", c.Word)
	case !c.hasBody && (c.Word == "Params" || c.Word == "Headers"):
		r.fault(c, "", "%s wants a function, not %s", c.Word, kindOf(c.Args[0]))
	default:
		return true
	}
	return false
}

func isFunction(arg any) bool {
	_, ok := arg.(func())
	return ok
}

// run calls the body of c with c as the scope.
func (r *recorder) run(c *Call) {
	outer := r.scope
	r.scope = c
	c.body()
	r.scope = outer
}

// Run runs the functions of the recorded design and reads it. The result is
// either a design, whose Warnings are what is legal and probably not meant, or
// at least one problem; problems are in the order of their places.
//
// A panic of the design is not recovered.
func Run() (*model.Design, []*model.Problem) {
	r := cell
	r.running = true
	for _, c := range r.waiting {
		r.run(c)
	}
	r.waiting, r.running = nil, false
	b := newBuilder(r)
	b.build()
	return b.finish()
}

// Evaluate runs design as if its words stood at the top of a design package.
// It leaves what was recorded before untouched. It is for tests, which may run
// in parallel: one design is evaluated at a time.
func Evaluate(design func()) (*model.Design, []*model.Problem) {
	evaluating.Lock()
	defer evaluating.Unlock()
	outer := cell
	defer func() { cell = outer }()
	cell = newRecorder()
	design()
	return Run()
}
