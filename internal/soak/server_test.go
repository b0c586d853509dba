package soak

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/memlog"
	"github.com/courant-dev/courant/hub"
)

// What the environment tells this program when a test starts it as a server.
const (
	listenVariable = "COURANT_SOAK_TEST_LISTEN" // the address
	lifeVariable   = "COURANT_SOAK_TEST_LIFE"   // after which it fails
)

// TestMain serves rooms where the test started itself as a server.
func TestMain(m *testing.M) {
	address := os.Getenv(listenVariable)
	if address == "" {
		os.Exit(m.Run())
	}
	if life, err := time.ParseDuration(os.Getenv(lifeVariable)); err == nil {
		time.AfterFunc(life, func() { os.Exit(3) })
	}
	listener, err := net.Listen("tcp", address)
	if err == nil {
		fmt.Fprintln(os.Stderr, "serving", address)
		err = http.Serve(listener, rooms(hub.New(memlog.New())))
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

type note struct {
	Text string `json:"text"`
}

type roomPayload struct {
	Room string `json:"room"`
}

// rooms is a service on a hub.
func rooms(h *hub.Hub) http.Handler {
	m := &courant.StreamMethod[*roomPayload, *note]{
		Name: "rooms.watch",
		HTTP: courant.StreamHTTP{
			Routes: []courant.Route{{Verb: "GET", Path: "/rooms/{room}/events"}},
			Request: courant.Request{
				Params: []courant.Param{{In: courant.InPath, Attribute: "room", Name: "room"}},
				Body:   courant.Nothing(),
			},
		},
		Topic: courant.Topic{Pattern: "rooms/{room}", OnGap: courant.GapRestart},
	}
	mux := http.NewServeMux()
	topic, err := hub.Open(context.Background(), h, m)
	if err != nil {
		mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { http.Error(w, err.Error(), http.StatusTeapot) })
		return mux
	}
	courant.HandleStream(mux, m, func(ctx context.Context, p *roomPayload, s *courant.ServerStream[*note]) error {
		return topic.Serve(ctx, topic.Name(p.Room), s)
	}, courant.WithHeartbeat(200*time.Millisecond), courant.WithTakeover())
	mux.HandleFunc("POST /rooms/{room}/messages", func(w http.ResponseWriter, r *http.Request) {
		var n note
		if err := json.NewDecoder(r.Body).Decode(&n); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if _, err := topic.PublishOnce(r.Context(), topic.Name(r.PathValue("room")), r.Header.Get("Idempotency-Key"), &n); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	return mux
}

// serveRooms serves rooms on a hub in this process.
func serveRooms(t *testing.T) string { return serveRoomsOf(t, memlog.New()) }

// serveRoomsOf is serveRooms on a log that others may serve as well.
func serveRoomsOf(t *testing.T, store eventlog.Store) string {
	h := hub.New(store)
	server := httptest.NewServer(rooms(h))
	t.Cleanup(func() {
		server.CloseClientConnections()
		_ = h.Close()
		server.Close()
	})
	return server.URL
}

// A plainServer has one topic and nothing of the run time: events are numbered
// from 1, and kept but for those that it has forgotten.
type plainServer struct {
	skips   int  // each event of that number, and of its multiples, is never sent
	swaps   int  // an event of that number, and of its multiples, is sent before the one that it follows
	again   bool // a client that resumes gets its last event once more
	forgets int  // only so many are kept when a client resumes
	tells   bool // of a gap
	cuts    int  // each connection after so many events; 0: never
	whole   bool // a new client gets all that there is
	hangsUp int  // instead of answering each post of that number, and of its multiples
	keys    bool // are looked at

	mu     sync.Mutex
	events []string
	posts  int
	taken  map[string]bool // keys
	more   chan struct{}   // closed when there are more
}

func (s *plainServer) start(t *testing.T) string {
	s.more, s.taken = make(chan struct{}), map[string]bool{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /publish", s.publish)
	mux.HandleFunc("GET /events", s.watch)
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

func (s *plainServer) publish(w http.ResponseWriter, r *http.Request) {
	var n note
	if err := json.NewDecoder(r.Body).Decode(&n); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if key := r.Header.Get("Idempotency-Key"); !s.keys || !s.taken[key] {
		s.taken[key] = true
		s.events = append(s.events, n.Text)
		close(s.more)
		s.more = make(chan struct{})
	}
	if s.posts++; s.hangsUp > 0 && s.posts%s.hangsUp == 0 {
		panic(http.ErrAbortHandler)
	}
}

func (s *plainServer) watch(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	at := len(s.events) // the next one to send
	if s.whole {
		at = 0
	}
	last, err := strconv.Atoi(r.Header.Get("Last-Event-ID"))
	gap := false
	if err == nil {
		oldest := 0
		if s.forgets > 0 {
			oldest = max(0, len(s.events)-s.forgets)
		}
		gap = last < oldest
		at = max(last, oldest)
		if s.again && at > 0 {
			at--
		}
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/event-stream")
	flusher := http.NewResponseController(w)
	fmt.Fprint(w, "retry: 10\n")
	fmt.Fprintf(w, "id: %d\n\n", at)
	if gap && s.tells {
		fmt.Fprint(w, "event: stream-gap\ndata: {}\n\n")
	}
	_ = flusher.Flush()
	for sent := 0; s.cuts == 0 || sent < s.cuts; at++ {
		s.mu.Lock()
		more, have := s.more, len(s.events)
		s.mu.Unlock()
		last := at // what has to be there
		if s.swaps > 0 && (at+2)%s.swaps == 0 {
			last++
		}
		for last >= have {
			select {
			case <-more:
			case <-r.Context().Done():
				return
			}
			s.mu.Lock()
			more, have = s.more, len(s.events)
			s.mu.Unlock()
		}
		if s.send(w, at) {
			sent++
		}
		_ = flusher.Flush()
	}
}

// send sends the event at a place, with the defects that the server has.
func (s *plainServer) send(w http.ResponseWriter, at int) bool {
	number := at + 1
	which := at
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.skips > 0 && number%s.skips == 0:
		return false
	case s.swaps > 0 && number%s.swaps == 0 && at > 0:
		which = at - 1
	case s.swaps > 0 && (number+1)%s.swaps == 0:
		which = at + 1
	}
	fmt.Fprintf(w, "id: %d\ndata: %s\n\n", number, s.events[which])
	return true
}
