package hub_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
	"github.com/courant-dev/courant/eventlog/memlog"
	"github.com/courant-dev/courant/hub"
)

type numbered struct {
	Text string `json:"text"`
	ID   string `json:"id"`
}

// TestFilterSeesTheIDOfTheLog has a filter leave out the event whose ID it is told.
func TestFilterSeesTheIDOfTheLog(t *testing.T) {
	m := &courant.StreamMethod[courant.None, *numbered]{
		Name: "notes.watch",
		HTTP: courant.StreamHTTP{
			Routes:  []courant.Route{{Verb: "GET", Path: "/events"}},
			Request: courant.Request{Body: courant.Nothing()},
			Events:  courant.Events{Data: courant.Members("text"), ID: "id"},
		},
		Topic: courant.Topic{Pattern: "notes"},
	}
	h := hub.New(memlog.New())
	defer h.Close()
	topic, err := hub.Open(t.Context(), h, m)
	if err != nil {
		t.Fatal(err)
	}
	first, err := topic.PublishOnce(t.Context(), "notes", "1", &numbered{Text: "first"})
	if err != nil {
		t.Fatal(err)
	}
	if err := topic.Publish(t.Context(), "notes", &numbered{Text: "second"}); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	courant.HandleStream(mux, m, func(ctx context.Context, _ courant.None, s *courant.ServerStream[*numbered]) error {
		return topic.Serve(ctx, "notes", s, hub.FromOldest[*numbered](),
			hub.Where(func(n *numbered) bool { return n.ID != first }))
	})
	srv := couranttest.NewServer(mux)
	defer srv.Close()
	c := courant.NewClient(srv.URL, courant.WithHTTPClient(srv.Client()))
	stream, err := courant.CallStream(t.Context(), c, m, courant.None{})
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	got, err := stream.Recv()
	if err != nil || got.Text != "second" || got.ID == first || got.ID == "" {
		t.Errorf("received %+v, %v; want the second note with an ID of its own", got, err)
	}
}
