package newsroom_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
	"github.com/courant-dev/courant/eventlog/memlog"
	"github.com/courant-dev/courant/examples/newsroom"
	"github.com/courant-dev/courant/examples/newsroom/gen/rooms"
	"github.com/courant-dev/courant/examples/newsroom/gen/rooms/client"
	"github.com/courant-dev/courant/examples/newsroom/gen/rooms/server"
	"github.com/courant-dev/courant/hub"
)

// fixture is a newsroom that keeps its messages in memory.
type fixture struct {
	srv  *couranttest.Server
	c    *client.Client
	svc  *newsroom.Newsroom
	file string // of the directory
}

func start(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{file: filepath.Join(t.TempDir(), "newsroom.json")}
	quiet := slog.New(slog.DiscardHandler)
	writeDirectory(t, f.file, people...)
	directory, err := newsroom.OpenDirectory(f.file, quiet)
	if err != nil {
		t.Fatal(err)
	}
	h := hub.New(memlog.New(), hub.WithLogger(quiet))
	if f.svc, err = newsroom.New(t.Context(), h, directory, quiet); err != nil {
		t.Fatal(err)
	}
	f.srv = couranttest.NewTCPServer(server.New(f.svc, append(newsroom.Options(), courant.WithLogger(quiet))...))
	f.c = client.NewClient(f.srv.URL, courant.WithHTTPClient(f.srv.Client()), courant.WithReconnectDelay(time.Millisecond, 20*time.Millisecond))
	t.Cleanup(func() {
		if err := errors.Join(h.Close(), f.srv.Close()); err != nil {
			t.Error(err)
		}
	})
	return f
}

func (f *fixture) publish(t *testing.T, room, text string) string {
	t.Helper()
	published, err := f.c.Publish(t.Context(), &rooms.PublishPayload{Room: room, Kind: rooms.MessageKindNews, Author: "Ada", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return published.ID
}

func (f *fixture) watch(t *testing.T, room, token string) *client.WatchClientStream {
	t.Helper()
	s, err := f.c.Watch(t.Context(), &rooms.WatchPayload{Room: room, Token: token})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func receive(t *testing.T, s *client.WatchClientStream, text string) *rooms.Message {
	t.Helper()
	m, err := s.Recv()
	if err != nil || m.Text != text {
		t.Fatalf("want %q, have %v, %v", text, m, err)
	}
	return m
}

func TestEveryWatcherGetsWhatIsPublished(t *testing.T) {
	f := start(t)
	a, b := f.watch(t, "sport", ""), f.watch(t, "sport", "")
	before := time.Now().Add(-time.Second)
	id := f.publish(t, "sport", "Goal <b>\nagain")
	for _, s := range []*client.WatchClientStream{a, b} {
		m := receive(t, s, "Goal <b>\nagain")
		if m.ID == nil || *m.ID != id || m.Author != "Ada" || m.Kind != rooms.MessageKindNews || m.SentAt.Before(before) {
			t.Errorf("published as %s, received as %+v", id, m)
		}
	}
}

func TestNewcomerGetsTheHistoryOfTheRoom(t *testing.T) {
	f := start(t)
	f.publish(t, "sport", "first")
	f.publish(t, "weather", "fog")
	f.publish(t, "sport", "second")
	s := f.watch(t, "sport", "")
	receive(t, s, "first")
	receive(t, s, "second")
	f.publish(t, "sport", "third")
	receive(t, s, "third")
}

func TestClientMissesNothingThroughCuts(t *testing.T) {
	f := start(t)
	s := f.watch(t, "sport", "")
	for i := range 10 {
		f.publish(t, "sport", strconv.Itoa(i))
		f.srv.Cut()
		f.publish(t, "sport", "after "+strconv.Itoa(i))
		receive(t, s, strconv.Itoa(i))
		receive(t, s, "after "+strconv.Itoa(i))
	}
}

func TestSameKeyPublishesOnce(t *testing.T) {
	f := start(t)
	message := rooms.PublishPayload{Room: "sport", Kind: rooms.MessageKindFlash, Author: "Ada", Text: "once", Key: "k1"}
	var ids []string
	for range 2 {
		published, err := f.c.Publish(t.Context(), &message)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, published.ID)
	}
	if ids[0] != ids[1] {
		t.Errorf("published as %s, and again as %s", ids[0], ids[1])
	}
	f.publish(t, "sport", "next")
	s := f.watch(t, "sport", "")
	receive(t, s, "once")
	receive(t, s, "next")
}

func TestFaultyMessageIsRefused(t *testing.T) {
	f := start(t)
	_, err := f.c.Publish(t.Context(), &rooms.PublishPayload{Room: "sport", Kind: "rumour", Author: "", Text: " ", Key: "ä"})
	var answer *courant.Error
	if !errors.As(err, &answer) || answer.Status != 400 {
		t.Fatal(err)
	}
	faulty := map[string]bool{}
	for _, fault := range answer.Faults {
		faulty[fault.Attribute] = true
	}
	for _, attribute := range []string{"key", "kind", "author", "text"} {
		if !faulty[attribute] {
			t.Errorf("%s is not among the faults: %+v", attribute, answer.Faults)
		}
	}
}

func TestListSaysWhichRoomsATokenOpens(t *testing.T) {
	f := start(t)
	for token, want := range map[string]string{"": "sport weather", adaToken: "sport desk weather", bobToken: "sport weather tower", "nobody's": "sport weather"} {
		list, err := f.c.List(t.Context(), &rooms.ListPayload{Token: token})
		if err != nil {
			t.Fatal(err)
		}
		var admitted string
		for _, r := range list {
			if r.Admitted {
				admitted += " " + r.Name
			}
		}
		if admitted != " "+want {
			t.Errorf("%q opens%s, want %s", token, admitted, want)
		}
	}
}

func TestMethodSendsTheHistoryToADouble(t *testing.T) {
	f := start(t)
	f.publish(t, "sport", "first")
	stream := couranttest.NewStream[*rooms.Message]()
	call := stream.Start(t.Context(), func(ctx context.Context) error {
		return f.svc.Watch(ctx, &rooms.WatchPayload{Room: "sport"}, stream)
	})
	sent, err := stream.Wait(t.Context(), 1)
	if err != nil || sent[0].Text != "first" {
		t.Errorf("sent %v, %v", sent, err)
	}
	if err := call.Cut(); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
