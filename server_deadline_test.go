package courant_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
)

// TestWriteDeadlineOfASlowPeer: who reads, however slowly, gets a large event.
func TestWriteDeadlineOfASlowPeer(t *testing.T) {
	for _, coalescing := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			large := strings.Repeat("x", 1<<20)
			w := serve(t, watching(watch(), func(_ context.Context, _ *watchPayload, s serverStream) error {
				return s.Send(&event{Message: large})
			}, courant.WithCoalescing(coalescing)), unbuffered())
			conn := dial(t, w)
			_, _ = io.WriteString(conn, "GET /rooms/7/events HTTP/1.1\r\nHost: memory\r\n\r\n")
			slow := bufio.NewReaderSize(slowReader{conn}, 1<<16)
			resp, err := http.ReadResponse(slow, nil)
			if err != nil {
				t.Fatal(err)
			}
			if body, complete := rest(resp.Body); !complete || len(body) < len(large) || !strings.HasSuffix(body, end) {
				t.Errorf("%d bytes, complete %v", len(body), complete)
			}
		})
	}
}

type slowReader struct{ r io.Reader }

func (s slowReader) Read(p []byte) (int, error) {
	<-time.After(time.Second)
	return s.r.Read(p)
}
