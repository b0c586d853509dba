package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/courant-dev/courant/internal/soak"
)

// board is a server of one topic that sends what is posted, as it is, to who
// watches at that time.
type board struct {
	every int // event of so many is not sent; 0: all are

	mu       sync.Mutex
	posted   int
	watchers map[chan string]bool
}

func (b *board) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		b.watch(w, r)
		return
	}
	text, err := io.ReadAll(r.Body)
	if err != nil || r.Header.Get("Authorization") != "Bearer abc" {
		http.Error(w, "you may not", http.StatusForbidden)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.posted++; b.every > 0 && b.posted%b.every == 0 {
		return
	}
	for watcher := range b.watchers {
		watcher <- string(text)
	}
}

func (b *board) watch(w http.ResponseWriter, r *http.Request) {
	mine := make(chan string, 1000)
	b.mu.Lock()
	b.watchers[mine] = true
	b.mu.Unlock()
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	_ = out.Flush()
	for {
		select {
		case text := <-mine:
			fmt.Fprintf(w, "data: %s\n\n", text)
			_ = out.Flush()
		case <-r.Context().Done():
			return
		}
	}
}

// soakBoard runs courant soak on a board.
func soakBoard(t *testing.T, b *board, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	b.watchers = map[chan string]bool{}
	server := httptest.NewServer(b)
	defer server.Close()
	defer server.CloseClientConnections()
	var out, errs strings.Builder
	all := append([]string{"soak", "--events", server.URL, "--publish", server.URL, "--body", "{event}"}, args...)
	status = Main(t.Context(), Process{Args: all, Dir: t.TempDir(), Stdout: &out, Stderr: &errs})
	return status, out.String(), errs.String()
}

func TestSoakSaysWhetherEverythingArrived(t *testing.T) {
	for name, c := range map[string]struct {
		every  int
		args   []string
		status int
		stdout string
		stderr string
	}{
		"all is there":          {args: []string{"--header", "Authorization: Bearer abc"}, stdout: "Passed: every event is there, once, in order."},
		"some are lost":         {every: 10, args: []string{"--header", "Authorization: Bearer abc"}, status: 1, stdout: "lost                        15   without an announcement"},
		"the server refuses":    {status: 1, stderr: "403 Forbidden: you may not"},
		"an argument is left":   {args: []string{"./server"}, status: 2, stderr: "The command of a server comes after --"},
		"there is no client":    {args: []string{"--clients", "0"}, status: 2, stderr: "--clients 0: want more than nothing"},
		"there is no time":      {args: []string{"--settle", "0s"}, status: 2, stderr: "--settle 0: want more than nothing"},
		"the log has no place":  {args: []string{"--log", "/no/such/place"}, status: 1, stderr: "courant: open /no/such/place"},
		"a fault is unknown":    {args: []string{"--faults", "explode 5s"}, status: 2, stderr: `fault "explode": want one of`},
		"nothing can be killed": {args: []string{"--faults", "kill 5s"}, status: 2, stderr: "soak must start the server itself"},
		"the command is none":   {args: []string{"--", "./no-such-command"}, status: 1, stderr: "already"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, stdout, stderr := soakBoard(t, &board{every: c.every}, append([]string{"--clients", "3", "--count", "50", "--rate", "0"}, c.args...)...)
			if status != c.status || !strings.Contains(stdout, c.stdout) || !strings.Contains(stderr, c.stderr) {
				t.Errorf("exit status %d, want %d\n%s%s", status, c.status, stdout, stderr)
			}
		})
	}
}

func TestSoakPrintsTheAccountAsJSON(t *testing.T) {
	status, stdout, _ := soakBoard(t, &board{}, "--header", "Authorization: Bearer abc", "--count", "20", "--seed", "5", "--json")
	var a soak.Account
	if err := json.Unmarshal([]byte(stdout), &a); err != nil || status != 0 {
		t.Fatalf("%v, exit status %d\n%s", err, status, stdout)
	}
	if a.Published != 20 || a.Received != 200 || a.Seed != 5 || a.Connections != 10 {
		t.Errorf("%+v", a)
	}
}
