package trip_test

import (
	"context"
	"slices"
	"testing"

	hubservice "example.com/trip/topics/gen/hub"
	hubclient "example.com/trip/topics/gen/hub/client"
	hubserver "example.com/trip/topics/gen/hub/server"
	hubtopics "example.com/trip/topics/gen/hub/topics"
	strconvservice "example.com/trip/topics/gen/strconv"
	strconvclient "example.com/trip/topics/gen/strconv/client"
	strconvserver "example.com/trip/topics/gen/strconv/server"
	strconvtopics "example.com/trip/topics/gen/strconv/topics"
	"github.com/courant-dev/courant/eventlog/memlog"
	"github.com/courant-dev/courant/hub"
)

type hubServed struct{ topic *hubtopics.Topic }

func (s hubServed) Topic(ctx context.Context, p *hubservice.TopicPayload, stream hubservice.TopicServerStream) error {
	return s.topic.Serve(ctx, p, stream, hub.FromOldest[[]string]())
}

type strconvServed struct{ topic *strconvtopics.Name }

func (s strconvServed) Name(ctx context.Context, p string, stream strconvservice.NameServerStream) error {
	return s.topic.Serve(ctx, p, stream, hub.FromOldest[*strconvservice.NameEvent]())
}

func newHub(t *testing.T) *hub.Hub {
	h := hub.New(memlog.New())
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// TestTopicOfManyAttributes proves that what is published with parameters is
// what a payload with these attributes is served.
func TestTopicOfManyAttributes(t *testing.T) {
	topic, err := hubtopics.NewTopic(t.Context(), newHub(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a", "b"}
	if err := topic.Publish(t.Context(), "1", "2", -3, "4", "5", "6", "7", "8", "9", "10", 7, 12, want); err != nil {
		t.Fatal(err)
	}
	w := serve(t, hubserver.New(hubServed{topic}))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s, err := hubclient.NewClient(w.url).Topic(ctx, &hubservice.TopicPayload{
		Ctx: "1", Events: "2", Event: -3, EventValue: "4", Hub: "5", Iter: "6", Type: "7", P: "8", RoomID: "9", HTTPServer: "10",
		String: 7, Validate_: 12,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, err := s.Recv(); err != nil || !slices.Equal(got, want) {
		t.Fatalf("have %v, %v", got, err)
	}
}

// TestLogFillsRequiredID proves that the publisher leaves the event ID empty.
func TestLogFillsRequiredID(t *testing.T) {
	topic, err := strconvtopics.NewName(t.Context(), newHub(t))
	if err != nil {
		t.Fatal(err)
	}
	id, err := topic.PublishOnce(t.Context(), "key", &strconvservice.NameEvent{})
	if err != nil {
		t.Fatal(err)
	}
	w := serve(t, strconvserver.New(strconvServed{topic}))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s, err := strconvclient.NewClient(w.url).Name(ctx, "x")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, err := s.Recv(); err != nil || got.ID != id {
		t.Fatalf("have %v, %v, want the ID %s", got, err, id)
	}
}
