package main

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/eventlog/memlog"
	"github.com/courant-dev/courant/hub"
)

// event is what travels bare, so that the bytes are those of the peers.
type event struct {
	Text string `json:"text"`
}

// courantHub is a topic of a hub on a log in memory, large enough that no
// subscriber falls out of the window: peers do not let theirs either.
func courantHub(opts ...courant.ServerOption) func() (broker, error) {
	return func() (broker, error) {
		m := &courant.StreamMethod[courant.None, *event]{
			Name: "stream.watch",
			HTTP: courant.StreamHTTP{
				Routes:  []courant.Route{{Verb: "GET", Path: "/events"}},
				Request: courant.Request{Body: courant.Nothing()},
				Events:  courant.Events{Data: courant.Bare("text")},
			},
			Topic: courant.Topic{Pattern: "all", MaxEvents: 1_000_000},
		}
		h := hub.New(memlog.New(), hub.WithWindow(256<<20))
		topic, err := hub.Open(context.Background(), h, m)
		if err != nil {
			return broker{}, err
		}
		mux := http.NewServeMux()
		courant.HandleStream(mux, m, func(ctx context.Context, _ courant.None, s *courant.ServerStream[*event]) error {
			return topic.Serve(ctx, topic.Name(), s)
		}, append(opts, courant.WithLogger(slog.New(slog.DiscardHandler)))...)
		return broker{mux, func(text string) error {
			return topic.Publish(context.Background(), topic.Name(), &event{text})
		}}, nil
	}
}
