package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/sse"
)

// params is what a harness asks for.
type params struct {
	StreamURL      string            `json:"streamUrl"`
	CallbackURL    string            `json:"callbackUrl"`
	Tag            string            `json:"tag"`
	InitialDelayMS *int64            `json:"initialDelayMs"`
	ReadTimeoutMS  *int64            `json:"readTimeoutMs"`
	LastEventID    string            `json:"lastEventId"`
	Headers        map[string]string `json:"headers"`
	Method         string            `json:"method"`
	Body           string            `json:"body"`
}

const (
	largestEvent = 256 << 20 // the suite sends up to 128 MiB
	longestDelay = 30 * time.Second
)

// A stream is one client of the suite's: it receives in a goroutine of its own
// and tells the callback.
type stream struct {
	callback *callback
	cancel   context.CancelFunc
	done     chan struct{}
	open     atomic.Pointer[courant.ClientStream[sse.Event]] // nil until the first connection
}

// newStream begins to connect. An error is a fault of the parameters.
func newStream(p params) (*stream, error) {
	if p.StreamURL == "" || p.CallbackURL == "" {
		return nil, errors.New("want streamUrl and callbackUrl")
	}
	ctx, cancel := context.WithCancel(context.Background())
	req, err := p.request(ctx)
	if err != nil {
		cancel()
		return nil, err
	}
	s := &stream{callback: &callback{url: p.CallbackURL, ctx: ctx}, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		defer cancel()
		s.run(req, append(p.options(), courant.WithCommentFunc(s.callback.comment), courant.WithStateFunc(s.changed)))
	}()
	return s, nil
}

func (p *params) request(ctx context.Context) (*http.Request, error) {
	var body io.Reader
	if p.Body != "" {
		body = strings.NewReader(p.Body)
	}
	req, err := http.NewRequestWithContext(ctx, p.Method, p.StreamURL, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "text/plain; charset=utf-8")
	}
	for name, value := range p.Headers {
		req.Header.Set(name, value)
	}
	return req, nil
}

// options is the client that the suite describes: one that always comes back,
// whatever the method.
func (p *params) options() []courant.EventsOption {
	opts := []courant.EventsOption{
		courant.WithReconnect(courant.Always), courant.WithFirstConnectionRetry(), courant.WithMaxEventSize(largestEvent),
	}
	if p.InitialDelayMS != nil {
		base := time.Duration(*p.InitialDelayMS) * time.Millisecond
		opts = append(opts, courant.WithReconnectDelay(base, max(base, longestDelay)))
	}
	if p.ReadTimeoutMS != nil {
		opts = append(opts, courant.WithReadTimeout(time.Duration(*p.ReadTimeoutMS)*time.Millisecond))
	}
	if p.LastEventID != "" {
		opts = append(opts, courant.WithLastEventID(p.LastEventID))
	}
	return opts
}

func (s *stream) run(req *http.Request, opts []courant.EventsOption) {
	open, err := courant.OpenEvents(req, opts...)
	if err != nil {
		s.callback.failure(err)
		return
	}
	s.open.Store(open)
	for event, err := range open.Events() {
		if err != nil {
			s.callback.failure(err)
			continue
		}
		s.callback.event(event)
	}
}

// changed tells of cuts and of attempts that failed; what is final is told by
// run.
func (s *stream) changed(change courant.StateChange) {
	if change.State == courant.Connecting && change.Err != nil {
		s.callback.failure(change.Err)
	}
}

// state is closed once there is nothing to come.
func (s *stream) state() courant.State {
	select {
	case <-s.done:
		return courant.Closed
	default:
	}
	if open := s.open.Load(); open != nil {
		return open.State()
	}
	return courant.Connecting
}

func (s *stream) restart() {
	if open := s.open.Load(); open != nil { // else it is about to connect anyway
		open.Reconnect()
	}
}

func (s *stream) close() {
	s.cancel()
	<-s.done
}
