package peers_test

import (
	"context"
	"io"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/internal/peers/gen/sse"
	"github.com/courant-dev/courant/internal/peers/gen/sse/client"
	"github.com/courant-dev/courant/internal/peers/gen/sse/server"
)

// receivers receive the whole stream of the counter at url, over as many
// connections as it takes, and return the event IDs.
var receivers = map[string]func(t *testing.T, url string) []string{
	"courant":                 receive,
	"Chromium":                receiveInChromium,
	"Node eventsource":        func(t *testing.T, url string) []string { return runNode(t, "eventsource.mjs", url) },
	"Node eventsource-client": func(t *testing.T, url string) []string { return runNode(t, "eventsource-client.mjs", url) },
}

func receive(t *testing.T, url string) (ids []string) {
	c := client.NewClient(url, courant.WithReconnectDelay(time.Millisecond, 50*time.Millisecond))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	stream, err := c.Stream(ctx, &sse.StreamPayload{})
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	for {
		event, err := stream.Recv()
		if err == io.EOF {
			return ids
		}
		if err != nil {
			t.Fatalf("after %v: %v", ids, err)
		}
		ids = append(ids, event.ID)
	}
}

// receiveInChromium lets a page of another origin receive.
func receiveInChromium(t *testing.T, url string) []string {
	page := serve(t, &counter{}, `
const received = [];
let ended = false;
const source = new EventSource('`+url+`/events/stream');
source.onmessage = (event) => received.push(event.lastEventId);
source.addEventListener('stream-end', () => { ended = true; });`)
	ctx := open(t, page.URL)
	eventually(t, ctx, `ended && source.readyState === EventSource.CLOSED`)
	return value[[]string](t, ctx, `received`)
}

func TestPeersResumeOverFiveCuts(t *testing.T) {
	for name, receive := range receivers {
		t.Run(name, func(t *testing.T) {
			resume(t, func(addr string) []string { return receive(t, "http://"+addr) }, nil)
		})
	}
}

func TestClientResumesOverFiveCutsBehindProxies(t *testing.T) {
	for _, p := range proxies {
		t.Run(p.program, func(t *testing.T) {
			front := func(addr string) string { return p.start(t, addr, false) }
			resume(t, func(addr string) []string { return receive(t, "http://"+addr) }, front)
		})
	}
}

// resume lets receive have 30 events over five cuts, through what front starts
// before the cutter; nil for nothing.
func resume(t *testing.T, receive func(addr string) []string, front func(addr string) string) {
	c := &counter{last: 30, retry: 10 * time.Millisecond, before: every(time.Millisecond)}
	srv := httptest.NewServer(server.New(c, courant.WithCORS("*")))
	t.Cleanup(srv.Close)
	cutter, addr := startCutter(t, srv.Listener.Addr().String(), fiveCuts)
	if front != nil {
		addr = front(addr)
	}

	got := receive(addr)
	var want []string
	for n := range c.last {
		want = append(want, strconv.Itoa(n+1))
	}
	if !slices.Equal(got, want) {
		t.Errorf("received %q,\nwant %q", got, want)
	}
	if n := cutter.connections(); n < 6 {
		t.Errorf("%d connections, want one more than there are cuts", n)
	}
	asked := c.requests()
	if len(asked) != 6 || asked[0] != "" || asked[5] == "" {
		t.Errorf("the method was called with the last event IDs %q, want six calls, the first without one", asked)
	}
}
