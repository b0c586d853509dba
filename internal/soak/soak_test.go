package soak

import (
	"context"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant/eventlog/memlog"
)

// roomsConfig soaks rooms at a URL.
func roomsConfig(url string) Config {
	return Config{
		Events:    []string{url + "/rooms/{topic}/events"},
		Publish:   []string{url + "/rooms/{topic}/messages"},
		Body:      `{"text":"{event}"}`,
		KeyHeader: "Idempotency-Key",
		Topics:    2, Clients: 10, Rate: 500, Count: 1000,
		Duration: time.Minute, Settle: time.Minute, ReadTimeout: time.Second,
		Reconnect: Range{time.Millisecond, 20 * time.Millisecond},
		Seed:      7,
	}
}

// killedConfig is roomsConfig with fewer events, for a server that is killed
// about once in 100 of them, or more often where all is slow.
func killedConfig(url string) Config {
	config := roomsConfig(url)
	config.Rate, config.Count = 200, 300
	return config
}

// plainConfig soaks a plain server.
func plainConfig(url string) Config {
	return Config{
		Events:  []string{url + "/events"},
		Publish: []string{url + "/publish"},
		Body:    `{"text":"{event}"}`,
		Clients: 4, Rate: 500, Count: 500,
		Duration: time.Minute, Settle: time.Minute,
		Reconnect: Range{time.Millisecond, 20 * time.Millisecond},
	}
}

func mustSoak(t *testing.T, config Config) *Account {
	t.Helper()
	a, err := Run(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func mustParse(t *testing.T, script string) []Fault {
	t.Helper()
	faults, err := ParseFaults(script)
	if err != nil {
		t.Fatal(err)
	}
	return faults
}

func TestEverythingArrivesThroughABadNetwork(t *testing.T) {
	t.Parallel()
	config := roomsConfig(serveRooms(t))
	config.Faults = mustParse(t, "reset 20ms-60ms 2, stall 100ms-300ms 2, halfopen 500ms, slow 1, latency 1ms-3ms, move 50ms")
	a := mustSoak(t, config)
	if !a.Passed() || a.CompleteClients != 10 || a.Received != a.Expected || a.Gaps != 0 {
		t.Errorf("%+v", a)
	}
	if a.Expected != 5*a.Published || a.Published != 1000 {
		t.Errorf("published %d, expected %d at 10 clients of 2 topics", a.Published, a.Expected)
	}
	if f := a.Faults; f.Resets < 10 || f.Stalls < 5 || f.HalfOpens < 2 || f.Moves < 10 || a.Connections < 30 {
		t.Errorf("%d connections with %+v", a.Connections, f)
	}
	if a.Delivery.P50 < time.Millisecond || a.Delivery.P50 > a.Delivery.P99 || a.Delivery.P99 > a.Delivery.Max {
		t.Errorf("%+v", a.Delivery)
	}
}

func TestServersWithADefectAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		server *plainServer
		want   func(*Account) bool
	}{
		"none":                    {&plainServer{cuts: 50}, func(a *Account) bool { return a.Passed() && a.Received == a.Expected }},
		"skips events":            {&plainServer{skips: 100}, func(a *Account) bool { return !a.Passed() && a.Lost == 4*5 && a.Doubled == 0 }},
		"sends again on resume":   {&plainServer{again: true, cuts: 50}, func(a *Account) bool { return !a.Passed() && a.Doubled == a.Connections-4 && a.Lost == 0 }},
		"swaps events":            {&plainServer{swaps: 50}, func(a *Account) bool { return !a.Passed() && a.OutOfOrder == 4*10 && a.Lost == 0 && a.Doubled == 0 }},
		"is silent about a gap":   {&plainServer{forgets: 1, cuts: 50}, func(a *Account) bool { return !a.Passed() && a.Lost > 0 && a.LostAnnounced == 0 }},
		"forgets and tells of it": {&plainServer{forgets: 1, cuts: 50, tells: true}, func(a *Account) bool { return a.Passed() && a.LostAnnounced > 0 && a.Gaps > 0 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := mustSoak(t, plainConfig(c.server.start(t)))
			if !c.want(a) {
				t.Errorf("%+v", a)
			}
			if !a.Passed() && len(a.Examples) == 0 {
				t.Error("there is no example")
			}
		})
	}
}

func TestServerThatForgetsWhenItIsKilledTellsOfIt(t *testing.T) {
	t.Parallel()
	config := killedConfig("http://" + freeAddress(t))
	var output strings.Builder
	config.Output = &output
	config.Servers = [][]string{serverCommand(t, strings.TrimPrefix(config.Events[0], "http://"))}
	config.Faults = mustParse(t, "kill 400ms-600ms")
	a := mustSoak(t, config)
	if !a.Passed() || a.Faults.Kills == 0 || a.Gaps == 0 || a.Received+a.LostAnnounced != a.Expected {
		t.Errorf("%+v", a)
	}
	if a.Memory.Before == 0 || a.Memory.Connected < a.Memory.Before || a.Memory.Peak < a.Memory.Connected {
		t.Errorf("%+v", a.Memory)
	}
	if n := int64(strings.Count(output.String(), "serving ")); n < 2 || n > a.Faults.Kills+1 {
		t.Errorf("the server has said %d times that it serves, and was killed %d times", n, a.Faults.Kills)
	}
	if t.Failed() {
		t.Log(output.String())
	}
}

func TestClientsMoveBetweenServersOfOneLog(t *testing.T) {
	t.Parallel()
	store := memlog.New()
	first, second := serveRoomsOf(t, store), serveRoomsOf(t, store)
	config := roomsConfig(first)
	config.Events = append(config.Events, second+"/rooms/{topic}/events")
	config.Publish = append(config.Publish, second+"/rooms/{topic}/messages")
	config.Faults = mustParse(t, "move 20ms-50ms 2")
	a := mustSoak(t, config)
	if !a.Passed() || a.Received != a.Expected || a.Faults.Moves < 10 || a.Connections < a.Faults.Moves/2 {
		t.Errorf("%+v", a)
	}
}

// serverCommand starts this program as a server of rooms.
func serverCommand(t *testing.T, url string) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	address, _, _ := strings.Cut(url, "/")
	return []string{"env", listenVariable + "=" + address, self}
}

// freeAddress returns one that nothing listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
