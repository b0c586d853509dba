package courant_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/courant-dev/courant/couranttest"
)

// Wherever a connection is cut, and the next one, and that after it: no event is
// lost and none comes twice, from a server that sends what is after the last event
// ID.
func TestCutsAtEveryByteLoseAndRepeatNothing(t *testing.T) {
	frames := []string{
		"id: 1\ndata: a\n\n", "id: 2\r\n: beat\r\ndata: b\r\ndata:\r\n\r\n", "data: c\rid:3\r\r", ":\n\nid: 4\n\n",
		"retry: 7\n\nevent: stream-end\nid: 5\ndata: d\n\n", "id: 6\ndata: é🎈\n\n\n",
	}
	want := []string{"a", "b\n", "c", "d", "é🎈"}
	longest := len(strings.Join(frames, ""))
	for name, opts := range map[string][]couranttest.ServerOption{"HTTP/1.1": nil, "HTTP/2": {couranttest.WithHTTP2()}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				at, requests := 0, 0
				w := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					requests++
					last, _ := strconv.Atoi(r.Header.Get("Last-Event-ID"))
					if last == len(frames) {
						w.WriteHeader(http.StatusNoContent)
						return
					}
					text := strings.Join(frames[last:], "")
					if requests%3 != 0 && at < len(text) { // every third goes through
						sendText(w, text[:at])
						panic(http.ErrAbortHandler)
					}
					sendText(w, text)
				}), opts...)
				for at = range longest + 1 {
					requests = 0
					if data, final := collect(open(t, w)); !slices.Equal(data, want) || !isEnd(final) {
						t.Errorf("cut after %d bytes: received %q, %v", at, data, final)
					}
				}
			})
		})
	}
}
