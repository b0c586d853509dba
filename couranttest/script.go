package couranttest

import (
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// Script is what a server answers, one [Answer] for each request in turn: faults
// on purpose, for tests of clients.
//
//	couranttest.Script{
//		{Send: couranttest.Bytes("id: 1\ndata: a\n\nid: 2\ndata: incom"), End: couranttest.Cut},
//		{Status: 503, RetryAfter: 17 * time.Second},
//		{Send: couranttest.Bytes("data: b\n\n")},
//	}
type Script []Answer

// Answer is how one request is answered: by default with a stream, which ends
// properly after what it sends. The body of the request is read before.
type Answer struct {
	Status     int           // 0: 200
	Header     http.Header   // beside Content-Type: text/event-stream, which it may replace; where there is a Status, it is all
	RetryAfter time.Duration // the header field Retry-After, in whole seconds, rounded up; 0: none
	Delay      time.Duration // before the header goes out
	Send       Step          // after the header has gone out; nil: nothing. See [Steps]
	End        End           // after that
}

// End is how an answer ends.
type End int

const (
	// Complete ends the answer as HTTP says; the connection can be used again.
	Complete End = iota
	// Cut breaks the connection off, so that the answer is not complete.
	Cut
	// Reset does so by a reset, where the connection is one of TCP or of a
	// [Server], and not shared as in HTTP/2.
	Reset
	// Stay sends nothing more, until the client leaves or the [Server] closes;
	// then it cuts.
	Stay
	// Mute is no answer at all: not even the header goes out, until the client
	// leaves or the [Server] closes. Nothing is sent.
	Mute
	// HangUp breaks the connection off instead of an answer. Nothing is sent.
	HangUp
)

// Handler returns a handler that answers the n-th request with the n-th answer,
// and those beyond with 204, which asks clients not to come again. It is safe for
// concurrent use; the script must not be changed meanwhile. An answer that is not
// complete ends by a panic with [http.ErrAbortHandler], as net/http wants it. Each
// call of Handler begins anew.
func (s Script) Handler() http.Handler {
	next := new(atomic.Int64)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := next.Add(1) - 1
		p := newPlayer(w, r)
		defer p.stop()
		if n >= int64(len(s)) {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		if !p.answer(&s[n]) {
			panic(http.ErrAbortHandler)
		}
	})
}

// answer plays a. It reports whether the answer is complete.
func (p *player) answer(a *Answer) bool {
	ok := p.wait(a.Delay)
	switch a.End {
	case Mute:
		p.stay()
		return false
	case HangUp:
		return false
	default:
	}
	if ok = ok && p.header(a); !ok || a.Send != nil && !a.Send.play(p) {
		return false
	}
	switch a.End {
	case Reset:
		p.reset()
	case Stay:
		p.stay()
	default:
	}
	return a.End == Complete
}

// header sends the header, and reports whether it could.
func (p *player) header(a *Answer) bool {
	h, status := p.w.Header(), a.Status
	if status == 0 {
		status = http.StatusOK
		h.Set("Content-Type", "text/event-stream")
	}
	for name, values := range a.Header {
		h[http.CanonicalHeaderKey(name)] = values
	}
	if a.RetryAfter > 0 {
		h.Set("Retry-After", strconv.FormatInt(int64((a.RetryAfter+time.Second-1)/time.Second), 10))
	}
	p.w.WriteHeader(status)
	if a.Send == nil && a.End == Complete {
		return true // the length is known
	}
	return p.rc.Flush() == nil
}
