package main

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	humasse "github.com/danielgtaylor/huma/v2/sse"
	gosse "github.com/tmaxmax/go-sse"
	goahttp "goa.design/goa/v3/http"

	"github.com/courant-dev/courant"
	goaserver "github.com/courant-dev/courant/bench/internal/goa/gen/http/stream/server"
	goa "github.com/courant-dev/courant/bench/internal/goa/gen/stream"
)

// A group is servers that are compared with the first one.
type group struct {
	title   string
	column  string
	ratio   func(cpu, firstCPU, wall, firstWall time.Duration) float64
	servers []server
}

// A server sends its events to whoever asks.
type server struct {
	name    string
	handler http.Handler
}

// text is the data of each event.
const text = "Hello from the server, this is an event"

// groups returns who is measured with that many events.
func groups(events int) []group {
	return []group{
		{"A loop of Sends", "events/s to Goa's",
			func(_, _, wall, first time.Duration) float64 { return float64(first) / float64(wall) },
			[]server{
				{"Goa 3.30", goaLoop(events)},
				{"courant", courantLoop(events)},
				{"courant, WithCoalescing(false)", courantLoop(events, courant.WithCoalescing(false))},
				{"go-sse 0.12", goSSELoop(events)},
				{"huma 2.37", humaLoop(events)},
			}},
		{"A typed object, one write per Send", "CPU to net/http's",
			func(cpu, first, _, _ time.Duration) float64 { return float64(cpu) / float64(first) },
			[]server{
				{"net/http, a frame that is ready", readyLoop(events)},
				{"courant, WithCoalescing(false)", courantObjects(events, courant.WithCoalescing(false))},
				{"courant", courantObjects(events)},
				{"huma 2.37", humaObjects(events)},
			}},
	}
}

// event is what Goa's design has, as courant generates it.
type event struct {
	Text string `json:"text"`
	ID   string `json:"id"`
	Kind string `json:"kind"`
}

// object travels as JSON.
type object struct {
	Message   string `json:"message"`
	Timestamp int64  `json:"timestamp"`
}

func courantLoop(events int, opts ...courant.ServerOption) http.Handler {
	return courantServer(courant.Events{Data: courant.Bare("text"), ID: "id", Type: "kind"}, func(s *courant.ServerStream[*event]) error {
		for i := range events {
			if err := s.Send(&event{text, strconv.Itoa(i), "note"}); err != nil {
				return err
			}
		}
		return nil
	}, opts)
}

func courantObjects(events int, opts ...courant.ServerOption) http.Handler {
	return courantServer(courant.Events{}, func(s *courant.ServerStream[*object]) error {
		for i := range events {
			if err := s.Send(&object{text, int64(i)}); err != nil {
				return err
			}
		}
		return nil
	}, opts)
}

func courantServer[E any](e courant.Events, f func(*courant.ServerStream[E]) error, opts []courant.ServerOption) http.Handler {
	mux := http.NewServeMux()
	m := &courant.StreamMethod[courant.None, E]{Name: "stream.watch", HTTP: courant.StreamHTTP{
		Routes:  []courant.Route{{Verb: "GET", Path: "/watch"}},
		Request: courant.Request{Body: courant.Nothing()},
		Events:  e,
	}}
	courant.HandleStream(mux, m, func(_ context.Context, _ courant.None, s *courant.ServerStream[E]) error { return f(s) },
		append(opts, courant.WithLogger(slog.New(slog.DiscardHandler)))...)
	return mux
}

type goaService struct{ events int }

func (s goaService) Watch(_ context.Context, stream goa.WatchServerStream) error {
	for i := range s.events {
		if err := stream.Send(&goa.Event{Text: text, ID: strconv.Itoa(i), Kind: "note"}); err != nil {
			return err
		}
	}
	return nil
}

func goaLoop(events int) http.Handler {
	mux := goahttp.NewMuxer()
	srv := goaserver.New(goa.NewEndpoints(goaService{events}), mux, goahttp.RequestDecoder, goahttp.ResponseEncoder, nil, nil)
	goaserver.Mount(mux, srv)
	return mux
}

func goSSELoop(events int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		session, err := gosse.Upgrade(w, r)
		if err != nil {
			return
		}
		for i := range events {
			m := &gosse.Message{ID: gosse.ID(strconv.Itoa(i)), Type: gosse.Type("note")}
			m.AppendData(text)
			if session.Send(m) != nil || session.Flush() != nil {
				return
			}
		}
	})
}

func humaLoop(events int) http.Handler {
	return humaServer(func(send humasse.Sender) {
		for i := range events {
			if send(humasse.Message{ID: i, Data: event{text, "", "note"}}) != nil {
				return
			}
		}
	}, event{})
}

func humaObjects(events int) http.Handler {
	return humaServer(func(send humasse.Sender) {
		for i := range events {
			if send.Data(object{text, int64(i)}) != nil {
				return
			}
		}
	}, object{})
}

func humaServer(f func(humasse.Sender), example any) http.Handler {
	mux := http.NewServeMux()
	api := humago.New(mux, huma.DefaultConfig("bench", "1.0.0"))
	humasse.Register(api, huma.Operation{OperationID: "watch", Method: http.MethodGet, Path: "/watch"},
		map[string]any{"message": example},
		func(_ context.Context, _ *struct{}, send humasse.Sender) { f(send) })
	return mux
}

// readyLoop writes and flushes the same frame, as little as a server can do with
// net/http.
func readyLoop(events int) http.Handler {
	frame := []byte(`data: {"message":"` + text + `","timestamp":100000}` + "\n\n")
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		rc := http.NewResponseController(w)
		for range events {
			if _, err := w.Write(frame); err != nil {
				return
			}
			if rc.Flush() != nil {
				return
			}
		}
	})
}
