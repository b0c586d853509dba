package courant_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
)

// framing is a way in which an answer is divided from what follows, or fails to.
type framing struct {
	name   string
	whole  bool // HTTP says that the answer is complete
	client func(t *testing.T, body string) *http.Client
}

const streamHeader = "Content-Type: text/event-stream\r\n"

func framings() []framing {
	chunk := func(body string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(body), body) }
	return []framing{
		{"HTTP/1.1, chunks, complete", true, wires(func(body string) string {
			return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + streamHeader + "\r\n" + chunk(body) + "0\r\n\r\n"
		})},
		{"HTTP/1.1, chunks, cut between two", false, wires(func(body string) string {
			return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + streamHeader + "\r\n" + chunk(body)
		})},
		{"HTTP/1.1, chunks, cut inside one", false, wires(func(body string) string {
			return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + streamHeader + "\r\n1000\r\n" + body
		})},
		{"HTTP/1.1, length, complete", true, wires(func(body string) string {
			return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n%s", len(body), streamHeader, body)
		})},
		{"HTTP/1.1, length, short", false, wires(func(body string) string {
			return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n%s", len(body)+1, streamHeader, body)
		})},
		{"HTTP/1.1, until the connection closes", false, wires(func(body string) string {
			return "HTTP/1.1 200 OK\r\nConnection: close\r\n" + streamHeader + "\r\n" + body
		})},
		{"HTTP/1.0, until the connection closes", false, wires(func(body string) string {
			return "HTTP/1.0 200 OK\r\n" + streamHeader + "\r\n" + body
		})},
		{"HTTP/2, END_STREAM", true, http2(couranttest.Complete)},
		{"HTTP/2, RST_STREAM", false, http2(couranttest.Cut)},
		{"a transport that ends a short answer with a bare io.EOF", false, canned(100)},
		{"a transport that forgot to say that there is no length", false, canned(0)},
	}
}

// wires answers each request with what answer makes of the body, and hangs up.
func wires(answer func(body string) string) func(*testing.T, string) *http.Client {
	return func(t *testing.T, body string) *http.Client {
		return &http.Client{Transport: &http.Transport{
			DisableKeepAlives: true,
			DialContext: func(context.Context, string, string) (net.Conn, error) {
				here, there := net.Pipe()
				go func() {
					defer there.Close()
					if _, err := http.ReadRequest(bufio.NewReader(there)); err == nil {
						_, _ = io.WriteString(there, answer(body)) // the client may leave early
					}
				}()
				return here, nil
			},
		}}
	}
}

// http2 answers over HTTP/2.
func http2(end couranttest.End) func(*testing.T, string) *http.Client {
	return func(t *testing.T, body string) *http.Client {
		return serve(t, couranttest.Script{{Send: couranttest.Bytes(body), End: end}}.Handler(), couranttest.WithHTTP2()).Client()
	}
}

// canned answers as a transport of the user's own may.
func canned(length int64) func(*testing.T, string) *http.Client {
	return func(_ *testing.T, body string) *http.Client {
		return &http.Client{Transport: transportFunc(func(*http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusOK, ContentLength: length,
				Header: http.Header{"Content-Type": {"text/event-stream"}},
				Body:   io.NopCloser(strings.NewReader(body)),
			}, nil
		})}
	}
}

// A stream is complete when its outcome says so, however the answer is framed;
// where a design has no outcome on the wire, when HTTP says so; else it is cut.
func TestACutIsNeverTakenForAnEnd(t *testing.T) {
	const one = "id: 1\ndata: {\"message\":\"hello\"}\n\n"
	for design, c := range map[string]struct {
		change  func(*courant.Events)
		outcome string // "" if the design has none
	}{
		"control events": {func(*courant.Events) {}, "event: stream-end\nid: stream-end\ndata: {}\n\n"},
		"sentinel":       {func(e *courant.Events) { e.NoControlEvents, e.Done = true, "[DONE]" }, "data: [DONE]\n\n"},
		"neither":        {func(e *courant.Events) { e.NoControlEvents = true }, ""},
	} {
		for _, f := range framings() {
			for _, said := range []bool{false, true} {
				if said && c.outcome == "" {
					continue
				}
				body := one
				if said {
					body += c.outcome
				}
				complete := said || c.outcome == "" && f.whole
				t.Run(fmt.Sprintf("%s, outcome %v, %s", design, said, f.name), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						m := watch()
						c.change(&m.HTTP.Events)
						client := courant.NewClient("http://memory", courant.WithHTTPClient(f.client(t, body)),
							courant.WithReconnect(courant.Never))
						stream, err := courant.CallStream(t.Context(), client, m, &watchPayload{Room: "1"})
						if err != nil {
							t.Fatal(err)
						}
						checkEnd(t, complete, func() (string, error) {
							e, err := stream.Recv()
							if err != nil {
								return "", err
							}
							return e.Message, nil
						}, "hello")
					})
				})
			}
		}
	}
}

func TestACutOfAPlainStreamIsNeverTakenForAnEnd(t *testing.T) {
	for _, f := range framings() {
		t.Run(f.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://memory/", nil)
				if err != nil {
					t.Fatal(err)
				}
				stream, err := courant.OpenEvents(req, courant.WithHTTPClient(f.client(t, "id: 1\ndata: x\n\ndata: half")))
				if err != nil {
					t.Fatal(err)
				}
				checkEnd(t, f.whole, func() (string, error) {
					e, err := stream.Recv()
					return string(e.Data), err
				}, "x")
			})
		})
	}
}

// checkEnd receives one event and then the end, twice: it stays.
func checkEnd(t *testing.T, complete bool, recv func() (string, error), want string) {
	t.Helper()
	if got, err := recv(); got != want || err != nil {
		t.Fatalf("received %q, %v", got, err)
	}
	for range 2 {
		_, err := recv()
		cut, isCut := errors.AsType[*courant.CutError](err)
		switch {
		case complete && err != io.EOF:
			t.Errorf("ended with %v, want io.EOF", err)
		case !complete && (!isCut || cut.LastEventID != "1" || errors.Is(err, io.EOF)):
			t.Errorf("ended with %v, want a cut after 1", err)
		}
	}
}
