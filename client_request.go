package courant

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// request is the request of the next connection.
func (r *eventReader) request(ctx context.Context) (*http.Request, error) {
	req := r.template.Clone(ctx)
	first := !r.sent
	r.sent = true
	if !first && r.template.GetBody != nil { // the first time it is the caller's own, which is closed then
		body, err := r.template.GetBody()
		if err != nil {
			return nil, fmt.Errorf("courant: %s: the body of the request again: %w", r.name, err)
		}
		req.Body = body
	}
	if req.Header == nil {
		req.Header = http.Header{}
	}
	setDefault(req.Header, "Accept", "text/event-stream")
	setDefault(req.Header, "Cache-Control", "no-cache")
	setDefault(req.Header, "Accept-Encoding", "identity") // compression holds events back
	switch id := r.LastEventID(); {
	case id == "":
		req.Header.Del("Last-Event-ID")
	case !fitsHeader(id):
		closeBody(req)
		return nil, &CutError{Method: r.name, LastEventID: id,
			Err: errors.New("a last event ID with a control character cannot be sent in a header")}
	default:
		req.Header.Set("Last-Event-ID", id) // UTF-8 as it is (HTML, § 9.2.3)
	}
	if err := prepare(req, r.config); err != nil {
		closeBody(req)
		return nil, err
	}
	return req, nil
}

// closeBody does what a transport would do with the body of a request that is
// not sent.
func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close() // of what nobody reads
	}
}

// bodyAgain reports whether req can be sent more than once.
func bodyAgain(req *http.Request) bool {
	return req.GetBody != nil || req.Body == nil || req.Body == http.NoBody
}
