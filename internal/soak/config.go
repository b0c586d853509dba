package soak

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Config says what a soak does. Those fields that name no default have none.
type Config struct {
	// Events are the URLs of the streams, one per server, with {topic} where the
	// topic's name belongs. A client begins at one and goes on to the next at each
	// attempt to connect.
	Events []string
	// Publish are the URLs to publish at, used alike. {topic} as in Events.
	Publish []string
	Method  string      // of publishing; default POST
	Body    string      // with {event} where the token belongs, and {topic}
	Header  http.Header // sent with every request, of clients too
	// KeyHeader is sent with the token when publishing, so that the server can tell
	// a repeated request. An event whose publishing is uncertain is then sent again
	// until that is certain. Default: none.
	KeyHeader string
	GapType   string // the event type that announces a gap; default stream-gap

	Topics     int      // default 1
	TopicNames []string // default: names that are new in each run, Topics of them
	Clients    int      // default 10; they are spread over the topics evenly
	Publishers int      // how many publish at a time; default and most: one per topic
	Rate       float64  // events a second, of all; 0: as many as can be
	Count      int64    // of events, of all, after which no more is published; default: as many as Duration allows
	Size       int      // of an event's token, filled up to it; default: no filling
	FromStart  bool     // clients must receive what was published before they came

	Duration    time.Duration // of publishing; default 30 s
	Ramp        time.Duration // over which the clients come, while events are published; default: all come before
	Idle        time.Duration // how long clients are connected before the first event, without Ramp; default: not at all
	Settle      time.Duration // how long clients have to get what is missing; default 30 s
	Start       time.Duration // how long servers have to start and clients to connect; default 30 s
	ReadTimeout time.Duration // after which a silent connection is given up; default 45 s, negative: none
	Reconnect   Range         // the first delay before a client connects again, and the longest; default 100 ms-2 s

	Faults []Fault
	Seed   uint64 // of all that is random; default: a random one

	Servers  [][]string // commands that serve Events and Publish
	Backends [][]string // commands that these need
	Await    []string   // addresses at which the backends accept connections when they are ready
	PID      int        // of a server that was started by others, to tell its memory
	Output   io.Writer  // of the commands; default: none

	// Progress is called each second, from one goroutine.
	Progress func(Progress)
}

// complete checks the configuration and fills the defaults in.
func (c *Config) complete(run string) error {
	if c.Seed == 0 {
		c.Seed = uint64(rand.Uint32()) + 1
	}
	setDefault(&c.Method, http.MethodPost)
	setDefault(&c.GapType, "stream-gap")
	setDefault(&c.Clients, 10)
	setDefault(&c.Duration, 30*time.Second)
	setDefault(&c.Settle, 30*time.Second)
	setDefault(&c.Start, 30*time.Second)
	setDefault(&c.ReadTimeout, 45*time.Second)
	setDefault(&c.Reconnect, Range{100 * time.Millisecond, 2 * time.Second})
	if c.Output == nil {
		c.Output = io.Discard
	}
	if len(c.TopicNames) == 0 {
		setDefault(&c.Topics, 1)
		for i := range c.Topics {
			c.TopicNames = append(c.TopicNames, "soak-"+run+"-"+strconv.Itoa(i))
		}
	}
	c.Topics = len(c.TopicNames)
	if c.Publishers <= 0 || c.Publishers > c.Topics {
		c.Publishers = c.Topics
	}
	return c.check()
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// check reports what cannot work.
func (c *Config) check() error {
	var errs []error
	refuse := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	c.checkURLs("events", c.Events, refuse)
	c.checkURLs("publish", c.Publish, refuse)
	if !strings.Contains(c.Body, "{event}") && !anyContains(c.Publish, "{event}") {
		refuse(`the body must have {event} somewhere, such as: {"text":"{event}"}`)
	}
	switch {
	case c.Clients < 1:
		refuse("want at least one client, have %d", c.Clients)
	case c.Rate < 0 || c.Size < 0 || c.Count < 0:
		refuse("a rate, size or count cannot be negative")
	case min(c.Duration, c.Ramp, c.Idle, c.Settle, c.Start) < 0:
		refuse("a duration cannot be negative")
	case c.Ramp > c.Duration:
		refuse("the clients come in %v, and %v are published", c.Ramp, c.Duration)
	}
	for i, name := range c.TopicNames {
		if slices.Contains(c.TopicNames[:i], name) {
			refuse("the topic %q is named twice", name)
		}
	}
	for _, command := range slices.Concat(c.Servers, c.Backends) {
		if len(command) == 0 {
			refuse("a command is empty")
		}
	}
	for _, f := range c.Faults {
		switch {
		case f.Kind == RestartServer && len(c.Servers) == 0:
			refuse("the fault kill needs a command to kill: soak must start the server itself")
		case f.Kind == RestartBackend && len(c.Backends) == 0:
			refuse("the fault backend needs a command to kill: soak must start the backend itself")
		}
	}
	return errors.Join(errs...)
}

func (c *Config) checkURLs(what string, urls []string, refuse func(string, ...any)) {
	if len(urls) == 0 {
		refuse("there is no URL to %s", map[string]string{"events": "receive events from", "publish": "publish at"}[what])
	}
	for _, text := range urls {
		u, err := url.Parse(strings.NewReplacer("{topic}", "topic", "{event}", "event").Replace(text))
		switch {
		case err != nil:
			refuse("%s: %v", what, err)
		case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
			refuse("%s: %q: want a URL such as http://localhost:8080/rooms/{topic}", what, text)
		case c.Topics > 1 && !strings.Contains(text, "{topic}") && (what == "events" || !strings.Contains(c.Body, "{topic}")):
			refuse("%s: %q has no {topic}, and there are %d topics", what, text, c.Topics)
		}
	}
}

func anyContains(texts []string, part string) bool {
	for _, text := range texts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

// delays returns what Faults say of latency.
func (c *Config) latency() Range {
	for _, f := range c.Faults {
		if f.Kind == Latency {
			return f.Every
		}
	}
	return Range{}
}

// slow returns how many slow connections Faults ask for.
func (c *Config) slow() int {
	for _, f := range c.Faults {
		if f.Kind == Slow {
			return f.Count
		}
	}
	return 0
}

// needsProxy reports whether there are faults of the network.
func (c *Config) needsProxy() bool {
	for _, f := range c.Faults {
		switch f.Kind {
		case Reset, Stall, HalfOpen, Slow, Latency:
			return true
		}
	}
	return false
}
