package soak

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/sse"
)

// A client watches one topic.
type client struct {
	engine *engine
	number int
	topic  *topic
	track  track
	urls   []*url.URL // of the topic, one per server

	server      int // the next attempt's
	connections atomic.Int64
	connected   atomic.Bool
	stream      atomic.Pointer[courant.ClientStream[sse.Event]]
}

func newClient(e *engine, number int) (*client, error) {
	t := e.topics[number%len(e.topics)]
	c := &client{engine: e, number: number, topic: t, track: track{ledger: t.ledger}, server: number}
	c.track.start(math.MaxInt64) // until it is connected
	for _, text := range e.config.Events {
		u, err := url.Parse(strings.ReplaceAll(text, "{topic}", url.PathEscape(t.name)))
		if err != nil {
			return nil, err
		}
		c.urls = append(c.urls, u)
	}
	return c, nil
}

// open connects for the first time.
func (c *client) open(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.urls[0].String(), nil)
	if err != nil {
		return err
	}
	config := &c.engine.config
	for name, values := range config.Header {
		if http.CanonicalHeaderKey(name) != "Content-Type" {
			req.Header[name] = values
		}
	}
	stream, err := courant.OpenEvents(req,
		courant.WithTransport(c.engine.streams),
		courant.WithFirstConnectionRetry(),
		courant.WithReconnectDelay(config.Reconnect.Min, config.Reconnect.Max),
		courant.WithReconnectReset(config.Reconnect.Max),
		courant.WithReadTimeout(max(config.ReadTimeout, 0)),
		courant.WithRequestFunc(c.choose),
		courant.WithStateFunc(c.observe),
		courant.WithClientLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		return fmt.Errorf("client %d: %w", c.number, err)
	}
	c.stream.Store(stream)
	return nil
}

// choose takes the next server.
func (c *client) choose(req *http.Request) error {
	u := c.urls[c.server%len(c.urls)]
	c.server++
	req.URL, req.Host = u, u.Host
	return nil
}

func (c *client) observe(change courant.StateChange) {
	connected := change.State == courant.Connected
	c.connected.Store(connected)
	if !connected {
		if change.Err != nil && c.connections.Load() == 0 {
			c.engine.unreached.note(change.Err.Error())
		}
		return
	}
	if c.connections.Add(1) > 1 {
		return
	}
	if c.engine.config.FromStart {
		c.track.start(0)
	} else {
		c.track.start(c.topic.ledger.begun.Load())
	}
}

// receive takes events in until the stream ends for good or the context does.
func (c *client) receive(ctx context.Context) {
	stream := c.stream.Load()
	for {
		event, err := stream.Recv()
		switch {
		case err == nil:
			c.take(event)
		case ctx.Err() != nil:
			return
		case courant.Continues(err):
			c.engine.errors.note(fmt.Sprintf("client %d: %v", c.number, err))
		default:
			c.connected.Store(false)
			c.engine.ended.Add(1)
			c.engine.errors.note(fmt.Sprintf("client %d ended: %v", c.number, err))
			return
		}
	}
}

func (c *client) take(event sse.Event) {
	e := c.engine
	now := e.now()
	if event.Type == e.config.GapType {
		c.track.announce()
		return
	}
	found := false
	e.tokens.find(event.Data, func(topic int, n int64) {
		found = true
		if topic != c.topic.number || !c.topic.ledger.has(n) {
			e.examples.note(fmt.Sprintf("client %d, %s: received event %d of topic %d, which is not its own", c.number, c.topic.name, n, topic))
			e.strange.Add(1)
			return
		}
		e.deliveries.Add(1)
		switch finding, highest := c.track.receive(n); finding {
		case inOrder, skipping:
			e.delivery.add(now - c.topic.ledger.sent(n))
		case lateOne:
			e.examples.note(fmt.Sprintf("client %d, %s: event %d came after event %d", c.number, c.topic.name, n, highest))
		case doubleOne:
			e.examples.note(fmt.Sprintf("client %d, %s: event %d came again, after event %d", c.number, c.topic.name, n, highest))
		}
	})
	if !found && strings.HasPrefix(event.Type, "stream-") {
		e.controls.Add(1)
	} else if !found {
		e.foreign.Add(1)
	}
}
