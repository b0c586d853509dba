package courant

import (
	"errors"
	"net/http"

	"github.com/courant-dev/courant/sse"
)

// OpenEvents requests a stream of events from any server, without a design, and
// returns it when the server has answered: with the method, URL, header and body
// of req, and req's context as the life of the stream.
//
// Events come as they are, those of other Courant servers that have the prefix
// "stream-" included. The stream connects again after a cut as [CallStream]
// tells, or as an EventSource would, with [WithEventSourceRules]. Where it may
// not connect again, a proper end of the answer is io.EOF.
//
// req must not be changed as long as the stream lives. Its body is closed, as
// [http.Client.Do] does. A request with a body is sent again only if it has
// GetBody, which [http.NewRequest] sets for the usual readers.
func OpenEvents(req *http.Request, opts ...EventsOption) (*ClientStream[sse.Event], error) {
	config := newClientConfig()
	for _, opt := range opts {
		opt.applyToEvents(config)
	}
	if err := config.check(req); err != nil {
		closeBody(req)
		return nil, err
	}
	warnOfTimeout(config)
	if config.lastEventID != "" {
		req = req.Clone(req.Context())
		if req.Header == nil {
			req.Header = http.Header{}
		}
		req.Header.Set("Last-Event-ID", config.lastEventID)
	}
	reader, err := newEventReader(source{
		name:        req.URL.Redacted(),
		template:    req,
		quietEnd:    true,
		readTimeout: config.readTimeout,
		problem: func(status int, header http.Header, body []byte) *Error {
			return decodeProblem(status, header, body, nil)
		},
	}, config, withoutTimeout(config.httpClient))
	if err != nil {
		return nil, err
	}
	return &ClientStream[sse.Event]{
		reader:  reader,
		receive: func(event sse.Event) (sse.Event, error) { return event, nil },
	}, nil
}

// check reports what is wrong with the options, or with them and req.
func (c *clientConfig) check(req *http.Request) error {
	err := c.err()
	switch again := c.eventSource || c.policy == Always; {
	case err != nil:
	case again && !bodyAgain(req):
		err = errors.New("courant: the request must be sent again, but has a body without GetBody")
	case req.URL == nil:
		err = errors.New("courant: the request has no URL")
	}
	return err
}
