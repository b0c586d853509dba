package peers_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// chromium is the browser of all tests: it takes seconds to start.
var chromium browser

// A browser is started when it is first needed.
type browser struct {
	once  sync.Once
	ctx   context.Context
	err   error
	close func()
}

// start returns the browser's context.
func (b *browser) start() (context.Context, error) {
	b.once.Do(func() {
		flags := append(chromedp.DefaultExecAllocatorOptions[:],
			chromedp.NoSandbox,
			chromedp.DisableGPU,
			chromedp.NoFirstRun,
			chromedp.Flag("disable-component-update", true),
			chromedp.WindowSize(1200, 900),
			chromedp.WSURLReadTimeout(time.Minute), // on a busy machine
		)
		allocator, stop := chromedp.NewExecAllocator(context.Background(), flags...)
		b.ctx, _ = chromedp.NewContext(allocator)
		b.close = func() {
			_ = chromedp.Cancel(b.ctx) // waits until the process is gone
			stop()
		}
		b.err = chromedp.Do(b.ctx)
	})
	return b.ctx, b.err
}

// stop ends the browser if it was started.
func (b *browser) stop() {
	if b.close != nil {
		b.close()
	}
}

// open returns the context of a tab that shows url, and shares cookies and
// connections with no other.
func open(t *testing.T, url string) context.Context {
	t.Helper()
	browser, err := chromium.start()
	if err != nil {
		t.Fatal(err)
	}
	tab, closeTab := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	if err := chromedp.Do(tab, chromedp.Navigate(url)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(tab, 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// eventually waits until the JavaScript condition holds in the page.
func eventually(t *testing.T, ctx context.Context, condition string) {
	t.Helper()
	_, err := chromedp.Run(ctx, chromedp.Poll[bool](condition, chromedp.WithPollingTimeout(50*time.Second)))
	if err != nil {
		body, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText"))
		t.Fatalf("never true: %s: %v\nThe page:\n%s", condition, err, body)
	}
}

// value returns what a JavaScript expression gives.
func value[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatal(err)
	}
	return v
}
