package courant

import (
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
)

// Whoever aborts first decides; the body is closed once, also one that comes
// too late.
func TestAbortIsTheReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := errors.New("first")
		body := &countedBody{}
		c, _ := newConnection(t.Context(), 0)
		c.attach(&http.Response{Body: body})
		c.abort(first)
		c.release(errors.New("second"))
		synctest.Wait() // for what the context calls
		if err := c.why(io.EOF); !errors.Is(err, first) || body.closed != 1 {
			t.Errorf("%v; closed %d times", err, body.closed)
		}
		late := &countedBody{}
		c.attach(&http.Response{Body: late})
		if late.closed != 1 {
			t.Errorf("a late body was closed %d times", late.closed)
		}
	})
}

type countedBody struct{ closed int }

func (b *countedBody) Read([]byte) (int, error) { return 0, io.EOF }
func (b *countedBody) Close() error             { b.closed++; return nil }
