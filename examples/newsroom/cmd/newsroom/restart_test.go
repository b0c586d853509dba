package main

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/examples/newsroom/gen/rooms"
	"github.com/courant-dev/courant/examples/newsroom/gen/rooms/client"
)

const count = 120 // messages of a test, as fast as they can be published

// TestNothingIsLostOrDoubledByRestarts publishes and watches while the server is
// ended and started again, in good ways and bad.
func TestNothingIsLostOrDoubledByRestarts(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*process){"kill": (*process).kill, "interrupt": (*process).interrupt} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			outlive(t, end)
		})
	}
}

func outlive(t *testing.T, end func(*process)) {
	args := []string{"-addr", freeAddress(t), "-data", t.TempDir()}
	p := begin(t, args...)
	c := client.NewClient(p.url, courant.WithReconnectDelay(10*time.Millisecond, 100*time.Millisecond))
	watchers := []*client.WatchClientStream{open(t, c), open(t, c)}

	published := make(chan []string, 1)
	reached := make(chan int, count)
	go func() { published <- publishAll(t, c, reached) }()
	for n := range reached {
		if n%30 == 0 && n < count {
			end(p)
			p = begin(t, args...)
		}
	}
	ids := <-published
	for _, s := range watchers {
		if got := receiveAll(t, s); !slices.Equal(got, ids) {
			t.Errorf("published as %v, received as %v", ids, got)
		}
	}

	end(p)
	begin(t, args...)
	if got := receiveAll(t, open(t, c)); !slices.Equal(got, ids) {
		t.Errorf("published as %v, in the history as %v", ids, got)
	}
}

func open(t *testing.T, c *client.Client) *client.WatchClientStream {
	t.Helper()
	s, err := c.Watch(t.Context(), &rooms.WatchPayload{Room: "sport"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// publishAll publishes all messages, each as often as it takes to know that it
// is published, and returns their IDs. It tells how far it is.
func publishAll(t *testing.T, c *client.Client, reached chan<- int) (ids []string) {
	defer close(reached)
	for n := 1; n <= count; n++ {
		message := &rooms.PublishPayload{Room: "sport", Kind: "news", Author: "Ada", Text: strconv.Itoa(n), Key: "message-" + strconv.Itoa(n)}
		for {
			published, err := c.Publish(t.Context(), message)
			if err == nil {
				ids = append(ids, published.ID)
				break
			}
			if answer, ok := errors.AsType[*courant.Error](err); ok && !answer.Temporary || t.Context().Err() != nil {
				t.Error(err)
				return ids
			}
			<-time.After(5 * time.Millisecond) // the server is away
		}
		reached <- n
	}
	return ids
}

// receiveAll receives all messages in their order, and returns their IDs.
func receiveAll(t *testing.T, s *client.WatchClientStream) (ids []string) {
	t.Helper()
	for n := 1; n <= count; n++ {
		m, err := s.Recv()
		if err != nil || m.Text != strconv.Itoa(n) || m.ID == nil {
			t.Fatalf("want message %d, have %+v, %v", n, m, err)
		}
		ids = append(ids, *m.ID)
	}
	return ids
}

func TestAnotherProcessOnTheDirectoryIsRefused(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := begin(t, "-addr", "127.0.0.1:0", "-data", data)
	said := refused(t, "-addr", "127.0.0.1:0", "-data", data)
	if !strings.Contains(said, "process "+strconv.Itoa(p.cmd.Process.Pid)) || !strings.Contains(said, data) {
		t.Errorf("said %q", said)
	}
}

func TestAddressThatIsTakenIsRefused(t *testing.T) {
	t.Parallel()
	p := begin(t, "-addr", "127.0.0.1:0", "-data", t.TempDir())
	addr := strings.TrimPrefix(p.url, "http://")
	if said := refused(t, "-addr", addr, "-data", t.TempDir()); !strings.Contains(said, addr+" is taken") {
		t.Errorf("said %q", said)
	}
}

func TestSyncThatIsNoTimeIsRefused(t *testing.T) {
	t.Parallel()
	if said := refused(t, "-addr", "127.0.0.1:0", "-data", t.TempDir(), "-sync", "often"); !strings.Contains(said, "-sync often") {
		t.Errorf("said %q", said)
	}
}

func TestAgencyReports(t *testing.T) {
	t.Parallel()
	p := begin(t, "-addr", "127.0.0.1:0", "-data", t.TempDir(), "-sync", "always", "-agency", "5ms")
	m, err := open(t, client.NewClient(p.url)).Recv()
	if err != nil || m.Author != "Agency" || m.Text == "" {
		t.Errorf("received %+v, %v", m, err)
	}
}
