package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	publishTime  = 10 * time.Second       // what one request may take
	publishDelay = 50 * time.Millisecond  // before the second attempt; it doubles
	publishLimit = 500 * time.Millisecond // and at most
	publishGrace = 5 * time.Second        // for requests under way when the time is up
)

// A pacer spreads events evenly. What was not sent in time is not made up for.
type pacer struct {
	interval time.Duration

	mu   sync.Mutex
	next time.Time
}

func newPacer(rate float64) *pacer {
	if rate <= 0 {
		return &pacer{}
	}
	return &pacer{interval: time.Duration(math.Round(float64(time.Second) / rate))}
}

// slack is how much may be made up for, so that a timer that fires late costs
// nothing.
const slack = 100 * time.Millisecond

// wait waits for the turn of the caller.
func (p *pacer) wait(ctx context.Context) bool {
	p.mu.Lock()
	now := time.Now()
	if earliest := now.Add(-slack); p.next.Before(earliest) {
		p.next = earliest
		if p.interval > slack {
			p.next = now
		}
	}
	due := p.next
	p.next = due.Add(p.interval)
	p.mu.Unlock()
	return wait(ctx, due.Sub(now))
}

// wait waits, and reports whether ctx is not done.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// publish publishes until ctx is done. What is under way then has publishGrace.
func (e *engine) publish(ctx context.Context) {
	hard, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(publishGrace, cancel) })()
	pace := newPacer(e.config.Rate)
	var publishers sync.WaitGroup
	for i := range e.config.Publishers {
		publishers.Go(func() {
			for turn := i; e.another() && pace.wait(ctx); turn += e.config.Publishers {
				if turn >= len(e.topics) {
					turn = i
				}
				e.publishOne(hard, e.topics[turn], i)
			}
		})
	}
	publishers.Wait()
}

// another reports whether one more event is to be published.
func (e *engine) another() bool {
	return e.config.Count == 0 || e.turns.Add(1) <= e.config.Count
}

// attempt is what became of one request.
type attempt int

const (
	accepted attempt = iota
	notSent          // no one has seen it
	unclear
	denied
)

// publishOne publishes the next event of a topic.
func (e *engine) publishOne(ctx context.Context, t *topic, publisher int) {
	n := t.ledger.begin(e.now())
	unknown := false // what became of an earlier attempt
	delay := publishDelay
	for try := 0; ; try++ {
		if !unknown {
			t.ledger.stamp(n, e.now())
		}
		began := e.now()
		result, err := e.request(ctx, t, n, publisher+try)
		if err != nil {
			e.errors.note(err.Error())
		}
		switch {
		case result == accepted:
			e.publishing.add(e.now() - began)
			e.settle(t, n, map[bool]outcome{false: certain, true: repeated}[unknown])
			return
		case result == denied && !unknown:
			e.settle(t, n, refused)
			if e.counted[certain].Load() == 0 {
				e.fail(err) // it is not the server that is at fault
			}
			return
		case result == unclear && e.config.KeyHeader == "", result == denied:
			e.settle(t, n, uncertain)
			return
		}
		unknown = unknown || result == unclear
		if !wait(ctx, delay) {
			e.settle(t, n, map[bool]outcome{false: refused, true: uncertain}[unknown])
			return
		}
		delay = min(2*delay, publishLimit)
	}
}

func (e *engine) settle(t *topic, n int64, o outcome) {
	t.ledger.settle(n, o)
	e.counted[o].Add(1)
}

// cutOf leaves out of an error what differs each time: the topic and the ports.
func cutOf(err error) error {
	if at, ok := errors.AsType[*url.Error](err); ok {
		err = at.Err
	}
	if at, ok := errors.AsType[*net.OpError](err); ok {
		err = at.Err
	}
	return fmt.Errorf("a request to publish was cut: %w", err)
}

// request makes one attempt.
func (e *engine) request(ctx context.Context, t *topic, n int64, server int) (attempt, error) {
	ctx, cancel := context.WithTimeout(ctx, publishTime)
	defer cancel()
	token := e.tokens.of(t.number, n)
	target := e.config.Publish[server%len(e.config.Publish)]
	target = strings.NewReplacer("{topic}", url.PathEscape(t.name), "{event}", token).Replace(target)
	body := strings.NewReplacer("{topic}", t.name, "{event}", padded(token, e.config.Size)).Replace(e.config.Body)
	req, err := http.NewRequestWithContext(ctx, e.config.Method, target, strings.NewReader(body))
	if err != nil {
		return denied, err
	}
	req.GetBody = nil // or the transport sends it again by itself, which no one could account for
	req.Header.Set("Content-Type", "application/json")
	maps.Copy(req.Header, e.config.Header)
	if e.config.KeyHeader != "" {
		req.Header.Set(e.config.KeyHeader, token)
	}
	resp, err := e.posts.Do(req)
	if err != nil {
		if dial, ok := errors.AsType[*net.OpError](err); ok && dial.Op == "dial" {
			return notSent, nil // as long as the server restarts
		}
		return unclear, cutOf(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10)) // what is there explains
	err = fmt.Errorf("%s %s answered %s: %s", req.Method, req.URL.Redacted(), resp.Status, strings.TrimSpace(string(text)))
	switch status := resp.StatusCode; {
	case status < 300:
		return accepted, nil
	case status == http.StatusTooManyRequests, status == http.StatusTooEarly:
		return notSent, err
	case status >= 500, status == http.StatusRequestTimeout:
		return unclear, err
	}
	return denied, err
}
