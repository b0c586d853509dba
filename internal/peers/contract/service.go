package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"sync"
)

// capabilities are the optional features that the suite may test. Event types need
// no listeners, so "event-type-listeners" is not among them. The suite called
// "server-directed-shutdown-request" "204" at first.
func capabilities() []string {
	return []string{
		"bom", "comments", "cr-only", "headers", "last-event-id", "payload-size-stress-testable", "post", "read-timeout",
		"report", "restart", "retry", "server-directed-shutdown-request", "204",
	}
}

// A service keeps the streams that a harness has asked for.
type service struct {
	quit func()

	mu      sync.Mutex
	last    int
	streams map[string]*stream
}

func newService(quit func()) *service {
	return &service{quit: quit, streams: map[string]*stream{}}
}

func (s *service) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.status)
	mux.HandleFunc("POST /{$}", s.create)
	mux.HandleFunc("DELETE /{$}", s.stop)
	mux.HandleFunc("GET /streams/{id}", s.state)
	mux.HandleFunc("POST /streams/{id}", s.command)
	mux.HandleFunc("DELETE /streams/{id}", s.remove)
	return mux
}

func (s *service) status(w http.ResponseWriter, _ *http.Request) {
	body, err := json.Marshal(struct {
		Name         string   `json:"name"`
		Capabilities []string `json:"capabilities"`
	}{"courant", capabilities()})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // the harness may be gone
}

func (s *service) create(w http.ResponseWriter, r *http.Request) {
	var p params
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	created, err := newStream(p)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.last++
	id := strconv.Itoa(s.last)
	s.streams[id] = created
	s.mu.Unlock()
	w.Header().Set("Location", "/streams/"+id)
	w.WriteHeader(http.StatusCreated)
}

// state answers with one word. It is no part of the suite's protocol: it saves
// waiting for what does not happen.
func (s *service) state(w http.ResponseWriter, r *http.Request) {
	found := s.find(r)
	if found == nil {
		http.NotFound(w, r)
		return
	}
	_, _ = io.WriteString(w, found.state().String())
}

func (s *service) command(w http.ResponseWriter, r *http.Request) {
	found := s.find(r)
	var c struct{ Command string }
	switch err := json.NewDecoder(r.Body).Decode(&c); {
	case found == nil:
		http.NotFound(w, r)
		return
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	switch c.Command {
	case "restart":
		found.restart()
	case "listen": // every type is listened to
	default:
		http.Error(w, "no such command: "+c.Command, http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// find returns the stream that r is about; nil if there is none.
func (s *service) find(r *http.Request) *stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.streams[r.PathValue("id")]
}

func (s *service) remove(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	s.mu.Lock()
	found := s.streams[id]
	delete(s.streams, id)
	s.mu.Unlock()
	if found == nil {
		http.NotFound(w, r)
		return
	}
	found.close()
	w.WriteHeader(http.StatusNoContent)
}

func (s *service) stop(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusNoContent)
	s.quit()
}

// closeAll ends the streams that nobody has removed.
func (s *service) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, open := range s.streams {
		open.close()
	}
}
