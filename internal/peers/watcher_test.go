package peers_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/internal/peers/gen/board"
	"github.com/courant-dev/courant/internal/peers/gen/board/client"
)

// A watcher is a client that watches the hall. It says what it received in one
// line each:
//
//	4                   a notice
//	gap epoch AQ… AQ…   a gap: its reason, the ID that was asked for, and the oldest
//	410 gap             an error of the method
//	closed              it will not connect again
type watcher interface {
	// received waits until it has received n things, and returns all.
	received(t *testing.T, n int) []string
	// failure returns what it receives when the method fails, in a stream or before
	// it begins.
	failure(streaming bool) []string
}

// watch begins to watch.
type watch func(*testing.T, *boards) watcher

// A goWatcher is the generated client.
type goWatcher struct {
	stream *courant.ClientStream[*board.Notice]
	lines  []string
}

func watchInGo(t *testing.T, b *boards) watcher {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	c := client.NewClient(b.srv.URL, courant.WithHTTPClient(b.srv.Client()), courant.WithReconnectDelay(time.Millisecond, 20*time.Millisecond))
	call := map[string]func(context.Context, *board.Place) (*courant.ClientStream[*board.Notice], error){
		"watch": c.Watch, "strict": c.Strict, "afresh": c.Afresh,
	}[b.method]
	stream, err := call(ctx, &board.Place{Board: hall})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stream.Close() }) // a stream that fails is closed
	return &goWatcher{stream: stream}
}

func (w *goWatcher) received(t *testing.T, n int) []string {
	t.Helper()
	for len(w.lines) < n {
		notice, err := w.stream.Recv()
		gap, stale := errors.AsType[*courant.GapError](err)
		failed, final := errors.AsType[*courant.Error](err)
		switch {
		case err == nil:
			w.lines = append(w.lines, notice.Text)
		case stale && courant.Continues(err):
			w.lines = append(w.lines, fmt.Sprintf("gap %s %s %s", gap.Reason, gap.Asked, gap.Oldest))
		case final && w.stream.State() == courant.Closed:
			w.lines = append(w.lines, fmt.Sprintf("%d %s", failed.Status, failed.Name), "closed")
		default:
			t.Fatalf("in Go: after %q: %v", w.lines, err)
		}
	}
	return w.lines
}

func (*goWatcher) failure(bool) []string { return []string{"410 gap", "closed"} }

// A pageWatcher is an EventSource in a page of Chromium.
type pageWatcher struct {
	ctx  context.Context
	name string
}

// watchersPage is the script of a page on which many watch.
const watchersPage = `
const watchers = {};
function watch(name, url) {
	const source = new EventSource(url);
	const lines = [];
	watchers[name] = {source, lines};
	source.onmessage = (event) => lines.push(JSON.parse(event.data).text);
	source.addEventListener('stream-gap', (event) => {
		const gap = JSON.parse(event.data);
		lines.push(['gap', gap.reason, gap.asked, gap.oldest].join(' '));
	});
	source.addEventListener('stream-error', (event) => {
		const problem = JSON.parse(event.data);
		lines.push(problem.status + ' ' + problem.name);
	});
	source.onerror = () => {
		if (source.readyState === EventSource.CLOSED) lines.push('closed');
	};
}`

// watchOn has a page watch. A page of its own would take seconds on a busy
// machine.
func watchOn(page context.Context) watch {
	return func(t *testing.T, b *boards) watcher {
		t.Helper()
		return newPageWatcher(t, page, b.url())
	}
}

// askOn has a page watch that names the ID in the query of its URL instead of
// getting it in a greeting.
func askOn(page context.Context) watch {
	return func(t *testing.T, b *boards) watcher {
		t.Helper()
		url := b.url() + "?last_event_id=" + url.QueryEscape(b.greeter.id)
		b.greeter.id = ""
		return newPageWatcher(t, page, url)
	}
}

func newPageWatcher(t *testing.T, page context.Context, url string) watcher {
	t.Helper()
	w := pageWatcher{page, strconv.Quote(t.Name())}
	w.do(t, fmt.Sprintf("watch(%s, %q)", w.name, url))
	t.Cleanup(func() { w.do(t, "watchers["+w.name+"].source.close()") })
	return w
}

func (w pageWatcher) do(t *testing.T, statement string) {
	t.Helper()
	if err := chromedp.Do(w.ctx, chromedp.Evaluate[chromedp.Void](statement)); err != nil {
		t.Fatal(err)
	}
}

func (w pageWatcher) received(t *testing.T, n int) []string {
	t.Helper()
	lines := "watchers[" + w.name + "].lines"
	eventually(t, w.ctx, fmt.Sprintf("%s.length >= %d", lines, n))
	return value[[]string](t, w.ctx, lines)
}

// No page is told why its EventSource was refused.
func (pageWatcher) failure(streaming bool) []string {
	if streaming {
		return []string{"410 gap", "closed"}
	}
	return []string{"closed"}
}
