package courant

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
)

// A Client calls the methods of a service over HTTP. Generated clients wrap one.
// It is safe for concurrent use.
type Client struct {
	base      *url.URL
	config    *clientConfig
	streaming *http.Client // without a Timeout
	err       error        // of NewClient, returned by the calls

	plans sync.Map  // method descriptor → its plans
	warn  sync.Once // that the Timeout is not applied
}

// NewClient returns a client of the server at baseURL, such as
// "http://localhost:8080" or "https://example.com/api". It does not connect.
//
// What is wrong with baseURL or with an option is the error of every call.
func NewClient(baseURL string, opts ...ClientOption) *Client {
	c := &Client{config: newClientConfig()}
	for _, opt := range opts {
		opt.applyToClient(c.config)
	}
	c.base, c.err = parseBase(baseURL)
	if err := c.config.err(); err != nil {
		c.err = err
	}
	c.streaming = withoutTimeout(c.config.httpClient)
	return c
}

func parseBase(baseURL string) (*url.URL, error) {
	base, err := url.Parse(baseURL)
	if err != nil {
		return nil, fmt.Errorf("courant: base URL: %w", err)
	}
	if base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, fmt.Errorf(`courant: base URL %q: want one such as "http://localhost:8080"`, baseURL)
	}
	return base, nil
}

// withoutTimeout returns client, or a copy if it has a Timeout: that would end
// every stream.
func withoutTimeout(client *http.Client) *http.Client {
	if client.Timeout == 0 {
		return client
	}
	streaming := *client
	streaming.Timeout = 0
	return &streaming
}

func warnOfTimeout(config *clientConfig) {
	if timeout := config.httpClient.Timeout; timeout != 0 {
		config.logger.Warn("courant: the Timeout of the http.Client is not applied to streams; "+
			"use the context, or WithReadTimeout", slog.Duration("timeout", timeout))
	}
}

// prepare makes the changes to req that the options ask for.
func prepare(req *http.Request, config *clientConfig) error {
	for _, f := range config.prepare {
		if err := f(req); err != nil {
			return fmt.Errorf("courant: preparing the request: %w", err)
		}
	}
	return nil
}

// CallUnary calls a method with one answer. Generated clients are made of it.
//
// What the server answers beside success is an [*Error]; for an error that the
// design declares, [errors.As] also finds the generated error type. Other errors
// are those of the network, of ctx and of decoding. The method is called once: a
// failed call is not repeated.
func CallUnary[P, R any](ctx context.Context, c *Client, m *UnaryMethod[P, R], p P) (R, error) {
	var none R
	if c.err != nil {
		return none, c.err
	}
	plans, err := unaryPlansOf(c, m)
	if err != nil {
		return none, err
	}
	req, err := plans.request.encode(ctx, c.base, m.HTTP.Routes[0], p)
	if err != nil {
		return none, err
	}
	req.Header.Set("Accept", "application/json")
	if err := prepare(req, c.config); err != nil {
		return none, err
	}
	resp, err := c.config.httpClient.Do(req)
	if err != nil {
		return none, err
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		body, _ := io.ReadAll(io.LimitReader(resp.Body, longestProblem)) // what is there will do
		return none, decodeProblem(resp.StatusCode, resp.Header, body, m.Errors)
	}
	resp.Body = &limitedBody{ReadCloser: resp.Body, left: c.config.maxEventSize, limit: c.config.maxEventSize}
	return plans.response.decode(resp, c.config.strict)
}

// limitedBody fails when an answer is larger than the limit.
type limitedBody struct {
	io.ReadCloser
	left, limit int
}

func (b *limitedBody) Read(p []byte) (int, error) {
	if b.left < len(p) { // so that one more, to see that there is more, does not overflow
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if n > b.left {
		return b.left, &TooLargeError{Limit: int64(b.limit)}
	}
	b.left -= n
	return n, err
}

type unaryPlans[P, R any] struct {
	request  *requestPlan[P]
	response *resultPlan[R]
}

// unaryPlansOf returns what the client has worked out of m, once.
func unaryPlansOf[P, R any](c *Client, m *UnaryMethod[P, R]) (*unaryPlans[P, R], error) {
	if plans, ok := c.plans.Load(m); ok {
		return plans.(*unaryPlans[P, R]), nil
	}
	request, err := newRequestPlan[P](m.HTTP.Request)
	if err != nil {
		return nil, fmt.Errorf("courant: %s: %w", m.Name, err)
	}
	response, err := newResultPlan[R](m.HTTP.Response)
	if err != nil {
		return nil, fmt.Errorf("courant: %s: %w", m.Name, err)
	}
	plans, _ := c.plans.LoadOrStore(m, &unaryPlans[P, R]{request, response})
	return plans.(*unaryPlans[P, R]), nil
}

type streamPlans[P, E any] struct {
	request *requestPlan[P]
	events  *eventPlan[E]
}

// streamPlansOf returns what the client has worked out of m, once.
func streamPlansOf[P, E any](c *Client, m *StreamMethod[P, E]) (*streamPlans[P, E], error) {
	if plans, ok := c.plans.Load(m); ok {
		return plans.(*streamPlans[P, E]), nil
	}
	request, err := newRequestPlan[P](m.HTTP.Request)
	if err != nil {
		return nil, fmt.Errorf("courant: %s: %w", m.Name, err)
	}
	events, err := newEventPlan[E](m.HTTP.Events)
	if err != nil {
		return nil, fmt.Errorf("courant: %s: %w", m.Name, err)
	}
	plans, _ := c.plans.LoadOrStore(m, &streamPlans[P, E]{request, events})
	return plans.(*streamPlans[P, E]), nil
}
