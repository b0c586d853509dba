package eval

import (
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/courant-dev/courant/model"
)

// Call is one use of a word in a design. Users hold calls only to pass a type
// on; they have nothing to call on it.
type Call struct {
	Word string
	Args []any // without the function

	body     func()
	hasBody  bool
	opens    scope // where the calls of body stand
	broken   bool  // reported already; nothing that builds on it is reported again
	parent   *Call
	children []*Call
	pcs      [4]uintptr
}

// DataType is what may stand where a type is wanted: a [Primitive], [Empty],
// [ErrorResult], or what Type, ArrayOf and MapOf return. A string names a type.
type DataType interface{ dataType() }

func (*Call) dataType() {}

// Primitive is a built-in type that is no collection.
type Primitive model.Kind

func (Primitive) dataType() {}

// Builtin is a built-in type that the design cannot look into.
type Builtin int

// The built-in types.
const (
	Empty       Builtin = iota + 1 // no value at all
	ErrorResult                    // the built-in error
)

func (Builtin) dataType() {}

// String returns the word of the language.
func (t Builtin) String() string {
	if t == Empty {
		return "Empty"
	}
	return "ErrorResult"
}

// Val is an object as a value: an example or a default.
type Val map[string]any

// find returns the last child that is a use of word, or nil.
func (c *Call) find(word string) *Call { return find(c.children, word) }

func find(calls []*Call, word string) *Call {
	for _, c := range slices.Backward(calls) {
		if c.Word == word {
			return c
		}
	}
	return nil
}

// all returns the calls that use one of words.
func all(calls []*Call, words ...string) []*Call {
	var out []*Call
	for _, c := range calls {
		for _, w := range words {
			if c.Word == w {
				out = append(out, c)
			}
		}
	}
	return out
}

// str returns the argument i when it is a string.
func (c *Call) str(i int) string {
	if i >= len(c.Args) {
		return ""
	}
	s, _ := c.Args[i].(string)
	return s
}

// text returns what the only argument of the child word is, or "".
func text(calls []*Call, word string) string {
	if c := find(calls, word); c != nil {
		return c.str(0)
	}
	return ""
}

// The packages whose frames are not the user's.
const (
	dslPrefix  = "github.com/courant-dev/courant/dsl."
	evalPrefix = "github.com/courant-dev/courant/eval."
)

// frame returns the first frame that is the user's.
func (c *Call) frame() runtime.Frame {
	n := 0
	for n < len(c.pcs) && c.pcs[n] != 0 {
		n++
	}
	if n == 0 {
		return runtime.Frame{}
	}
	frames := runtime.CallersFrames(c.pcs[:n])
	for {
		f, more := frames.Next()
		inTest := strings.HasSuffix(f.File, "_test.go")
		if inTest || !strings.HasPrefix(f.Function, dslPrefix) && !strings.HasPrefix(f.Function, evalPrefix) {
			return f
		}
		if !more {
			return f
		}
	}
}

// place returns where the call stands in the design.
func (c *Call) place() model.Position {
	f := c.frame()
	return model.Position{File: f.File, Line: f.Line}
}

// position returns the place as text, short enough for a message.
func (c *Call) position() string {
	p := c.place()
	return p.File[strings.LastIndexByte(p.File, '/')+1:] + ":" + strconv.Itoa(p.Line)
}
