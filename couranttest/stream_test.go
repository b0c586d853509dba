package couranttest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
)

type tick struct {
	N     int `json:"n"`
	Words []string
}

// tickStream is what a generator writes for a method that streams ticks.
type tickStream interface {
	Send(*tick) error
	Close() error
}

// ticks is a method that never ends by itself.
func ticks(ctx context.Context, stream tickStream) error {
	for n := 1; ; n++ {
		if err := stream.Send(&tick{N: n}); err != nil {
			return err
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func TestStreamKeepsWhatIsSent(t *testing.T) {
	stream := couranttest.NewStream[*tick]()
	reused := &tick{}
	for n := 1; n <= 3; n++ {
		reused.N = n
		if err := stream.Send(reused); err != nil {
			t.Fatal(err)
		}
	}
	if sent := stream.Sent(); len(sent) != 3 || sent[0].N != 1 || sent[2].N != 3 {
		t.Errorf("sent %v", sent)
	}
	if stream.Closed() || stream.Close() != nil || !stream.Closed() {
		t.Error("it is closed before Close, or not after")
	}
	if err := stream.Send(reused); !errors.Is(err, courant.ErrStreamClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestStreamRefusesNil(t *testing.T) {
	objects, unions := couranttest.NewStream[*tick](), couranttest.NewStream[any]()
	for name, err := range map[string]error{
		"an object": objects.Send(nil), "a union": unions.Send(nil), "a variant": unions.Send((*tick)(nil)),
	} {
		if _, ok := errors.AsType[*courant.RefusedError](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := couranttest.NewStream[[]string]().Send(nil); err != nil {
		t.Errorf("no list: %v", err)
	}
	if err := objects.Send(&tick{}); err != nil {
		t.Errorf("then: %v", err)
	}
}

// A method that loops for ever is tested without a goroutine.
func TestStreamFailsFromAnEventOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, cause := range []error{courant.ErrPeerGone, courant.ErrWriteDeadline, courant.ErrDraining} {
			stream := couranttest.NewStream[*tick]()
			stream.FailFrom(4, cause)
			if err := ticks(stream.Context(t.Context()), stream); !errors.Is(err, cause) {
				t.Errorf("%v: the method returned %v", cause, err)
			}
			if n := len(stream.Sent()); n != 3 {
				t.Errorf("%v: %d events were sent", cause, n)
			}
		}
	})
}

func TestStreamWaitsForAnEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream := couranttest.NewStream[*tick]()
		start := time.Now()
		call := stream.Start(t.Context(), func(ctx context.Context) error { return ticks(ctx, stream) })
		sent, err := stream.Wait(t.Context(), 60)
		if err != nil || len(sent) != 60 || sent[59].N != 60 || time.Since(start) != 59*time.Second {
			t.Errorf("%d events after %v: %v", len(sent), time.Since(start), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		if sent, err := stream.Wait(ctx, 100); len(sent) != 61 || !errors.Is(err, context.DeadlineExceeded) ||
			!strings.Contains(err.Error(), "61 of 100") {
			t.Errorf("%d events: %v", len(sent), err)
		}
		if call.Err() != nil {
			t.Errorf("the method has returned: %v", call.Err())
		}
		if err := call.Cut(); !errors.Is(err, courant.ErrPeerGone) || call.Err() != err {
			t.Errorf("the method returned %v", err)
		}
	})
}

func TestStreamWaitsNoLongerThanTheMethodRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream := couranttest.NewStream[*tick]()
		done := make(chan (<-chan struct{}), 1)
		call := stream.Start(t.Context(), func(ctx context.Context) error {
			done <- ctx.Done()
			return stream.Send(&tick{N: 1})
		})
		sent, err := stream.Wait(t.Context(), 2)
		if len(sent) != 1 || !errors.Is(err, courant.ErrStreamClosed) {
			t.Errorf("%v, %v", sent, err)
		}
		if <-call.Done(); call.Err() != nil || stream.Closed() {
			t.Errorf("returned %v, closed %v", call.Err(), stream.Closed())
		}
		<-<-done // and so is its context
	})
}

func TestStreamBlocksUntilReleased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream := couranttest.NewStream[*tick]()
		release := stream.BlockFrom(3)
		call := stream.Start(t.Context(), func(context.Context) error {
			for n := range 4 {
				if err := stream.Send(&tick{N: n}); err != nil {
					return err
				}
			}
			return nil
		})
		if err := stream.WaitBlocked(t.Context()); err != nil || len(stream.Sent()) != 2 {
			t.Errorf("%d events: %v", len(stream.Sent()), err)
		}
		release()
		if <-call.Done(); call.Err() != nil || len(stream.Sent()) != 4 {
			t.Errorf("then %d events: %v", len(stream.Sent()), call.Err())
		}
		if err := stream.WaitBlocked(canceled(t)); !errors.Is(err, context.Canceled) {
			t.Errorf("nobody is blocked: %v", err)
		}
	})
}

func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestStreamThatFailsLetsGoOfBlockedSends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			end  func(*couranttest.Stream[*tick])
			want error
		}{
			"fails":     {func(s *couranttest.Stream[*tick]) { s.Fail(courant.ErrWriteDeadline) }, courant.ErrWriteDeadline},
			"is closed": {func(s *couranttest.Stream[*tick]) { _ = s.Close() }, courant.ErrStreamClosed},
		} {
			stream := couranttest.NewStream[*tick]()
			stream.BlockFrom(1)
			call := stream.Start(t.Context(), func(context.Context) error { return stream.Send(&tick{}) })
			synctest.Wait()
			c.end(stream)
			if <-call.Done(); !errors.Is(call.Err(), c.want) || len(stream.Sent()) != 0 {
				t.Errorf("%s: %v", name, call.Err())
			}
		}
	})
}

func TestStreamTakesConcurrentSends(t *testing.T) {
	stream := couranttest.NewStream[int]()
	var senders sync.WaitGroup
	for g := range 8 {
		senders.Go(func() {
			for i := range 100 {
				_ = stream.Send(g*100 + i)
				_, _ = stream.Sent(), stream.Closed()
			}
		})
	}
	sent, err := stream.Wait(t.Context(), 800)
	senders.Wait()
	slices.Sort(sent)
	if err != nil || len(slices.Compact(sent)) != 800 {
		t.Errorf("%d events: %v", len(sent), err)
	}
}
