package peers_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/internal/peers/gen/sse"
	"github.com/courant-dev/courant/internal/peers/gen/sse/server"
	wire "github.com/courant-dev/courant/sse"
)

// live is how long an event may take, from Send to the client: less than
// somebody who looks at it notices.
const live = 100 * time.Millisecond

// now is the message of an event that tells when it was sent.
func now(int) string { return strconv.FormatInt(time.Now().UnixMicro(), 10) }

func TestEventsAreLiveBehindProxies(t *testing.T) {
	for _, p := range proxies {
		for _, compress := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/compress=%t", p.program, compress), func(t *testing.T) {
				next := make(chan struct{}, 1)
				c := &counter{last: 5, message: now, before: func(ctx context.Context, _ int) error { return wait(ctx, next) }}
				srv := httptest.NewServer(server.New(c))
				t.Cleanup(srv.Close)
				addr := p.start(t, srv.Listener.Addr().String(), compress)
				for _, coding := range []string{"identity", "gzip"} {
					var first, later []time.Duration
					for range 5 {
						took := delays(t, addr, coding, next)
						first = append(first, took[0])
						later = append(later, took[1:]...)
					}
					for when, took := range map[string][]time.Duration{"first": first, "later": later} {
						if m := median(took); m > live {
							t.Errorf("Accept-Encoding %s: %s events take %v; all: %v", coding, when, m, took)
						}
					}
				}
			})
		}
	}
}

// delays opens a stream, lets it send an event each time that the one before
// has come, and returns how long each took. It decodes as browsers do, what
// there is as soon as it is there.
func delays(t *testing.T, addr, coding string, next chan<- struct{}) (took []time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/events/stream", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", coding)
	next <- struct{}{}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var body io.Reader = resp.Body
	if resp.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(bufio.NewReader(resp.Body)); err != nil {
			t.Fatal(err)
		}
	}
	for decoder := wire.NewDecoder(body); ; {
		event, err := decoder.Decode()
		received := time.Now()
		if err != nil {
			t.Fatalf("after %v: %v", took, err)
		}
		if event.Type == "stream-end" {
			return took
		}
		var e sse.Event
		if err := json.Unmarshal(event.Data, &e); err != nil {
			t.Fatal(err)
		}
		sent, err := strconv.ParseInt(e.Message, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		took = append(took, received.Sub(time.UnixMicro(sent)))
		if len(took) < 5 {
			next <- struct{}{}
		}
	}
}

func median(took []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[len(sorted)/2]
}

// A browser asks for compression of everything.
func TestEventsAreLiveInChromiumBehindCompressingProxies(t *testing.T) {
	srv := httptest.NewServer(server.New(&counter{last: 9, message: now, before: every(150 * time.Millisecond)}, courant.WithCORS("*")))
	t.Cleanup(srv.Close)
	script := `
const took = {};
const ended = [];
function watch(name, addr) {
	took[name] = [];
	const source = new EventSource('http://' + addr + '/events/stream');
	source.onmessage = (event) => took[name].push(Date.now() - JSON.parse(event.data).message / 1000);
	source.addEventListener('stream-end', () => ended.push(name));
}
`
	for _, p := range proxies {
		script += fmt.Sprintf("watch(%q, %q);\n", p.program, p.start(t, srv.Listener.Addr().String(), true))
	}
	ctx := open(t, serve(t, &counter{}, script).URL)
	eventually(t, ctx, fmt.Sprint("ended.length === ", len(proxies)))
	for name, took := range value[map[string][]float64](t, ctx, `took`) {
		slices.Sort(took)
		if len(took) != 9 || took[4] > float64(live.Milliseconds()) {
			t.Errorf("behind %s, 9 events take %v ms", name, took)
		}
	}
}
