package courant

import (
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"
)

// ServerOption sets up how methods are served. Where two options say different
// things, the later one holds; inside [ForMethod] it holds over all others.
//
//   - [WithHeartbeat], [WithHeaderDelay], [WithWriteDeadline], [WithCoalescing], [WithStreams], [WithTakeover]: streams
//   - [WithMaxBody], [WithCORS]: requests
//   - [WithLogger], [WithStreamFunc], [WithFiles]: surroundings
//   - [ForMethod]: one method
//
// An option that cannot be taken, such as a negative size, panics where it is
// made, as [net/http.ServeMux] does for a wrong pattern.
type ServerOption interface{ applyToServer(*serverConfig) }

type serverConfig struct {
	method  string          // of the handler, such as "notes.create"; empty for files
	errors  []DeclaredError // of the method
	headers []string        // of the method's answers

	heartbeat     time.Duration // 0: none
	heartbeatSet  bool          // for this method: holds over the design
	headerDelay   time.Duration
	writeDeadline time.Duration
	coalescing    bool
	takeover      bool
	streams       *Streams
	onStream      func(StreamReport)
	maxBody       int64
	origins       []string
	logger        *slog.Logger
	files         fs.FS
}

// The defaults of a server.
const (
	defaultHeartbeat     = 15 * time.Second
	defaultHeaderDelay   = 250 * time.Millisecond
	defaultWriteDeadline = 10 * time.Second
	defaultMaxBody       = 1 << 20
	sendBuffer           = 64 << 10
)

// newServerConfig applies opts for one method: those for all methods first.
func newServerConfig(method string, opts []ServerOption) *serverConfig {
	c := &serverConfig{
		method:        method,
		heartbeat:     defaultHeartbeat,
		headerDelay:   defaultHeaderDelay,
		writeDeadline: defaultWriteDeadline,
		coalescing:    true,
		maxBody:       defaultMaxBody,
	}
	for _, opt := range opts {
		if _, ok := opt.(*methodOption); !ok {
			opt.applyToServer(c)
		}
	}
	c.heartbeatSet = false
	for _, opt := range opts {
		if _, ok := opt.(*methodOption); ok {
			opt.applyToServer(c)
		}
	}
	if c.logger == nil {
		c.logger = slog.Default()
	}
	if c.streams == nil {
		c.streams = &Streams{}
	}
	return c
}

type serverOption func(*serverConfig)

func (f serverOption) applyToServer(c *serverConfig) { f(c) }

// WithHeartbeat sends a heartbeat on a stream when nothing was sent for d. The
// default is 15 s; 0 is none. A method whose design has an SSEHeartbeat keeps
// that, unless the option is inside [ForMethod].
//
// Clients cut a connection on which nothing came for 45 s: one that is to live
// with longer heartbeats, or none, needs [WithReadTimeout], or the SSEHeartbeat.
//
// A heartbeat is the comment frame ":" and an empty line, or the event
// stream-heartbeat where the design asks for it.
func WithHeartbeat(d time.Duration) ServerOption {
	refuseNegative("WithHeartbeat", d)
	return serverOption(func(c *serverConfig) { c.heartbeat, c.heartbeatSet = d, true })
}

// WithHeaderDelay sends the headers of a stream at the latest when d has passed
// since the method was called, so that a browser's onopen fires. The default is
// 250 ms. A method that fails before answers with its real status. With 0 the
// headers go out before the method is called.
func WithHeaderDelay(d time.Duration) ServerOption {
	refuseNegative("WithHeaderDelay", d)
	return serverOption(func(c *serverConfig) { c.headerDelay = d })
}

// WithWriteDeadline ends a stream whose client does not take what is written
// within d; of more than 64 KiB, each 64 KiB. A write that follows another one
// closely may have up to 3 % less: its deadline is not set anew. The default is
// 10 s; 0 is none. It holds in place of [net/http.Server.WriteTimeout], which
// would end every stream.
func WithWriteDeadline(d time.Duration) ServerOption {
	refuseNegative("WithWriteDeadline", d)
	return serverOption(func(c *serverConfig) { c.writeDeadline = d })
}

// WithCoalescing says whether Send may return before its event is written. By
// default it may: what is sent while another write is under way leaves with the
// next one, so that a loop of Send makes few writes, while a lone event leaves
// at once. A write that fails is then the error of the next Send. Up to 64 KiB
// wait; beyond, Send blocks. With false, Send returns when its event is written
// and flushed.
func WithCoalescing(on bool) ServerOption {
	return serverOption(func(c *serverConfig) { c.coalescing = on })
}

// WithTakeover lets a stream that goes on with the events of a hub leave
// net/http: its handler returns, so that neither a goroutine nor buffers are
// held for it, and few goroutines write to all such connections. Middleware sees
// the request end when that happens. It has an effect on Linux, for HTTP/1.1
// without TLS, where the ResponseWriter is itself an [net/http.Hijacker]; all
// other streams are served as without. By default there is no takeover.
//
// [net/http.Server.Shutdown] does not wait for connections that were taken over:
// who shuts down calls [Streams.Drain] before, which does.
func WithTakeover() ServerOption {
	return serverOption(func(c *serverConfig) { c.takeover = true })
}

// WithStreams counts and limits streams in a registry that services share. By
// default each method has a registry of its own, without limits.
func WithStreams(s *Streams) ServerOption {
	if s == nil {
		panic("courant: WithStreams: the registry is nil")
	}
	return serverOption(func(c *serverConfig) { c.streams = s })
}

// WithMaxBody answers 413 to a request whose body is larger than n bytes. The
// default is 1 MiB.
func WithMaxBody(n int64) ServerOption {
	if n < 0 {
		panic(fmt.Sprintf("courant: WithMaxBody: %d is negative", n))
	}
	return serverOption(func(c *serverConfig) { c.maxBody = n })
}

// WithLogger logs to logger: errors that clients are not told, with the ID that
// they are told, and what is wrong with the surroundings. The default is
// [slog.Default].
func WithLogger(logger *slog.Logger) ServerOption {
	if logger == nil {
		panic("courant: WithLogger: the logger is nil")
	}
	return serverOption(func(c *serverConfig) { c.logger = logger })
}

// WithFiles serves the files of a design from files, such as an embed.FS. By
// default they come from the directory in which the process was started.
func WithFiles(files fs.FS) ServerOption {
	if files == nil {
		panic("courant: WithFiles: the file system is nil")
	}
	return serverOption(func(c *serverConfig) { c.files = files })
}

// WithCORS lets pages of these origins, such as "https://example.com", call the
// methods from a browser; "*" is any origin, without credentials. By default
// there is none. Preflight requests are answered, and Last-Event-ID is among
// the headers that are allowed.
func WithCORS(origins ...string) ServerOption {
	for _, origin := range origins {
		if origin != "*" && (!strings.Contains(origin, "://") || strings.HasSuffix(origin, "/")) {
			panic(fmt.Sprintf("courant: WithCORS: %q: want an origin such as %q", origin, "https://example.com"))
		}
	}
	return serverOption(func(c *serverConfig) { c.origins = origins })
}

// ForMethod applies opts to one method, named as in the design: "create", or
// with its service, "notes.create". [CheckServerOptions] finds a name that no
// method has.
func ForMethod(name string, opts ...ServerOption) ServerOption {
	return &methodOption{name, opts}
}

type methodOption struct {
	name string
	opts []ServerOption
}

func (o *methodOption) applyToServer(c *serverConfig) {
	if !o.matches(c.method) {
		return
	}
	for _, opt := range o.opts {
		opt.applyToServer(c)
	}
}

// matches reports whether o is for the method called service.method.
func (o *methodOption) matches(full string) bool {
	_, method, _ := strings.Cut(full, ".")
	return full != "" && (o.name == full || o.name == method)
}

// CheckServerOptions panics if one of opts is a [ForMethod] for a method that
// none of the names is, which are service and method: "notes.create".
// Generated Mount functions call it. A ForMethod that names another service is
// none of their business.
func CheckServerOptions(opts []ServerOption, names ...string) {
	for _, opt := range opts {
		o, ok := opt.(*methodOption)
		if !ok || len(names) == 0 {
			continue
		}
		service, _, _ := strings.Cut(names[0], ".")
		found := strings.Contains(o.name, ".") && !strings.HasPrefix(o.name, service+".")
		for _, name := range names {
			found = found || o.matches(name)
		}
		if !found {
			panic(fmt.Sprintf("courant: ForMethod: the service %s has no method %q; it has %s",
				service, o.name, strings.Join(names, ", ")))
		}
	}
}

func refuseNegative(option string, d time.Duration) {
	if d < 0 {
		panic(fmt.Sprintf("courant: %s: %v is negative", option, d))
	}
}

// heartbeatOf returns the heartbeat of a method; 0 is none.
func (c *serverConfig) heartbeatOf(e Events) time.Duration {
	if c.heartbeatSet || e.Heartbeat == 0 {
		return c.heartbeat
	}
	return max(e.Heartbeat, 0)
}
