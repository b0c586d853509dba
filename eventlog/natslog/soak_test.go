package natslog_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/eventlog/natslog"
	"github.com/courant-dev/courant/hub"
	"github.com/courant-dev/courant/internal/soak"
)

const roomsVariable = "NATSLOG_TEST_ROOMS" // the address that this program is to serve rooms on

type post struct {
	Text string `json:"text"`
}

type room struct {
	Room string `json:"room"`
}

// serveRooms publishes and streams what is posted, over an embedded server. It
// returns what ends it.
func serveRooms(address, dir string) error {
	ctx := context.Background()
	store, err := natslog.Open(ctx, natslog.WithDir(dir))
	if err != nil {
		return err
	}
	method := &courant.StreamMethod[*room, *post]{
		Name: "rooms.watch",
		HTTP: courant.StreamHTTP{
			Routes: []courant.Route{{Verb: "GET", Path: "/rooms/{room}/events"}},
			Request: courant.Request{
				Params: []courant.Param{{In: courant.InPath, Attribute: "room", Name: "room"}},
				Body:   courant.Nothing(),
			},
		},
		Topic: courant.Topic{Pattern: "rooms/{room}"},
	}
	topic, err := hub.Open(ctx, hub.New(store), method)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	courant.HandleStream(mux, method, func(ctx context.Context, p *room, s *courant.ServerStream[*post]) error {
		return topic.Serve(ctx, topic.Name(p.Room), s)
	}, courant.WithTakeover())
	mux.HandleFunc("POST /rooms/{room}/messages", func(w http.ResponseWriter, r *http.Request) {
		var p post
		err := json.NewDecoder(r.Body).Decode(&p)
		if err == nil {
			_, err = topic.PublishOnce(r.Context(), topic.Name(r.PathValue("room")), r.Header.Get("Idempotency-Key"), &p)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return http.Serve(listener, mux)
}

// TestNothingIsLostWhenTheServiceIsKilled has clients watch a service with an
// embedded server that is killed, over connections that are reset.
func TestNothingIsLostWhenTheServiceIsKilled(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	faults, err := soak.ParseFaults("kill 500ms-1s, reset 50ms-150ms, stall 100ms-300ms 2")
	if err != nil {
		t.Fatal(err)
	}
	address := "127.0.0.1:" + strconv.Itoa(freePort(t))
	account, err := soak.Run(t.Context(), soak.Config{
		Events:    []string{"http://" + address + "/rooms/{topic}/events"},
		Publish:   []string{"http://" + address + "/rooms/{topic}/messages"},
		Body:      `{"text":"{event}"}`,
		KeyHeader: "Idempotency-Key",
		Topics:    3, Clients: 30, Rate: 200, Count: 300,
		Duration: time.Minute, Settle: time.Minute,
		Reconnect: soak.Range{Min: 5 * time.Millisecond, Max: 100 * time.Millisecond},
		Faults:    faults,
		Servers:   [][]string{{"env", roomsVariable + "=" + address, "NATSLOG_TEST_SERVER=" + t.TempDir(), program}},
		Output:    t.Output(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if !account.Passed() || account.Gaps > 0 || account.Received != account.Expected || account.Faults.Kills == 0 || account.Faults.Resets == 0 {
		t.Errorf("%+v", account)
	}
}
