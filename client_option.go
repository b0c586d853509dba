package courant

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// A ClientOption sets up a [Client]: [WithStrictDecoding], and each
// [ConnectionOption].
//
// An option that cannot be taken, such as a negative size, is an error of the
// client's first call, which names it.
type ClientOption interface{ applyToClient(config *clientConfig) }

// An EventsOption sets up what [OpenEvents] returns: [WithLastEventID],
// [WithCommentFunc], [WithEventSourceRules], and each [ConnectionOption].
type EventsOption interface{ applyToEvents(config *clientConfig) }

// A ConnectionOption says how connections are made and kept. It serves a
// [Client] and [OpenEvents] alike:
//
//   - [WithHTTPClient], [WithTransport], [WithHeader], [WithRequestFunc]: the requests
//   - [WithReconnect], [WithReconnectDelay], [WithReconnectReset]: after a cut
//   - [WithFirstConnectionRetry]: before the first event
//   - [WithReadTimeout], [WithMaxEventSize]: limits
//   - [WithStateFunc], [WithClientLogger]: what one can see of it
type ConnectionOption interface {
	ClientOption
	EventsOption
}

type clientConfig struct {
	httpClient *http.Client
	logger     *slog.Logger
	prepare    []func(*http.Request) error
	onState    func(StateChange)
	onComment  func(string)

	policy         ReconnectPolicy
	firstAgain     bool
	base           time.Duration
	limit          time.Duration
	reset          time.Duration
	readTimeout    time.Duration
	readTimeoutSet bool
	maxEventSize   int

	strict      bool
	eventSource bool
	lastEventID string

	errs []error
}

func newClientConfig() *clientConfig {
	return &clientConfig{
		httpClient:   http.DefaultClient,
		logger:       slog.Default(),
		base:         defaultReconnectBase,
		limit:        defaultReconnectCap,
		reset:        defaultReconnectReset,
		maxEventSize: defaultMaxEventSize,
	}
}

// defaultMaxEventSize is the largest event a client accepts.
const defaultMaxEventSize = 16 << 20

func (c *clientConfig) err() error { return errors.Join(c.errs...) }

func (c *clientConfig) refuse(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("courant: "+format, args...))
}

type (
	connectionOption func(*clientConfig)
	clientOption     func(*clientConfig)
	eventsOption     func(*clientConfig)
)

func (f connectionOption) applyToClient(c *clientConfig) { f(c) }
func (f connectionOption) applyToEvents(c *clientConfig) { f(c) }
func (f clientOption) applyToClient(c *clientConfig)     { f(c) }
func (f eventsOption) applyToEvents(c *clientConfig)     { f(c) }

// WithHTTPClient makes requests with client: its transport, cookies and rule
// for redirects. The default is [http.DefaultClient].
//
// Its Timeout holds for unary calls; to a stream it is not applied, since it
// would end every stream, and a warning is logged. The client itself is not
// changed.
func WithHTTPClient(client *http.Client) ConnectionOption {
	return connectionOption(func(c *clientConfig) {
		if client == nil {
			c.refuse("WithHTTPClient: the client is nil")
			return
		}
		c.httpClient = client
	})
}

// WithTransport makes requests with transport. The default is that of the
// client of [WithHTTPClient], which must come before it in the list of options.
//
// A transport, that of a client too, must obey the request's context, and the
// bodies it returns must allow Close while another goroutine is in Read and make
// that Read return, as those of [http.Transport] do: nothing else interrupts a
// blocked Recv. It must say as [http.Transport] does where an answer ends: a body
// that is broken off returns another error than [io.EOF], or ContentLength tells.
func WithTransport(transport http.RoundTripper) ConnectionOption {
	return connectionOption(func(c *clientConfig) {
		if transport == nil {
			c.refuse("WithTransport: the transport is nil")
			return
		}
		client := *c.httpClient
		client.Transport = transport
		c.httpClient = &client
	})
}

// WithHeader sends a header field with each request, in place of those of the
// same name. By default a stream asks with Accept: text/event-stream,
// Cache-Control: no-cache and Accept-Encoding: identity, because compression in
// between holds events back. Last-Event-ID is refused: sent at each connection, it
// would take the stream back.
func WithHeader(name, value string) ConnectionOption {
	set := WithRequestFunc(func(r *http.Request) error {
		if http.CanonicalHeaderKey(name) == "Host" {
			r.Host = value
			return nil
		}
		r.Header.Set(name, value)
		return nil
	})
	return connectionOption(func(c *clientConfig) {
		if http.CanonicalHeaderKey(name) == "Last-Event-Id" {
			c.refuse("WithHeader: a stream sends its own Last-Event-ID; a typed client begins where its payload says (SSERequestID), OpenEvents with WithLastEventID")
		}
		set.applyToClient(c)
	})
}

// WithRequestFunc calls f with each request before it is sent: for a stream at
// every connection anew, so that it can set a fresh token. The request is f's
// to change; its context is that of the call. Functions are called in the order
// of the options. An error of f is final; no request is made.
func WithRequestFunc(f func(*http.Request) error) ConnectionOption {
	return connectionOption(func(c *clientConfig) {
		if f == nil {
			c.refuse("WithRequestFunc: the function is nil")
			return
		}
		c.prepare = append(c.prepare, f)
	})
}

// ReconnectPolicy says whether a client connects again after a cut.
type ReconnectPolicy int

const (
	// WhenSafe reconnects where a second request does nothing that the first did
	// not do: for GET, for methods that the design calls Idempotent, and where
	// the last event ID travels in the request (SSERequestID, Topic) and one was
	// received. It is the default.
	WhenSafe ReconnectPolicy = iota
	// Always reconnects.
	Always
	// Never reconnects; a cut is a [CutError].
	Never
)

// WithReconnect says whether to connect again after a cut. The default is
// [WhenSafe].
func WithReconnect(policy ReconnectPolicy) ConnectionOption {
	return connectionOption(func(c *clientConfig) {
		if policy < WhenSafe || policy > Never {
			c.refuse("WithReconnect: no such policy: %d", policy)
			return
		}
		c.policy = policy
	})
}

// WithFirstConnectionRetry tries the first connection again where a later one
// would be: after network errors, 429 and 5xx, after the delays of
// [WithReconnectDelay] and not before Retry-After. [CallStream] and [OpenEvents]
// then return when there is a stream, the context is done or an answer is final.
// It holds where the [ReconnectPolicy] lets a request without a last event ID be
// sent again. By default every failure of the first connection is final.
func WithFirstConnectionRetry() ConnectionOption {
	return connectionOption(func(c *clientConfig) { c.firstAgain = true })
}

// WithReconnectDelay sets how long to wait before connecting again: at random
// between 0 and base, then 2 base, 4 base and so on, at most limit. The default
// is 1 s and 30 s. A server sets another base with the field retry, and the
// least delay of one attempt with Retry-After, to which up to base is added at
// random; both up to 5 minutes.
func WithReconnectDelay(base, limit time.Duration) ConnectionOption {
	return connectionOption(func(c *clientConfig) {
		if base < 0 || limit < base {
			c.refuse("WithReconnectDelay: want 0 <= base <= limit, have %v and %v", base, limit)
			return
		}
		c.base, c.limit = base, limit
	})
}

// WithReconnectReset sets how long a connection must have been open for the
// delay to begin at its base again. The default is 60 s. 0 means that every
// connection is as good; attempts that fail count on.
func WithReconnectReset(open time.Duration) ConnectionOption {
	return connectionOption(func(c *clientConfig) {
		if open < 0 {
			c.refuse("WithReconnectReset: negative duration %v", open)
			return
		}
		c.reset = open
	})
}

// WithReadTimeout cuts a connection on which, while the client waits for it,
// nothing arrived for that long; comments count as life. It holds for the
// headers of an answer too. 0 means none. A connection of HTTP/2 on which that
// happened is not used again: the idle connections of the [http.Client] are closed.
//
// The default is 45 s for a method of a design, or three of its heartbeats
// where that is more, or none where it has no heartbeats. [OpenEvents] has none
// by default: who knows how often a stranger sends.
func WithReadTimeout(timeout time.Duration) ConnectionOption {
	return connectionOption(func(c *clientConfig) {
		if timeout < 0 {
			c.refuse("WithReadTimeout: negative duration %v", timeout)
			return
		}
		c.readTimeout, c.readTimeoutSet = timeout, true
	})
}

// WithMaxEventSize sets the largest event a stream accepts, and the largest
// answer of a unary call. A larger event is skipped, with a [TooLargeError]; its
// ID does not become the last event ID.
// The default is 16 MiB.
func WithMaxEventSize(bytes int) ConnectionOption {
	return connectionOption(func(c *clientConfig) {
		if bytes <= 0 {
			c.refuse("WithMaxEventSize: want a positive size, have %d", bytes)
			return
		}
		c.maxEventSize = bytes
	})
}

// WithStateFunc calls f at each change of a stream's state, in order, from the
// goroutine that is in Recv or Close: f delays it. f may call the stream's
// methods, but not Recv. By default nothing is called.
func WithStateFunc(f func(StateChange)) ConnectionOption {
	return connectionOption(func(c *clientConfig) { c.onState = f })
}

// WithClientLogger logs to logger: reconnections at debug level, and what the
// client does not do as it was told as warnings. The default is [slog.Default].
func WithClientLogger(logger *slog.Logger) ConnectionOption {
	return connectionOption(func(c *clientConfig) {
		if logger == nil {
			c.refuse("WithClientLogger: the logger is nil")
			return
		}
		c.logger = logger
	})
}

// WithStrictDecoding refuses events that lack a required attribute, with a
// [DecodeError], and results that do. By default they are accepted with the zero
// value, so that a client outlives its server's next version.
func WithStrictDecoding() ClientOption {
	return clientOption(func(c *clientConfig) { c.strict = true })
}

// WithLastEventID resumes after the event with that ID. The default is the
// request's own header field Last-Event-ID, else none.
func WithLastEventID(id string) EventsOption {
	return eventsOption(func(c *clientConfig) {
		if !fitsHeader(id) {
			c.refuse("WithLastEventID: %q: a control character cannot travel in a header", id)
			return
		}
		c.lastEventID = id
	})
}

// WithCommentFunc calls f, from within Recv, with the text of each comment, as
// soon as it was read: for the comment line ": beat" with "beat". By default
// comments are dropped.
func WithCommentFunc(f func(text string)) EventsOption {
	return eventsOption(func(c *clientConfig) { c.onComment = f })
}

// WithEventSourceRules follows the standard's EventSource to the letter (HTML,
// § 9.2.3): network errors are tried again, on the first connection too; every
// answer but 200 with the right content type is final, a 503 as well;
// Retry-After is not looked at; a delay is never shorter than the reconnection
// time; the method of the request does not matter. [WithReconnect] has no
// effect beside it.
func WithEventSourceRules() EventsOption {
	return eventsOption(func(c *clientConfig) { c.eventSource = true })
}
