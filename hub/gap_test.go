package hub_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/memlog"
	"github.com/courant-dev/courant/hub"
	"github.com/courant-dev/courant/sse"
)

// gapReasons are last event IDs that a log with the events 1 to 500, of which it
// keeps the newest ones, cannot go on from.
func gapReasons(f, other *fixture, t *testing.T) map[string]string {
	newest := f.newest(t)
	at, err := eventlog.ParseID(room, newest)
	if err != nil {
		t.Fatal(err)
	}
	trimmed, unknown := at, at
	trimmed.Offset, unknown.Offset = 2, at.Offset+1000
	return map[string]string{
		"trimmed": string(eventlog.AppendID(nil, room, trimmed)),
		"epoch":   other.newest(t),
		"future":  string(eventlog.AppendID(nil, room, unknown)),
		"foreign": string(eventlog.AppendID(nil, "rooms/8", at)),
		"garbage": "x\"yö",
	}
}

func (f *fixture) newest(t *testing.T) string {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stateID == "" {
		t.Fatal("nothing was published")
	}
	return f.stateID
}

func TestGapsAreTold(t *testing.T) {
	policies := map[string]courant.GapPolicy{"continue": courant.GapContinue, "fail": courant.GapFail, "restart": courant.GapRestart}
	eachWay(t, func(t *testing.T, w way) {
		other := open(t, w, setup{})
		other.publish(t, 1, 3)
		for name, policy := range policies {
			for _, snapshot := range []bool{false, true} {
				f := open(t, w, setup{
					change: func(m *courant.StreamMethod[*watchPayload, *note]) { m.Topic.OnGap = policy },
					method: func(f *fixture, ctx context.Context, _ *watchPayload, s *courant.ServerStream[*note]) error {
						var opts []hub.ServeOption[*note]
						if snapshot {
							opts = append(opts, hub.WithSnapshot(f.snapshot))
						}
						return f.topic.Serve(ctx, room, s, opts...)
					},
				})
				f.publish(t, 1, 500)
				for reason, id := range gapReasons(f, other, t) {
					t.Run(fmt.Sprintf("%s/%s/%v", name, reason, snapshot), func(t *testing.T) {
						f.checkGap(t, policy, snapshot, reason, id)
					})
				}
			}
		}
	})
}

// checkGap wants what the policy says for the ID.
func (f *fixture) checkGap(t *testing.T, policy courant.GapPolicy, snapshot bool, reason, id string) {
	t.Helper()
	r := f.get(t, id)
	if policy == courant.GapFail {
		if r.resp.StatusCode != http.StatusGone || r.resp.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("status %d, %s", r.resp.StatusCode, r.resp.Header.Get("Content-Type"))
		}
		return
	}
	told, unknown := reason, reason != "trimmed" && reason != "epoch"
	if unknown {
		told = "unknown"
	}
	asked := `"asked":"` + id + `"`
	if reason == "garbage" {
		asked = `"asked":"x\"y`
	}
	gap := r.wantControl("stream-gap", asked, `"reason":"`+told+`"`)
	switch {
	case snapshot:
		if e := r.event(); e.data != `{"text":"state 500"}` {
			t.Errorf("want the state, have %+v", e)
		}
		if at := r.wantPlace(); at != f.newest(t) {
			t.Errorf("the state is that at %s, want %s", at, f.newest(t))
		}
	case policy == courant.GapContinue && unknown:
		if strings.Contains(gap.data, `"oldest":""`) {
			t.Errorf("the gap does not say where the log begins: %s", gap.data)
		}
		if at := r.wantPlace(); at != f.newest(t) {
			t.Errorf("goes on at %s, want the end, %s", at, f.newest(t))
		}
	default:
		first := r.event()
		if !strings.Contains(gap.data, `"oldest":"`+first.id+`"`) {
			t.Errorf("the first event is %s, and the gap says %s", first.id, gap.data)
		}
		for r.id != f.newest(t) {
			r.event()
		}
	}
}

// A listening writer is one whose client does something as soon as it hears of a
// gap.
type listening struct {
	http.ResponseWriter

	hears func()
}

func (w listening) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w listening) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	if bytes.Contains(p, []byte("stream-gap")) {
		w.hears()
	}
	return n, err
}

// A client that hears of a gap may fetch a state, and must not miss what is published
// after that.
func TestNothingIsLostThatIsPublishedAfterAGap(t *testing.T) {
	for name, further := range map[string]uint64{"future": 1000, "foreign": 0} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := hub.New(memlog.New())
				topic, err := hub.Open(t.Context(), h, watch())
				if err != nil {
					t.Fatal(err)
				}
				publish := func(text, to string) string {
					id, err := topic.PublishOnce(t.Context(), to, "", &note{text})
					if err != nil {
						t.Error(err)
					}
					return id
				}
				newest, on := publish("1", room), room
				if name == "foreign" {
					on = "rooms/8"
				}
				at, err := eventlog.ParseID(room, newest)
				if err != nil {
					t.Fatal(err)
				}
				at.Offset += further
				got := hear(t, topic, string(eventlog.AppendID(nil, on, at)), func() { publish("2", room) })
				_ = h.Close() // never fails
				if len(got) != 2 || got[0].Type != "stream-gap" || string(got[1].Data) != `{"text":"2"}` {
					t.Errorf("received %v", got)
				}
			})
		})
	}
}

// hear returns what a client receives that comes with an ID, and does something as
// soon as it hears of a gap.
func hear(t *testing.T, topic *hub.Topic[*note], id string, hears func()) []sse.Event {
	t.Helper()
	mux := http.NewServeMux()
	courant.HandleStream(mux, watch(), func(ctx context.Context, _ *watchPayload, s *courant.ServerStream[*note]) error {
		return topic.Serve(ctx, room, s)
	}, courant.WithLogger(slog.New(slog.DiscardHandler)))
	ctx, leave := context.WithCancel(t.Context())
	req := httptest.NewRequestWithContext(ctx, http.MethodGet, "/rooms/7/events", nil)
	req.Header.Set("Last-Event-ID", id)
	rec := couranttest.NewRecorder()
	served := make(chan struct{})
	go func() {
		defer close(served)
		rec.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mux.ServeHTTP(listening{w, func() {
				hears()
				synctest.Wait() // until all is done that comes of it
			}}, r)
		}), req)
	}()
	<-time.After(time.Second) // in a bubble: until nothing more happens
	leave()
	<-served
	return rec.Events()
}

// A client that was there before the first event has an ID that is that of no
// record; what comes and is trimmed before it is back is a gap all the same.
func TestGapBehindTheBeginningIsTold(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		f := open(t, w, setup{})
		r := f.get(t, "")
		id := r.wantPlace()
		r.close()
		f.publish(t, 1, 500)
		f.get(t, id).wantControl("stream-gap", `"asked":"`+id+`"`, `"reason":"trimmed"`)
	})
}

func TestEventsTellOfAGapBehindTheBeginning(t *testing.T) {
	f := open(t, ways()[0], setup{})
	id := f.get(t, "").wantPlace()
	f.publish(t, 1, 500)
	for p, err := range f.topic.Events(t.Context(), room, id) {
		var lost *eventlog.TruncatedError
		if !errors.As(err, &lost) || lost.Topic != room || lost.Oldest.Offset != 401 {
			t.Errorf("got %+v and error %v, want the error that events are lost", p, err)
		}
		break
	}
}

// trim removes all that the topic has.
func trim(t *testing.T, s eventlog.Store) {
	t.Helper()
	log, err := s.Open(t.Context(), watch().Topic.Pattern, eventlog.Limits{MaxEvents: watch().Topic.MaxEvents})
	if err != nil {
		t.Fatal(err)
	}
	bounds, err := log.Bounds(t.Context(), room)
	if err != nil {
		t.Fatal(err)
	}
	if err := log.Trim(t.Context(), room, bounds.End()); err != nil {
		t.Fatal(err)
	}
}

// So it is where nothing of what came is left.
func TestGapBehindTheBeginningOfAnEmptyTopicIsTold(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		store := memlog.New()
		f := open(t, w, setup{store: store})
		r := f.get(t, "")
		id := r.wantPlace()
		r.close()
		f.publish(t, 1, 5)
		trim(t, store)
		f = open(t, w, setup{store: store}) // whose window has nothing
		r = f.get(t, id)
		r.wantControl("stream-gap", `"asked":"`+id+`"`, `"oldest":""`, `"reason":"trimmed"`)
		if at := r.wantPlace(); at == id {
			t.Errorf("the client is behind the gap, and still at %s", at)
		}
		f.publish(t, 6, 7)
		r.want(6, 7)
	})
}

// A window may have what the log no longer has. That is for those who know the event
// before it.
func TestWhatTheLogNoLongerHasIsNotForNewClients(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		store := memlog.New()
		f := open(t, w, setup{store: store, serve: []hub.ServeOption[*note]{hub.FromOldest[*note]()}})
		there := f.get(t, "")
		there.wantPlace()
		f.publish(t, 1, 3)
		there.want(1, 3)
		trim(t, store)
		comes := f.get(t, "")
		if at := comes.wantPlace(); at != f.newest(t) {
			t.Errorf("begins at %s, want the end, %s", at, f.newest(t))
		}
		f.publish(t, 4, 5)
		comes.want(4, 5)
		there.want(4, 5)
	})
}

func TestDesignWithoutControlEventsTellsOfNoGap(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		f := open(t, w, setup{change: func(m *courant.StreamMethod[*watchPayload, *note]) {
			m.HTTP.Events.NoControlEvents, m.Topic.OnGap, m.Topic.MaxEvents = true, courant.GapRestart, 1000
		}})
		f.publish(t, 1, 10)
		f.get(t, "garbage").want(1, 10)
	})
}
