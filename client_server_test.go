package courant_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
)

// entry is an event with an ID of its own.
type entry struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

type entryPayload struct {
	StartID string `json:"startID,omitzero"`
}

func entries() *courant.StreamMethod[*entryPayload, *entry] {
	return &courant.StreamMethod[*entryPayload, *entry]{
		Name: "entries.watch",
		HTTP: courant.StreamHTTP{
			Routes:  []courant.Route{{Verb: "POST", Path: "/entries"}},
			Request: courant.Request{Body: courant.Nothing(), LastEventID: "startID"},
			Events:  courant.Events{Data: courant.Members("text"), ID: "id"},
		},
		Errors: []courant.DeclaredError{{
			Name: "busy", Status: 409, Temporary: true, New: func() error { return new(busyError) },
		}},
	}
}

// watchEntries calls the method that method is, with the run time on both sides.
func watchEntries(t *testing.T, method func(context.Context, *entryPayload, *courant.ServerStream[*entry]) error,
	opts ...courant.ServerOption,
) (*courant.ClientStream[*entry], error) {
	t.Helper()
	mux := http.NewServeMux()
	courant.HandleStream(mux, entries(), method, append(opts, courant.WithLogger(slog.New(slog.DiscardHandler)))...)
	client := courant.NewClient("http://memory", courant.WithHTTPClient(serve(t, mux).Client()))
	stream, err := courant.CallStream(t.Context(), client, entries(), &entryPayload{})
	if err == nil {
		t.Cleanup(func() { _ = stream.Close() })
	}
	return stream, err
}

// Nothing lost, nothing twice, over connections that end in every way that is
// not an outcome; the method honours its startID.
func TestClientResumesWithAServerOfOurs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const last, perConnection = 40, 3
		connections := 0
		stream, err := watchEntries(t, func(ctx context.Context, p *entryPayload, s *courant.ServerStream[*entry]) error {
			connections++
			from, _ := strconv.Atoi(p.StartID)
			for n := from + 1; n <= min(from+perConnection, last); n++ {
				if err := s.Send(&entry{ID: strconv.Itoa(n), Text: "entry"}); err != nil {
					return err
				}
			}
			switch {
			case from+perConnection >= last:
				return nil
			case connections%3 == 0:
				return &busyError{"later"} // temporary, by design
			case connections%3 == 1:
				<-ctx.Done() // silence: the client's read timeout, or none with heartbeats
				return ctx.Err()
			}
			return courant.NewError(http.StatusServiceUnavailable, "restart", "a moment")
		}, courant.WithHeartbeat(0))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for event, err := range stream.Events() {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, event.ID)
		}
		var want []string
		for n := 1; n <= last; n++ {
			want = append(want, strconv.Itoa(n))
		}
		if !slices.Equal(got, want) {
			t.Errorf("received %v over %d connections", got, connections)
		}
		if id := stream.LastEventID(); id != "40" {
			t.Errorf("last event ID %q, want 40", id)
		}
	})
}

// The same error, status included, whether it comes before the headers or after.
func TestErrorsAreTheSameOnBothSidesOfTheHeaders(t *testing.T) {
	for name, before := range map[string]time.Duration{"before": 0, "after": time.Minute} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stream, err := watchEntries(t, func(context.Context, *entryPayload, *courant.ServerStream[*entry]) error {
					<-time.After(before)
					return &busyError{"later"}
				})
				if (err == nil) != (before > 0) {
					t.Fatalf("CallStream: %v", err)
				}
				if err == nil {
					_, err = stream.Recv()
				}
				sent, ok := errors.AsType[*courant.Error](err)
				if !ok || sent.Status != 409 || sent.Name != "busy" || sent.Detail != "later" || sent.ID == "" || !sent.Temporary {
					t.Errorf("%#v", err)
				}
				if busy, ok := errors.AsType[*busyError](err); !ok || busy.Detail != "later" {
					t.Errorf("%v is no busyError", err)
				}
			})
		})
	}
}

// When to come again is told, and obeyed, after the headers too.
func TestRetryAfterOnBothSidesOfTheHeaders(t *testing.T) {
	for name, before := range map[string]time.Duration{"before": 0, "after": time.Minute} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stream, err := watchEntries(t, func(context.Context, *entryPayload, *courant.ServerStream[*entry]) error {
					<-time.After(before)
					return &courant.Error{Status: 503, Name: "busy", RetryAfter: 7 * time.Second}
				})
				if err == nil {
					_, err = stream.Recv()
				}
				if sent, ok := errors.AsType[*courant.Error](err); !ok || sent.RetryAfter != 7*time.Second {
					t.Errorf("%#v", err)
				}
			})
		})
	}
}

func TestRetryAfterOfAStreamErrorIsHonoured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls []time.Time
		stream, err := watchEntries(t, func(_ context.Context, _ *entryPayload, s *courant.ServerStream[*entry]) error {
			calls = append(calls, time.Now())
			if len(calls) > 1 {
				return nil
			}
			return errors.Join(s.Send(&entry{ID: "1"}), &courant.Error{Status: 503, RetryAfter: 90 * time.Second})
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			_, err = stream.Recv()
		}
		if waited := calls[1].Sub(calls[0]); err != io.EOF || waited < 90*time.Second || waited > 92*time.Second {
			t.Errorf("%v, after %v", err, waited)
		}
	})
}

func TestAnInternalErrorIsNotTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		stream, err := watchEntries(t, func(_ context.Context, _ *entryPayload, s *courant.ServerStream[*entry]) error {
			calls++
			if err := s.Send(&entry{ID: "1", Text: "a"}); err != nil {
				return err
			}
			panic("secret")
		})
		if err != nil {
			t.Fatal(err)
		}
		if event, err := stream.Recv(); err != nil || *event != (entry{"1", "a"}) {
			t.Errorf("%v, %v", event, err)
		}
		if _, err := stream.Recv(); !isStatus(500)(err) || calls != 1 {
			t.Errorf("%v after %d calls", err, calls)
		}
	})
}

func TestClientMovesOnWhenAServerDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams := &courant.Streams{}
		old, replacement := http.NewServeMux(), http.NewServeMux()
		courant.HandleStream(old, entries(), func(ctx context.Context, _ *entryPayload, s *courant.ServerStream[*entry]) error {
			if err := s.Send(&entry{ID: "1", Text: "a"}); err != nil {
				return err
			}
			<-ctx.Done()
			return ctx.Err()
		}, courant.WithStreams(streams))
		courant.HandleStream(replacement, entries(), func(_ context.Context, p *entryPayload, s *courant.ServerStream[*entry]) error {
			return s.Send(&entry{ID: "2", Text: "after " + p.StartID})
		})
		var moved atomic.Bool
		client := courant.NewClient("http://memory", courant.WithHTTPClient(serve(t,
			http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if moved.Load() {
					replacement.ServeHTTP(w, r)
				} else {
					old.ServeHTTP(w, r)
				}
			})).Client()))
		stream, err := courant.CallStream(t.Context(), client, entries(), &entryPayload{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = stream.Close() }()
		if _, err := stream.Recv(); err != nil {
			t.Fatal(err)
		}
		drained := make(chan error)
		go func() {
			<-time.After(time.Minute)
			moved.Store(true)
			drained <- streams.Drain(t.Context())
		}()
		event, err := stream.Recv()
		if err != nil || *event != (entry{"2", "after 1"}) {
			t.Errorf("%v, %v", event, err)
		}
		if err := <-drained; err != nil {
			t.Error(err)
		}
		if _, err := stream.Recv(); !isEnd(err) {
			t.Errorf("then %v", err)
		}
	})
}
