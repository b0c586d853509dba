package peers_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/sse"
)

// A piece is what a server writes at once, and the event that its last byte
// completes: its ID and data; nil for none.
type piece struct {
	text  string
	event *[2]string
}

var lineEnds = map[string][]piece{
	"CRLF": {
		{"\uFEFFid: 1\r", nil},
		{"\ndata: a\r\n\r", &[2]string{"1", "a"}}, // the line ends before its LF comes
		{"\n", nil},
		{"id: 2\r\ndata: b\r", nil},
		{"\n", nil},
		{"data: c\r\n", nil},
		{"\r\n", &[2]string{"2", "b\nc"}},
		{": life\r", nil},
		{"\nid: 3\r\ndata: incomplete\r", nil},
	},
	"CR": {
		{"\uFEFFid: 1\r", nil},
		{"data: a\r\r", &[2]string{"1", "a"}},
		{"id: 2\rdata: b\r", nil},
		{"data: c\r", nil},
		{"\r", &[2]string{"2", "b\nc"}},
		{": life\r\rid: 3\rdata: incomplete\r", nil},
	},
	"mixed": {
		{"id: 1\ndata: a\r", nil},
		{"\n\r", &[2]string{"1", "a"}},
		{"\nid: 2\rdata: b\r\ndata: c\n", nil},
		{"\n", &[2]string{"2", "b\nc"}},
		{"id: 3\r\ndata: incomplete\n", nil},
	},
}

func TestClientReadsEveryLineEndOfANodeServer(t *testing.T) {
	url := startPieces(t)
	for name, pieces := range lineEnds {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			stream, err := courant.OpenEvents(req, courant.WithReconnect(courant.Always),
				courant.WithReconnectDelay(time.Millisecond, 10*time.Millisecond))
			if err != nil {
				t.Fatal(err)
			}
			defer stream.Close()
			for _, p := range pieces {
				write(t, ctx, url, p.text)
				if p.event != nil {
					expect(t, stream, *p.event)
				}
			}

			// What is incomplete when the connection is cut never was.
			write(t, ctx, url, "")
			received := make(chan string, 1)
			go func() {
				event, err := stream.Recv()
				received <- fmt.Sprintf("%s %s %v", event.ID, event.Data, err)
			}()
			if id := write(t, ctx, url, "data: d\r\n\r\n"); id != "2" {
				t.Errorf("the client is back with the last event ID %q, want 2", id)
			}
			if got := <-received; got != "2 d <nil>" {
				t.Errorf("after the cut: %s", got)
			}
		})
	}
}

func expect(t *testing.T, stream *courant.ClientStream[sse.Event], want [2]string) {
	t.Helper()
	event, err := stream.Recv()
	if got := [2]string{event.ID, string(event.Data)}; err != nil || got != want {
		t.Fatalf("received %q, %v, want %q", got, err, want)
	}
}

// startPieces starts pieces.mjs and returns its URL.
func startPieces(t *testing.T) string {
	t.Helper()
	cmd := node(t, t.Context(), "pieces.mjs")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it is killed
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// write lets the server at url write text to the stream that is open, or cut it
// if text is empty, and returns the last event ID that the stream began with.
func write(t *testing.T, ctx context.Context, url, text string) (lastEventID string) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	id, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(id)
}
