package peers_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"github.com/chromedp/chromedp"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/internal/peers/gen/sse/server"
)

// serve serves c and a page with the script.
func serve(t *testing.T, c *counter, script string) *httptest.Server {
	page := fstest.MapFS{"page/index.html": {Data: []byte("<!doctype html><title>t</title><body><script>" + script + "</script>")}}
	mux := http.NewServeMux()
	server.Mount(mux, c, courant.WithFiles(page))
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv
}

// pageScript is the basic client of the page this project began with, its
// console.log replaced by a list.
const pageScript = `
const received = [];
const eventSource = new EventSource('/events/stream');

eventSource.onmessage = (event) => {
    const data = JSON.parse(event.data);
    received.push(data.message);
};

eventSource.onerror = (error) => {
    console.error('EventSource failed:', error);
    eventSource.close();
};`

func TestPlainEventSourceReceives(t *testing.T) {
	srv := serve(t, &counter{last: 3}, pageScript)
	ctx := open(t, srv.URL)
	eventually(t, ctx, `received.join() === 'number 1,number 2,number 3'`)
}

const resuming = `
const received = [];
let ended = 0, opened = 0;
const source = new EventSource('/events/stream' + location.search);
source.onopen = () => opened++;
source.onmessage = (event) => received.push(event.lastEventId);
source.addEventListener('stream-end', () => ended++);`

func TestEventSourceResumesAndStopsAtTheEnd(t *testing.T) {
	more := make(chan struct{})
	c := &counter{last: 6, before: holdAfter(3, more)}
	srv := serve(t, c, resuming)
	ctx := open(t, srv.URL)
	eventually(t, ctx, `received.join() === '1,2,3'`)
	srv.CloseClientConnections()
	eventually(t, ctx, `opened === 2`)
	close(more)
	eventually(t, ctx, `received.join() === '1,2,3,4,5,6' && ended === 1`)

	// The browser comes back once, is answered 204, and stops.
	eventually(t, ctx, `source.readyState === EventSource.CLOSED`)
	if got := fmt.Sprint(c.requests()); got != "[ 3]" {
		t.Errorf("the method was called with %s, want [ 3]", got)
	}
}

func TestFirstConnectionNamesTheLastEventInTheQuery(t *testing.T) {
	srv := serve(t, &counter{last: 6}, resuming)
	ctx := open(t, srv.URL+"/?last_event_id=4")
	eventually(t, ctx, `received.join() === '5,6'`)
}

// resumingScript is the reconnecting client of the same page, as it stands.
const resumingScript = `
class EventSourceWithRetry extends EventSource {
    constructor(url) {
        super(url);
        this.lastEventId = null;

        // Store the last event ID
        this.addEventListener('message', (event) => {
            if (event.lastEventId) {
                this.lastEventId = event.lastEventId;
            }
        });
    }

    // Override the default reconnection behavior
    reconnect() {
        if (this.lastEventId) {
            // Create new EventSource with Last-Event-Id header
            const headers = new Headers();
            headers.append('Last-Event-Id', this.lastEventId);
            return new EventSourceWithRetry(this.url, { headers });
        }
        return new EventSourceWithRetry(this.url);
    }
}

// Usage
const eventSource = new EventSourceWithRetry('/events/stream');`

func TestSubclassOfEventSourceResumes(t *testing.T) {
	more := make(chan struct{})
	c := &counter{last: 6, before: holdAfter(3, more)}
	srv := serve(t, c, resumingScript)
	ctx := open(t, srv.URL)
	eventually(t, ctx, `eventSource.lastEventId === '3'`)
	srv.CloseClientConnections()
	close(more)
	eventually(t, ctx, `eventSource.lastEventId === '6'`)
	if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](`eventSource.close()`)); err != nil {
		t.Fatal(err)
	}
}
