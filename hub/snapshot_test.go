package hub_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/hub"
)

func TestNothingIsMissedBehindASnapshot(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		f := open(t, w, setup{method: func(f *fixture, ctx context.Context, _ *watchPayload, s *courant.ServerStream[*note]) error {
			return f.topic.Serve(ctx, room, s, hub.WithSnapshot(f.snapshot))
		}, change: func(m *courant.StreamMethod[*watchPayload, *note]) { m.Topic.MaxEvents = 10_000 }})
		f.publish(t, 1, 3)
		const last = 1500
		var publisher sync.WaitGroup
		publisher.Go(func() { f.publish(t, 4, last) })
		var clients []*reader
		for range 10 {
			clients = append(clients, f.get(t, ""))
		}
		for _, r := range clients {
			_, state, ok := strings.Cut(r.event().data, "state ")
			n, err := strconv.Atoi(strings.TrimSuffix(state, `"}`))
			if !ok || err != nil {
				t.Fatalf("no state, but %s", state)
			}
			if id := r.wantPlace(); id == "" {
				t.Error("the state has no position")
			}
			r.want(n+1, last)
		}
		publisher.Wait()
	})
}

func TestClientThatResumesGetsNoSnapshot(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		f := open(t, w, setup{method: func(f *fixture, ctx context.Context, _ *watchPayload, s *courant.ServerStream[*note]) error {
			return f.topic.Serve(ctx, room, s, hub.WithSnapshot(f.snapshot))
		}})
		r := f.get(t, "") // the state before any event
		if got := r.event().data; got != `{"text":"state "}` {
			t.Fatalf("the state is %s", got)
		}
		id := r.wantPlace()
		r.close()
		f.publish(t, 1, 2)
		f.get(t, id).want(1, 2)
	})
}

func TestErrorOfASnapshotIsTheMethods(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		for name, c := range map[string]struct {
			err    error
			status int
		}{
			"ours":  {courant.NewError(http.StatusForbidden, "forbidden", "not yours"), http.StatusForbidden},
			"other": {errors.New("no state"), http.StatusInternalServerError},
		} {
			t.Run(name, func(t *testing.T) {
				f := open(t, w, setup{serve: []hub.ServeOption[*note]{hub.WithSnapshot(func(context.Context) ([]*note, string, error) { return nil, "", c.err })}})
				if r := f.get(t, ""); r.resp.StatusCode != c.status {
					t.Errorf("status %d, want %d", r.resp.StatusCode, c.status)
				}
			})
		}
	})
}

// A snapshot whose position the log has trimmed is taken again, but not for ever.
func TestSnapshotThatIsAlwaysTooOldEnds(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		f := open(t, w, setup{})
		f.publish(t, 1, 1)
		old := f.ids(t, 1)[0]
		f.publish(t, 2, 500)
		taken := 0
		stale := func(context.Context) ([]*note, string, error) { taken++; return []*note{{"state"}}, old, nil }
		g := open(t, w, setup{method: func(_ *fixture, ctx context.Context, _ *watchPayload, s *courant.ServerStream[*note]) error {
			return f.topic.Serve(ctx, room, s, hub.WithSnapshot(stale))
		}})
		r := g.get(t, "")
		for {
			if e := r.event(); e.event == "stream-error" {
				if !strings.Contains(e.data, `"status":503`) {
					t.Errorf("the error is %s", e.data)
				}
				break
			}
		}
		r.wantEnd(true)
		if taken != 3 {
			t.Errorf("%d snapshots were taken", taken)
		}
	})
}
