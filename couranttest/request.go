package couranttest

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Request is a request that a [Server] got.
type Request struct {
	Method string
	Proto  string   // such as "HTTP/1.1"
	URL    *url.URL // its path and query
	Host   string
	Header http.Header
	Body   []byte    // as far as the handler has read it
	Time   time.Time // when it came
}

// LastEventID returns the header field Last-Event-ID, and whether there is one.
func (r *Request) LastEventID() (id string, ok bool) {
	values := r.Header.Values("Last-Event-ID")
	if len(values) == 0 {
		return "", false
	}
	return values[0], true
}

// record returns what is kept of r, whose body it makes record itself.
func (s *Server) record(r *http.Request) *Request {
	u := *r.URL
	kept := &Request{Method: r.Method, Proto: r.Proto, URL: &u, Host: r.Host, Header: r.Header.Clone(), Time: time.Now()}
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = &recordedBody{r.Body, s, kept}
	}
	return kept
}

// clone returns a copy that does not change.
func (r *Request) clone() Request {
	c := *r
	c.Header, c.Body = r.Header.Clone(), slices.Clone(r.Body)
	return c
}

type recordedBody struct {
	io.ReadCloser

	server *Server
	into   *Request
}

func (b *recordedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.server.m.Lock()
	defer b.server.m.Unlock()
	b.into.Body = append(b.into.Body, p[:n]...)
	return n, err
}
