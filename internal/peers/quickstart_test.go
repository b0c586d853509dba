package peers_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// startQuickstart builds the program of make demo, starts it on a free port and
// returns its URL.
func startQuickstart(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "quickstart")
	build := exec.Command("go", "build", "-o", program, "./examples/quickstart/cmd/server")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command(program, "-addr", "localhost:0", "-every", "300ms")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server did not end cleanly: %v", err)
		}
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	_, address, ok := strings.Cut(line, "http://")
	if !ok {
		t.Fatalf("the server says %q, want its address", line)
	}
	return "http://" + strings.TrimSpace(address)
}

func TestQuickstartPage(t *testing.T) {
	url := startQuickstart(t)
	t.Run("ResumesAfterACut", func(t *testing.T) { resumeQuickstart(t, url) })
	t.Run("Publishes", func(t *testing.T) { publishQuickstart(t, url) })
}

func resumeQuickstart(t *testing.T, url string) {
	ctx := open(t, url)
	eventually(t, ctx, `document.querySelector('#state').dataset.state === 'live'`)
	eventually(t, ctx, `document.querySelectorAll('#events tr .badge').length >= 3`)

	if err := chromedp.Do(ctx, chromedp.Click("#cut")); err != nil {
		t.Fatal(err)
	}
	eventually(t, ctx, `document.querySelector('#state').dataset.state === 'reconnecting'`)
	eventually(t, ctx, `document.querySelector('#state').dataset.state === 'live'`)
	eventually(t, ctx, `Number(document.querySelector('#caught').textContent) >= 2`)
	if missed := value[string](t, ctx, `document.querySelector('#missed').textContent`); missed != "0" {
		t.Errorf("missed %s notes", missed)
	}
	ids := value[[]int](t, ctx, `[...document.querySelectorAll('#events td:nth-child(2) code')].map(e => Number(e.textContent))`)
	for i := 1; i < len(ids); i++ {
		if ids[i-1] != ids[i]+1 {
			t.Errorf("note %d is followed by %d", ids[i], ids[i-1])
		}
	}
}

func publishQuickstart(t *testing.T, url string) {
	ctx := open(t, url)
	err := chromedp.Do(ctx,
		chromedp.SetValue("#kind", "alert"),
		chromedp.SendKeys("#text", "From <b>Chromium</b>\n"),
	)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, ctx, `[...document.querySelectorAll('#events tr')].some(r => r.querySelector('.badge.alert') && r.querySelector('.text').textContent === 'From <b>Chromium</b>')`)
}
