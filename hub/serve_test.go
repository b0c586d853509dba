package hub_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
	"github.com/courant-dev/courant/hub"
)

func TestSubscriberGetsWhatIsPublished(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		f := open(t, w, setup{})
		a, b := f.get(t, ""), f.get(t, "")
		a.wantPlace()
		f.publish(t, 1, 50)
		a.want(1, 50)
		b.want(1, 50)
	})
}

func TestHeadersOfMiddlewareAreSent(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		h := open(t, w, setup{}).get(t, "").resp.Header
		if h.Get("Set-Cookie") != "visitor=7" || h.Get("Date") == "" || h.Get("Content-Type") != "text/event-stream" {
			t.Errorf("headers: %v", h)
		}
	})
}

// The last event ID may be that of any event, and the events behind it may be in
// the window, in the log alone, or partly here and partly there.
func TestClientResumesBehindEachEvent(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		for _, since := range []int{0, 5, 10} {
			f := open(t, w, setup{})
			f.publish(t, 1, since)
			watcher := f.get(t, "") // whose window begins here
			watcher.wantPlace()
			f.publish(t, since+1, 10)
			watcher.want(since+1, 10)
			ids := f.ids(t, 10)
			var resumed []*reader
			for _, id := range ids {
				resumed = append(resumed, f.get(t, id))
			}
			for i, r := range resumed {
				r.want(i+2, 10)
			}
			f.publish(t, 11, 12)
			for _, r := range resumed {
				r.want(11, 12)
			}
		}
	})
}

func TestClientThatWasCutBeforeItsFirstEventMissesNone(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		f := open(t, w, setup{})
		r := f.get(t, "")
		id := r.wantPlace()
		r.close()
		f.publish(t, 1, 3)
		f.get(t, id).want(1, 3)
	})
}

func TestFromOldestBeginsWithTheOldestEvent(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		f := open(t, w, setup{serve: []hub.ServeOption[*note]{hub.FromOldest[*note]()}})
		f.publish(t, 1, 5)
		r := f.get(t, "")
		r.want(1, 5)
		f.publish(t, 6, 6)
		r.want(6, 6)
		other := f.get(t, r.id)
		f.publish(t, 7, 7)
		other.want(7, 7)
	})
}

func TestFilteredEventsMoveTheLastEventIDOn(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		t.Parallel() // it takes its time, of which most is waiting
		even := func(n *note) bool { return strings.HasSuffix(n.Text, "0") }
		f := open(t, w, setup{serve: []hub.ServeOption[*note]{hub.Where(even)}})
		first := f.get(t, "")
		begin := first.wantPlace()
		f.publish(t, 1, 95)
		for n := 10; n <= 90; n += 10 {
			first.want(n, n)
		}
		ids := f.ids(t, 95)
		if id := first.wantPlace(); id != ids[94] {
			t.Errorf("the client is at %s, not behind the last event, %s", id, ids[94])
		}
		second := f.get(t, begin) // which reads it from the log
		second.want(10, 10)
		for n := 20; n <= 90; n += 10 {
			second.want(n, n)
		}
		if id := second.wantPlace(); id != ids[94] {
			t.Errorf("the client that resumed is at %s, not behind the last event, %s", id, ids[94])
		}
		f.publish(t, 96, 180) // the log keeps 100, and the client is behind
		for n := 100; n <= 180; n += 10 {
			first.want(n, n)
		}
	})
}

func TestHeartbeatsComeWhileNothingElseDoes(t *testing.T) {
	for _, asEvent := range []bool{false, true} {
		eachWay(t, func(t *testing.T, w way) {
			f := open(t, w, setup{
				server: []courant.ServerOption{courant.WithHeartbeat(20 * time.Millisecond)},
				change: func(m *courant.StreamMethod[*watchPayload, *note]) { m.HTTP.Events.HeartbeatEvent = asEvent },
			})
			r := f.get(t, "")
			r.wantPlace()
			began := time.Now()
			for range 5 {
				switch b, err := r.next(); {
				case err != nil:
					t.Fatal(err)
				case asEvent && b.event != "stream-heartbeat", !asEvent && b.comment == "":
					t.Fatalf("want a heartbeat, have %+v", b)
				}
			}
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("five heartbeats took %v", took)
			}
			f.publish(t, 1, 1)
			for {
				if e := r.event(); e.event == "" {
					break
				}
			}
		})
	}
}

func TestWhatTheMethodSendsComesFirst(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		f := open(t, w, setup{method: func(f *fixture, ctx context.Context, _ *watchPayload, s *courant.ServerStream[*note]) error {
			defer s.Close()
			if err := courant.Open(s); err != nil {
				return err
			}
			for _, text := range []string{"1", "2", "3"} {
				if err := s.Send(&note{text}); err != nil {
					return err
				}
			}
			if err := f.topic.Serve(ctx, "rooms/another", s); err != nil {
				return err
			}
			return f.topic.Serve(ctx, room, s, hub.FromOldest[*note]()) // the last call counts
		}})
		f.publish(t, 4, 6)
		r := f.get(t, "")
		r.want(1, 6)
		f.publish(t, 7, 7)
		r.want(7, 7)
	})
}

func TestErrorOfTheMethodWins(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		f := open(t, w, setup{method: func(f *fixture, ctx context.Context, _ *watchPayload, s *courant.ServerStream[*note]) error {
			if err := f.topic.Serve(ctx, room, s); err != nil {
				return err
			}
			return courant.NewError(http.StatusForbidden, "forbidden", "not yours")
		}})
		if r := f.get(t, ""); r.resp.StatusCode != http.StatusForbidden {
			t.Errorf("status %d", r.resp.StatusCode)
		}
	})
}

func TestLargeEventsArriveWhole(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		f := open(t, w, setup{serve: []hub.ServeOption[*note]{hub.FromOldest[*note]()}})
		r := f.get(t, "")
		for _, size := range []int{1, 60 << 10, 70 << 10, 1 << 20, 10} {
			text := strings.Repeat("x", size)
			if err := f.topic.Publish(t.Context(), room, &note{text}); err != nil {
				t.Fatal(err)
			}
			if got := r.event().data; got != `{"text":"`+text+`"}` {
				t.Fatalf("want %d bytes, have %d", size, len(got))
			}
		}
		again := f.get(t, "")
		for _, size := range []int{1, 60 << 10, 70 << 10, 1 << 20, 10} {
			if got := again.event().data; len(got) != size+len(`{"text":""}`) {
				t.Fatalf("from the log: want %d bytes, have %d", size, len(got))
			}
		}
	})
}

func TestForeignStreamGetsEventsBySend(t *testing.T) {
	f := open(t, way{}, setup{})
	f.publish(t, 1, 3)
	state := func(context.Context) ([]*note, string, error) { return []*note{{"state"}}, f.ids(t, 3)[2], nil }
	for name, c := range map[string]struct {
		opts []hub.ServeOption[*note]
		want string
	}{
		"live":     {nil, "4"},
		"oldest":   {[]hub.ServeOption[*note]{hub.FromOldest[*note]()}, "1"},
		"filter":   {[]hub.ServeOption[*note]{hub.FromOldest[*note](), hub.Where(func(n *note) bool { return n.Text > "2" })}, "3"},
		"snapshot": {[]hub.ServeOption[*note]{hub.WithSnapshot(state)}, "state"},
	} {
		t.Run(name, func(t *testing.T) {
			s := new(couranttest.Stream[*note])
			call := s.Start(t.Context(), func(ctx context.Context) error { return f.topic.Serve(ctx, room, s, c.opts...) })
			if name == "live" {
				until(t, "the live event comes", func() bool {
					f.publish(t, 4, 4)
					return len(s.Sent()) > 0
				})
			}
			sent, err := s.Wait(t.Context(), 1)
			if err != nil || sent[0].Text != c.want {
				t.Errorf("want %s, have %v, %v", c.want, sent, err)
			}
			if err := call.Cut(); err != nil && !errors.Is(err, courant.ErrPeerGone) { // there may be more to send
				t.Errorf("the method ended with %v", err)
			}
		})
	}
}
