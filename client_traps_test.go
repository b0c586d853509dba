package courant_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
)

// inPieces answers with a stream that arrives in these pieces.
func inPieces(pieces ...string) answer {
	var steps couranttest.Steps
	for _, piece := range pieces {
		steps = append(steps, couranttest.Bytes(piece), couranttest.Pause(time.Millisecond))
	}
	return answer{Send: steps}
}

// What other clients got wrong. Each stream is followed by a 204.
func TestTraps(t *testing.T) {
	for name, c := range map[string]struct {
		answers []answer
		data    []string
		ids     []string // of the requests
	}{
		"events that share a read come once each": {
			answers: []answer{sends("data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n")},
			data:    []string{"1", "2", "3", "4"}, ids: []string{"-", "-"},
		},
		"an event that comes byte by byte is one event": {
			answers: []answer{inPieces(strings.Split("id: 1\ndata: ab\n\n", "")...)},
			data:    []string{"ab"}, ids: []string{"-", "1"},
		},
		"blocks of comments are no events": {
			answers: []answer{sends(": a\n\n:\n\n: b\ndata: 1\n\n:\n\n")},
			data:    []string{"1"}, ids: []string{"-", "-"},
		},
		"lines may end in CRLF or CR": {
			answers: []answer{sends("data: 1\r\n\r\ndata: 2\r\rdata: 3\n\n")},
			data:    []string{"1", "2", "3"}, ids: []string{"-", "-"},
		},
		"a CR event does not wait for the byte after it": {
			answers: []answer{sendsOnce("data: 1\r\r"), sends("data: 2\n\n")},
			data:    []string{"1", "2"}, ids: []string{"-", "-", "-"},
		},
		"a CRLF split over two reads ends one line": {
			answers: []answer{inPieces("data: 1\r", "\ndata: 2\r", "\n\r", "\n")},
			data:    []string{"1\n2"}, ids: []string{"-", "-"},
		},
		"only one space after the colon is dropped": {
			answers: []answer{sends("data:  token\n\ndata:token \n\n")},
			data:    []string{" token", "token "}, ids: []string{"-", "-"},
		},
		"a byte order mark does not break the first event, on each connection": {
			answers: []answer{sends("\ufeffdata: 1\n\n"), sends("\ufeffdata: 2\n\n")},
			data:    []string{"1", "2"}, ids: []string{"-", "-", "-"},
		},
		"an ID counts once its event is complete": {
			answers: []answer{cutsAfter("id: 1\ndata: 1\n\nid: 2\n"), cutsAfter("id: 2\ndata: 2\n"), sends("id: 2\ndata: 2\n\n")},
			data:    []string{"1", "2"}, ids: []string{"-", "1", "1", "2"},
		},
		"an ID without data counts": {
			answers: []answer{sends("id: 9\n\n")},
			ids:     []string{"-", "9"},
		},
		"an incomplete event at a proper end is dropped": {
			answers: []answer{sends("data: 1\n\nid: 5\ndata: half\n")},
			data:    []string{"1"}, ids: []string{"-", "-"},
		},
		"a blank line too many does not end the client": {
			answers: []answer{sends("data: 1\n\n\n"), sends("\n"), sends(""), sends("data: 2\n\n")},
			data:    []string{"1", "2"}, ids: []string{"-", "-", "-", "-", "-"},
		},
		"a stream that is cut again before a new event keeps its place": {
			answers: []answer{sends("id: 7\ndata: 1\n\n"), cutsAfter(":\n"), cutsAfter(""), sends("data: 2\n\n")},
			data:    []string{"1", "2"}, ids: []string{"-", "7", "7", "7", "7"},
		},
		"an empty ID takes the last one back": {
			answers: []answer{sends("id: 7\ndata: 1\n\n"), sends("id\ndata: 2\n\n")},
			data:    []string{"1", "2"}, ids: []string{"-", "7", "-"},
		},
		"an event that is too large is skipped with its ID, and those after it come": {
			answers: []answer{sends("id: 2\ndata: 1\n\nid: 3\ndata: " + strings.Repeat("x", 2000) + "\n\ndata: 2\n\n")},
			data:    []string{"1", `sse: event with ID "3" larger than 1000 bytes`, "2"}, ids: []string{"-", "2"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScript(t, c.answers...)
				data, final := collect(open(t, s, courant.WithMaxEventSize(1000)))
				if !slices.Equal(data, c.data) || !errors.Is(final, io.EOF) {
					t.Errorf("received %q and %v, want %q", data, final, c.data)
				}
				if got := lastEventIDs(s); !slices.Equal(got, c.ids) {
					t.Errorf("last event IDs %q, want %q", got, c.ids)
				}
			})
		})
	}
}

// sendsOnce sends text and breaks the connection an hour later.
func sendsOnce(text string) answer {
	return answer{Send: couranttest.Steps{couranttest.Bytes(text), couranttest.Pause(time.Hour)}, End: couranttest.Cut}
}

func TestEventsComeWhenTheyAreComplete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, end := range []string{"\n\n", "\r\r", "\r\n\r\n"} {
			stream := open(t, newScript(t, sendsOnce("data: 1"+end)))
			start := time.Now()
			if _, err := stream.Recv(); err != nil || time.Since(start) != 0 {
				t.Errorf("%q: %v after %v", end, err, time.Since(start))
			}
			_ = stream.Close()
		}
	})
}

func TestAnIDThatCannotTravelIsACut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, sends("id: a\x01b\ndata: 1\n\n"))
		data, final := collect(open(t, s))
		if len(data) != 1 || !isCut(final) || len(lastEventIDs(s)) != 1 {
			t.Errorf("received %q, %v, after %d requests", data, final, len(lastEventIDs(s)))
		}
	})
}

func TestCommentsAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var comments []string
		_, _ = collect(open(t, newScript(t, sends(": beat\n\n:x\ndata: 1\n\n"), sends(":\n")),
			courant.WithCommentFunc(func(text string) { comments = append(comments, text) })))
		if want := []string{"beat", "x", ""}; !slices.Equal(comments, want) {
			t.Errorf("comments %q, want %q", comments, want)
		}
	})
}

// The client test of the Server-Sent Events page, in the words of the run time.
func TestFiveMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			w.Header().Set("Cache-Control", "no-cache")
			w.Header().Set("Connection", "keep-alive")
			for i := range 5 {
				_, _ = fmt.Fprintf(w, "data: {\"message\":\"test %d\"}\n\n", i)
				w.(http.Flusher).Flush()
				<-time.After(100 * time.Millisecond)
			}
		}))
		c := courant.NewClient("http://memory", courant.WithHTTPClient(server.Client()))
		stream, err := courant.CallStream(t.Context(), c, posts(nil), &postsPayload{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 5 {
			event, err := stream.Recv()
			if err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf("test %d", i); event.Message != want || event.Timestamp != 0 {
				t.Errorf("received %v, want message %q", event, want)
			}
		}
	})
}
