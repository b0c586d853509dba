package hub_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/memlog"
	"github.com/courant-dev/courant/hub"
)

type note struct {
	Text string `json:"text"`
}

type watchPayload struct {
	Room string `json:"room"`
}

func watch() *courant.StreamMethod[*watchPayload, *note] {
	return &courant.StreamMethod[*watchPayload, *note]{
		Name: "rooms.watch",
		HTTP: courant.StreamHTTP{
			Routes: []courant.Route{{Verb: "GET", Path: "/rooms/{room}/events"}},
			Request: courant.Request{
				Params: []courant.Param{{In: courant.InPath, Attribute: "room", Name: "room"}},
				Body:   courant.Nothing(),
			},
		},
		Topic: courant.Topic{Pattern: "rooms/{room}", MaxEvents: 100},
	}
}

type fixture struct {
	hub   *hub.Hub
	topic *hub.Topic[*note]
	srv   *httptest.Server
	c     *courant.Client
	m     *courant.StreamMethod[*watchPayload, *note]
}

func open(t *testing.T, store eventlog.Store, change func(*courant.StreamMethod[*watchPayload, *note]), opts ...hub.ServeOption[*note]) *fixture {
	f := &fixture{m: watch()}
	if change != nil {
		change(f.m)
	}
	f.hub = hub.New(store, hub.WithLogger(slog.New(slog.DiscardHandler)), hub.WithLinger(0))
	var err error
	if f.topic, err = hub.Open(t.Context(), f.hub, f.m); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	courant.HandleStream(mux, f.m, func(ctx context.Context, p *watchPayload, s *courant.ServerStream[*note]) error {
		return f.topic.Serve(ctx, f.topic.Name(p.Room), s, opts...)
	}, courant.WithLogger(slog.New(slog.DiscardHandler)), courant.WithHeartbeat(200*time.Millisecond), courant.WithTakeover())
	f.srv = httptest.NewServer(mux)
	f.c = courant.NewClient(f.srv.URL, courant.WithReconnectDelay(time.Millisecond, 10*time.Millisecond))
	t.Cleanup(func() {
		f.srv.CloseClientConnections()
		_ = f.hub.Close()
		f.srv.Close()
	})
	return f
}

func (f *fixture) publish(t *testing.T, from, to int) {
	t.Helper()
	for n := from; n <= to; n++ {
		if err := f.topic.Publish(t.Context(), "rooms/7", &note{strconv.Itoa(n)}); err != nil {
			t.Fatal(err)
		}
	}
}

func receive(t *testing.T, s *courant.ClientStream[*note], from, to int) {
	t.Helper()
	for n := from; n <= to; n++ {
		e, err := s.Recv()
		if err != nil || e.Text != strconv.Itoa(n) {
			t.Fatalf("want event %d, have %v, %v", n, e, err)
		}
	}
}

func TestSubscriberGetsWhatIsPublished(t *testing.T) {
	f := open(t, memlog.New(), nil)
	s, err := courant.CallStream(t.Context(), f.c, f.m, &watchPayload{"7"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f.publish(t, 1, 50)
	receive(t, s, 1, 50)
	f.srv.CloseClientConnections()
	f.publish(t, 51, 100)
	receive(t, s, 51, 100)
}

func TestGapIsTold(t *testing.T) {
	f := open(t, memlog.New(), nil, hub.FromOldest[*note]())
	s, err := courant.CallStream(t.Context(), f.c, f.m, &watchPayload{"7"})
	if err != nil {
		t.Fatal(err)
	}
	f.publish(t, 1, 1)
	receive(t, s, 1, 1)
	id := s.LastEventID()
	_ = s.Close()
	f.publish(t, 2, 500)

	req, err := http.NewRequestWithContext(t.Context(), "GET", f.srv.URL+"/rooms/7/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	events, err := courant.OpenEvents(req, courant.WithLastEventID(id))
	if err != nil {
		t.Fatal(err)
	}
	defer events.Close()
	gap, err := events.Recv()
	if err != nil || gap.Type != "stream-gap" || !strings.Contains(string(gap.Data), `"asked":"`+id+`"`) || !strings.Contains(string(gap.Data), `"reason":"trimmed"`) {
		t.Fatalf("want a gap after %s, have %s %s, %v", id, gap.Type, gap.Data, err)
	}
	oldest := 0
	for n := 0; n < 500; n++ {
		e, err := events.Recv()
		if err != nil {
			t.Fatal(err)
		}
		var got note
		if err := json.Unmarshal(e.Data, &got); err != nil {
			t.Fatal(err)
		}
		if oldest == 0 {
			oldest, _ = strconv.Atoi(got.Text)
			n = oldest
		}
		if got.Text != strconv.Itoa(n) {
			t.Fatalf("want %d, have %s", n, got.Text)
		}
	}
	if oldest > 401 {
		t.Errorf("goes on with %d, though 100 events are kept", oldest)
	}
}
