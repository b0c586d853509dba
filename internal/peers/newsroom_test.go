package peers_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
)

// newsroom is the program of make demo, on an address and with a directory of
// its own.
type newsroom struct {
	program, addr, data string
}

func TestNewsroomPage(t *testing.T) {
	program := filepath.Join(t.TempDir(), "newsroom")
	build := exec.Command("go", "build", "-o", program, "./cmd/newsroom")
	build.Dir = "../../examples/newsroom"
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := func(f func(*testing.T, *newsroom)) func(*testing.T) {
		return func(t *testing.T) { f(t, &newsroom{program, freeAddress(t), t.TempDir()}) }
	}
	t.Run("WatchersMissNothing", run(watchNewsroom))
	t.Run("WatchersAreToldOfAGap", run(forgetNewsroom))
	t.Run("AsksForAToken", run(enterNewsroom))
}

// start starts the program, which is killed by what it returns, or at the end of
// the test.
func (n *newsroom) start(t *testing.T) (kill func()) {
	t.Helper()
	cmd := exec.Command(n.program, "-addr", n.addr, "-data", n.data)
	start(t, cmd)
	awaitAddress(t, n.addr)
	return func() { _ = cmd.Process.Kill() } // it runs
}

// watchNewsroom has two watchers in one page: one is cut and catches up, then
// the server is killed, and both go on.
func watchNewsroom(t *testing.T, n *newsroom) {
	kill := n.start(t)
	ctx := open(t, "http://"+n.addr)
	watchersSay(t, ctx, "live", "live")

	say(t, ctx, "one <b>bold</b> word")
	watchersHave(t, ctx, 1, 1)
	click(t, ctx, ".watcher:nth-child(2) .cut")
	watchersSay(t, ctx, "live", "cut")
	say(t, ctx, "two")
	say(t, ctx, "three")
	watchersHave(t, ctx, 3, 1)
	eventually(t, ctx, figure(2, "behind")+` === '2'`)
	click(t, ctx, ".watcher:nth-child(2) .cut")
	watchersHave(t, ctx, 3, 3)
	eventually(t, ctx, figure(2, "caught")+` === '2'`)

	kill()
	watchersSay(t, ctx, "reconnecting", "reconnecting")
	n.start(t)
	watchersSay(t, ctx, "live", "live")
	say(t, ctx, "four")
	watchersHave(t, ctx, 4, 4)
	for watcher := 1; watcher <= 2; watcher++ {
		if faults := value[string](t, ctx, figure(watcher, "missed")+` + ' missed, ' + `+figure(watcher, "twice")+` + ' twice'`); faults != "0 missed, 0 twice" {
			t.Errorf("watcher %d: %s", watcher, faults)
		}
		want := []string{"four", "three", "two", "one <b>bold</b> word"}
		if got := texts(t, ctx, watcher); !slices.Equal(got, want) {
			t.Errorf("watcher %d shows %q, want %q", watcher, got, want)
		}
	}
	newcomer := open(t, "http://"+n.addr)
	watchersHave(t, newcomer, 4, 4)
}

// forgetNewsroom has the server come back without what it had.
func forgetNewsroom(t *testing.T, n *newsroom) {
	kill := n.start(t)
	ctx := open(t, "http://"+n.addr)
	watchersSay(t, ctx, "live", "live")
	say(t, ctx, "before")
	watchersHave(t, ctx, 1, 1)
	kill()
	n.data = t.TempDir()
	n.start(t)
	for watcher := 1; watcher <= 2; watcher++ {
		eventually(t, ctx, figure(watcher, "gap")+`.endsWith('(epoch).')`)
	}
	say(t, ctx, "after")
	watchersHave(t, ctx, 2, 2)
	if missed := value[string](t, ctx, figure(1, "missed")); missed != "0" {
		t.Errorf("missed %s", missed)
	}
}

// enterNewsroom enters the private room with the token that the
// program has made, and not without.
func enterNewsroom(t *testing.T, n *newsroom) {
	n.start(t)
	ctx := open(t, "http://"+n.addr+"/#desk")
	eventually(t, ctx, `!document.querySelector('#enter').hidden && document.querySelector('#compose').hidden`)
	err := chromedp.Do(ctx, chromedp.SendKeys("#token", "0123456789abcdef\n"))
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, ctx, `document.querySelector('#receipt').textContent === 'That token does not open this room.'`)
	err = chromedp.Do(ctx, chromedp.SendKeys("#token", invitation(t, n.data)+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	watchersSay(t, ctx, "live", "live")
	say(t, ctx, "between us")
	watchersHave(t, ctx, 1, 1)
}

// invitation returns the token of the first person in the directory of rooms.
func invitation(t *testing.T, data string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(data, "newsroom.json"))
	if err != nil {
		t.Fatal(err)
	}
	var directory struct{ People []struct{ Token string } }
	if err := json.Unmarshal(text, &directory); err != nil || len(directory.People) == 0 {
		t.Fatalf("%v: %s", err, text)
	}
	return directory.People[0].Token
}

// watchersSay waits until the watchers are in these states.
func watchersSay(t *testing.T, ctx context.Context, states ...string) {
	t.Helper()
	for i, state := range states {
		eventually(t, ctx, `document.querySelector('.watcher:nth-child(`+strconv.Itoa(i+1)+`) .state')?.dataset.state === '`+state+`'`)
	}
}

// watchersHave waits until the watchers have received so many messages, and show
// them.
func watchersHave(t *testing.T, ctx context.Context, counts ...int) {
	t.Helper()
	for i, count := range counts {
		want := strconv.Itoa(count)
		eventually(t, ctx, figure(i+1, "received")+` === '`+want+`'`)
		eventually(t, ctx, `document.querySelectorAll('.watcher:nth-child(`+strconv.Itoa(i+1)+`) .message').length === `+want)
	}
}

// figure is the expression of one of a watcher's figures.
func figure(watcher int, name string) string {
	return `document.querySelector('.watcher:nth-child(` + strconv.Itoa(watcher) + `) .` + name + `')?.textContent`
}

func texts(t *testing.T, ctx context.Context, watcher int) []string {
	t.Helper()
	return value[[]string](t, ctx, `[...document.querySelectorAll('.watcher:nth-child(`+strconv.Itoa(watcher)+`) .message .text')].map(e => e.textContent)`)
}

// say publishes by the form of the page.
func say(t *testing.T, ctx context.Context, text string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.SendKeys("#text", text+"\n")); err != nil {
		t.Fatal(err)
	}
	eventually(t, ctx, `document.querySelector('#receipt').textContent.startsWith('Published')`)
}

func click(t *testing.T, ctx context.Context, selector string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Click(selector)); err != nil {
		t.Fatal(err)
	}
}
