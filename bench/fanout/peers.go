package main

import (
	"context"
	"net"
	"net/http"
	"sync"

	sse "github.com/r3labs/sse/v2"
	gosse "github.com/tmaxmax/go-sse"
	goahttp "goa.design/goa/v3/http"

	"github.com/courant-dev/courant"
	goaserver "github.com/courant-dev/courant/bench/internal/goa/gen/http/stream/server"
	goa "github.com/courant-dev/courant/bench/internal/goa/gen/stream"
)

// contenders returns who is measured.
func contenders() []contender {
	return []contender{
		{"courant, WithTakeover", 10, courantHub(courant.WithTakeover())},
		{"courant", 10, courantHub()},
		{"Goa 3.30", 1, goaChannels},
		{"go-sse 0.12", 1, goSSE},
		{"r3labs 2.10", 1, r3labs},
		{"a loop of writes", 1, writes},
	}
}

// subscribers is what users of Goa write themselves: a channel for each.
type subscribers struct {
	mu  sync.Mutex
	all map[chan string]struct{}
}

func (s *subscribers) Watch(ctx context.Context, stream goa.WatchServerStream) error {
	events := make(chan string, 64)
	s.mu.Lock()
	s.all[events] = struct{}{}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.all, events)
		s.mu.Unlock()
	}()
	// Goa sends the headers with the first event.
	if err := stream.Send(&goa.Event{Text: "hello"}); err != nil {
		return err
	}
	for {
		select {
		case text := <-events:
			if err := stream.Send(&goa.Event{Text: text}); err != nil {
				return err
			}
		case <-ctx.Done():
			return nil
		}
	}
}

func (s *subscribers) publish(text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for events := range s.all {
		events <- text
	}
	return nil
}

func goaChannels() (broker, error) {
	s := &subscribers{all: map[chan string]struct{}{}}
	mux := goahttp.NewMuxer()
	srv := goaserver.New(goa.NewEndpoints(s), mux, goahttp.RequestDecoder, goahttp.ResponseEncoder, nil, nil)
	goaserver.Mount(mux, srv)
	watch := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = "/watch"
		mux.ServeHTTP(w, r)
	})
	return broker{watch, s.publish}, nil
}

func goSSE() (broker, error) {
	s := &gosse.Server{OnSession: func(w http.ResponseWriter, _ *http.Request) ([]string, bool) {
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		return []string{gosse.DefaultTopic}, true
	}}
	return broker{s, func(text string) error {
		m := &gosse.Message{}
		m.AppendData(text)
		return s.Publish(m)
	}}, nil
}

func r3labs() (broker, error) {
	s := sse.New()
	s.AutoReplay = false
	s.CreateStream("all")
	watch := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.RawQuery = "stream=all"
		s.ServeHTTP(w, r)
	})
	return broker{watch, func(text string) error {
		s.Publish("all", &sse.Event{Data: []byte(text)})
		return nil
	}}, nil
}

// writes is as little as fan-out can be: connections that are taken from
// net/http, and one write for each event and each of them.
func writes() (broker, error) {
	var mu sync.Mutex
	var conns []net.Conn
	watch := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if _, err := conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")); err == nil {
			conns = append(conns, conn)
		}
	})
	return broker{watch, func(text string) error {
		frame := []byte("data: " + text + "\n\n")
		mu.Lock()
		defer mu.Unlock()
		for _, conn := range conns {
			if _, err := conn.Write(frame); err != nil {
				return err
			}
		}
		return nil
	}}, nil
}
