package peers_test

import (
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/internal/peers/gen/sse"
	"github.com/courant-dev/courant/internal/peers/gen/sse/client"
)

func TestClientResumesWhenAKilledServerIsBack(t *testing.T) {
	backend := freeAddress(t)
	survive(t, backend, "http://"+backend, func(_ int, err error) bool { return err == nil })
}

func TestClientResumesThroughBadGateways(t *testing.T) {
	backend := freeAddress(t)
	front := "http://" + proxies[0].start(t, backend, false)
	survive(t, backend, front, func(status int, _ error) bool { return status != http.StatusBadGateway })
}

// survive receives all numbers from front while the server at backend is killed
// and started again, three times. It goes on once what front answers shows that
// the server no longer serves.
func survive(t *testing.T, backend, front string, serves func(status int, err error) bool) {
	processes := make(chan *os.Process, 1) // the one that runs, or will
	processes <- startServer(t, backend)
	c := client.NewClient(front, courant.WithReconnectDelay(20*time.Millisecond, 200*time.Millisecond))
	stream, err := c.Stream(t.Context(), &sse.StreamPayload{})
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()

	for n := 1; n <= 60; n++ {
		event, err := stream.Recv()
		if err != nil || event.ID != strconv.Itoa(n) {
			t.Fatalf("want event %d, have %v, %v", n, event, err)
		}
		if n%15 != 0 || n == 60 {
			continue
		}
		if err := (<-processes).Kill(); err != nil {
			t.Fatal(err)
		}
		go func() {
			for serves(get(front)) {
			}
			processes <- startServer(t, backend)
		}()
	}
	<-processes
}

// get asks for nothing in particular.
func get(url string) (status int, err error) {
	resp, err := http.Get(url + "/nothing")
	if err != nil {
		return 0, err
	}
	resp.Body.Close()
	return resp.StatusCode, nil
}
