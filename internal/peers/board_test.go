package peers_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"testing"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/hub"
	"github.com/courant-dev/courant/internal/peers/gen/board"
	"github.com/courant-dev/courant/internal/peers/gen/board/server"
	"github.com/courant-dev/courant/internal/peers/gen/board/topics"
)

// hall is the name of the board that is watched.
const hall = "hall"

// publisher is what the topics of all methods are.
type publisher interface {
	PublishOnce(ctx context.Context, board, key string, event *board.Notice) (id string, err error)
}

// boards is the service over a log, at one address whatever becomes of the
// process that serves it. Its notices are numbered.
type boards struct {
	t       *testing.T
	method  string // that is watched
	backend *backend
	srv     *couranttest.Server
	hub     *hub.Hub
	topic   publisher // of the method
	count   int       // of notices
	newest  string    // the ID of the last one
	greeter greeter
	service http.Handler

	watch  *topics.Watch
	strict *topics.Strict
	afresh *topics.Afresh
}

// openBoards returns the service, which nobody can reach yet.
func openBoards(t *testing.T, b *backend, method string) *boards {
	t.Helper()
	s := &boards{t: t, method: method, backend: b}
	s.service = s.open()
	t.Cleanup(func() { _ = s.hub.Close() }) // never fails
	return s
}

// serve serves to clients, and to pages from anywhere.
func (s *boards) serve() {
	s.t.Helper()
	s.srv = couranttest.NewTCPServer(s.greeter.before(s.service))
	s.t.Cleanup(func() {
		if err := s.srv.Close(); err != nil {
			s.t.Error(err)
		}
	})
}

// url is where the hall is watched.
func (s *boards) url() string { return s.srv.URL + "/" + s.method + "/" + hall }

// open opens the log as a process does that starts.
func (s *boards) open() http.Handler {
	s.t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	s.hub = hub.New(s.backend.store, hub.WithLogger(quiet))
	var errs [3]error
	s.watch, errs[0] = topics.NewWatch(s.t.Context(), s.hub)
	s.strict, errs[1] = topics.NewStrict(s.t.Context(), s.hub)
	s.afresh, errs[2] = topics.NewAfresh(s.t.Context(), s.hub)
	for _, err := range errs {
		if err != nil {
			s.t.Fatal(err)
		}
	}
	s.topic = map[string]publisher{"watch": s.watch, "strict": s.strict, "afresh": s.afresh}[s.method]
	return server.New(s, courant.WithTakeover(), courant.WithLogger(quiet), courant.WithCORS("*"))
}

// Watch streams a board to who is told of a gap.
func (s *boards) Watch(ctx context.Context, p *board.Place, stream board.WatchServerStream) error {
	return s.watch.Serve(ctx, p, stream, hub.FromOldest[*board.Notice]())
}

// Strict streams a board to who does without it if there is a gap.
func (s *boards) Strict(ctx context.Context, p *board.Place, stream board.StrictServerStream) error {
	return s.strict.Serve(ctx, p, stream, hub.FromOldest[*board.Notice]())
}

// Afresh streams a board to who begins again if there is a gap.
func (s *boards) Afresh(ctx context.Context, p *board.Place, stream board.AfreshServerStream) error {
	return s.afresh.Serve(ctx, p, stream, hub.FromOldest[*board.Notice]())
}

// restart ends the process that serves, and has another begin when meanwhile has
// returned and so many notices are published.
func (s *boards) restart(meanwhile func(), notices int) {
	s.t.Helper()
	s.srv.Refuse()
	s.srv.Cut()
	_ = s.hub.Close() // never fails
	if meanwhile != nil {
		meanwhile()
	}
	s.service = s.open()
	s.publish(notices)
	s.srv.Restart(s.greeter.before(s.service))
}

// publish puts up n notices.
func (s *boards) publish(n int) {
	s.t.Helper()
	for range n {
		s.count++
		id, err := s.topic.PublishOnce(s.t.Context(), hall, "", &board.Notice{Text: strconv.Itoa(s.count)})
		if err != nil {
			s.t.Fatal(err)
		}
		s.newest = id
	}
}

// kept returns what the log has: the texts of the notices, and the ID of the
// first, which is empty if there is none.
func (s *boards) kept() (texts []string, oldest string) {
	s.t.Helper()
	log, err := s.backend.store.Open(s.t.Context(), s.method+"/{board}", eventlog.Limits{MaxEvents: 4})
	if err != nil {
		s.t.Fatal(err)
	}
	for record, err := range log.Read(s.t.Context(), s.method+"/"+hall, eventlog.Position{}) {
		var notice board.Notice
		if err == nil {
			err = json.Unmarshal(record.Event.Data, &notice)
		}
		if err != nil {
			s.t.Fatal(err)
		}
		if oldest == "" {
			oldest = string(eventlog.AppendID(nil, s.method+"/"+hall, record.Position))
		}
		texts = append(texts, notice.Text)
	}
	return texts, oldest
}

// A greeter answers the first request of each program with an ID and nothing
// else, after which the program comes again with the ID: no browser lets a page
// set one.
type greeter struct {
	id string // that it gives; empty for none

	mu      sync.Mutex
	greeted map[string]bool // by User-Agent
}

// before greets, and leaves all else to the service.
func (g *greeter) before(service http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.knows(r.UserAgent()) {
			service.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_, _ = io.WriteString(w, "retry: 10\n")
		if g.id != "" {
			_, _ = io.WriteString(w, "id: "+g.id+"\n")
		}
		_, _ = io.WriteString(w, "\n")
	})
}

// knows reports whether the program has been here before.
func (g *greeter) knows(program string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	known := g.greeted[program]
	if g.greeted == nil {
		g.greeted = map[string]bool{}
	}
	g.greeted[program] = true
	return known
}
