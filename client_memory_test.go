package courant

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"
)

// serveInMemory serves handler over pipes and returns a client that reaches it
// under any host name. In a synctest bubble its time is that of the bubble, and
// a goroutine that is left over fails the test.
func serveInMemory(t *testing.T, handler http.Handler) *http.Client {
	t.Helper()
	l := &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
	var running handlers
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		running.enter()
		defer running.leave()
		handler.ServeHTTP(w, r)
	})}
	go func() { _ = server.Serve(l) }()
	transport := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			client, server := net.Pipe()
			select {
			case l.conns <- server:
				return client, nil
			case <-l.done:
				return nil, net.ErrClosed
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		},
	}
	t.Cleanup(func() {
		_ = server.Close()
		running.wait()
		transport.CloseIdleConnections()
	})
	return &http.Client{Transport: transport}
}

// handlers waits for handlers, also where new ones begin meanwhile, which a
// sync.WaitGroup does not allow.
type handlers struct {
	mu   sync.Mutex
	n    int
	idle chan struct{} // somebody waits for it
}

func (h *handlers) enter() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.n++
}

func (h *handlers) leave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.n--; h.n == 0 && h.idle != nil {
		close(h.idle)
		h.idle = nil
	}
}

func (h *handlers) wait() {
	h.mu.Lock()
	idle := make(chan struct{})
	if h.n == 0 {
		close(idle)
	} else {
		h.idle = idle
	}
	h.mu.Unlock()
	<-idle
}

// pipeListener is a net.Listener of pipes.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

// answer is how a script answers one request.
type answer func(w http.ResponseWriter, r *http.Request)

// script answers the first request with the first answer and so on, and those
// beyond with 204. It keeps the requests.
type script struct {
	answers []answer

	mu       sync.Mutex
	requests []*http.Request
}

func newScript(answers ...answer) *script { return &script{answers: answers} }

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	n := len(s.requests)
	s.requests = append(s.requests, r)
	s.mu.Unlock()
	if n >= len(s.answers) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	s.answers[n](w, r)
}

// lastEventIDs returns the header field of each request, "-" where it is absent.
func (s *script) lastEventIDs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for _, r := range s.requests {
		if values := r.Header.Values("Last-Event-ID"); len(values) > 0 {
			ids = append(ids, values[0])
		} else {
			ids = append(ids, "-")
		}
	}
	return ids
}

// sends answers with a stream of that text, which then ends properly.
func sends(text string) answer {
	return func(w http.ResponseWriter, _ *http.Request) { sendText(w, text) }
}

// sendsAndStays answers with that text and then nothing, until the client leaves.
func sendsAndStays(text string) answer {
	return func(w http.ResponseWriter, r *http.Request) {
		sendText(w, text)
		<-r.Context().Done()
	}
}

// cutsAfter answers with that text and breaks the connection.
func cutsAfter(text string) answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		sendText(w, text)
		panic(http.ErrAbortHandler)
	}
}

// status answers with an empty body; header holds names and values in turn.
func status(code int, header ...string) answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

func sendText(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = fmt.Fprint(w, text)
	_ = http.NewResponseController(w).Flush()
}
