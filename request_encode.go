package courant

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// encode builds the request that carries p to route, below base. Its body can
// be read again: GetBody is set.
func (plan *requestPlan[P]) encode(ctx context.Context, base *url.URL, route Route, p P) (*http.Request, error) {
	path, query, header := map[string]string{}, base.Query(), http.Header{}
	for _, param := range plan.params {
		if err := param.addTo(p, path, query, header); err != nil {
			return nil, fmt.Errorf("courant: request: %w", err)
		}
	}
	target := *base
	escaped, err := expandPath(route.Path, path)
	if err != nil {
		return nil, fmt.Errorf("courant: request: %w", err)
	}
	target.RawPath = strings.TrimSuffix(base.EscapedPath(), "/") + escaped
	if target.Path, err = url.PathUnescape(target.RawPath); err != nil {
		return nil, fmt.Errorf("courant: request: %w", err)
	}
	target.RawQuery, target.Fragment, target.RawFragment = query.Encode(), "", ""
	body := []byte(nil)
	if plan.body != nil {
		if body, err = plan.body.append(nil, p); err != nil {
			return nil, fmt.Errorf("courant: request: %w", err)
		}
	}
	// A bytes.Reader is what gives the request GetBody and its length.
	req, err := http.NewRequestWithContext(ctx, route.Verb, target.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("courant: request: %w", err)
	}
	req.Header = header
	if host := header.Get("Host"); host != "" {
		req.Host = host
	}
	if plan.body != nil {
		header.Set("Content-Type", "application/json")
	}
	if plan.last != nil {
		return req, plan.setLastEventID(req, p)
	}
	return req, nil
}

// setLastEventID sends where to resume: UTF-8 as it is (HTML, § 9.2.3).
func (plan *requestPlan[P]) setLastEventID(req *http.Request, p P) error {
	id, present, err := plan.last.AppendText(nil, p)
	switch {
	case err != nil:
		return fmt.Errorf("courant: request: %w", err)
	case strings.ContainsFunc(string(id), isControl):
		return fmt.Errorf("courant: request: %s: a control character cannot travel in a header", plan.last.Name())
	case strings.Trim(string(id), " \t") != string(id):
		return fmt.Errorf("courant: request: %s: white space at its ends cannot travel in a header", plan.last.Name())
	case present && len(id) > 0:
		req.Header.Set("Last-Event-ID", string(id))
	}
	return nil
}
