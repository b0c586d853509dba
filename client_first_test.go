package courant_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
)

// refusing lets the first n requests fail as where nobody listens.
func refusing(n int, then http.RoundTripper) http.RoundTripper {
	return transportFunc(func(r *http.Request) (*http.Response, error) {
		if n > 0 {
			n--
			return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
		}
		return then.RoundTrip(r)
	})
}

func TestFirstConnectionIsRetriedWhereAsked(t *testing.T) {
	for name, c := range map[string]struct {
		method   string
		opts     []courant.EventsOption
		refused  int
		answers  []answer
		requests int // that were answered
		final    func(error) bool
		data     []string
	}{
		"after network errors": {refused: 3, answers: []answer{sends("data: x\n\n")},
			requests: 2, final: isEnd, data: []string{"x"}},
		"after 429 and 5xx": {answers: []answer{status(503), status(429), status(500), sends("data: x\n\n")},
			requests: 5, final: isEnd, data: []string{"x"}},
		"until an answer is final": {refused: 1, answers: []answer{status(502), status(404), sends("data: x\n\n")},
			requests: 2, final: isStatus(404)},
		"until there is nothing to come": {answers: []answer{status(502), status(204)},
			requests: 2, final: isEnd},
		"not where a request must not be repeated": {method: http.MethodPost, answers: []answer{status(503)},
			requests: 1, final: isStatus(503)},
		"also a POST where always": {method: http.MethodPost, opts: []courant.EventsOption{courant.WithReconnect(courant.Always)},
			refused: 1, answers: []answer{status(503), sends("data: x\n\n")}, requests: 3, final: isEnd, data: []string{"x"}},
		"never where never": {opts: []courant.EventsOption{courant.WithReconnect(courant.Never)},
			answers: []answer{status(503)}, requests: 1, final: isStatus(503)},
		"a 503 to the letter of EventSource is final": {opts: []courant.EventsOption{courant.WithEventSourceRules()},
			answers: []answer{status(503)}, requests: 1, final: isStatus(503)},
		"after an answer that does not come": {opts: []courant.EventsOption{courant.WithReadTimeout(5 * time.Second)},
			answers:  []answer{mute(), sends("data: x\n\n")},
			requests: 3, final: isEnd, data: []string{"x"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newScript(t, c.answers...)
				transport := refusing(c.refused, e.Client().Transport)
				method := c.method
				if method == "" {
					method = http.MethodGet
				}
				req := newRequest(t, method, strings.NewReader("ask"))
				opts := append([]courant.EventsOption{courant.WithTransport(transport), courant.WithFirstConnectionRetry()}, c.opts...)
				s, err := courant.OpenEvents(req, opts...)
				var data []string
				if err == nil {
					data, err = collect(s)
				}
				if !c.final(err) || !slices.Equal(data, c.data) {
					t.Errorf("received %q, %v", data, err)
				}
				if n := len(e.Requests()); n != c.requests {
					t.Errorf("%d requests, want %d", n, c.requests)
				}
			})
		})
	}
}

func TestFirstConnectionWaitsAsLaterOnesDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var changes []courant.StateChange
		_, err := tryOpen(t, newScript(t, status(503, "Retry-After", "20"), sendsAndStays("")), nil,
			courant.WithFirstConnectionRetry(),
			courant.WithStateFunc(func(c courant.StateChange) { changes = append(changes, c) }))
		if waited := time.Since(start); err != nil || waited < 20*time.Second || waited > 21*time.Second {
			t.Errorf("%v after %v", err, waited)
		}
		if len(changes) != 3 || changes[1].Attempt != 1 || !isStatus(503)(changes[1].Err) ||
			changes[2].State != courant.Connected {
			t.Errorf("told %v", changes)
		}
	})
}

func TestFirstConnectionIsRetriedUntilTheContextIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		start := time.Now()
		client := courant.NewClient("http://memory", courant.WithTransport(refusing(1<<30, nil)), courant.WithFirstConnectionRetry())
		_, err := courant.CallStream(ctx, client, watch(), &watchPayload{Room: "1"})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Hour {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}
