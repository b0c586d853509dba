package courant_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
)

// TestStreamFuncIsToldOfBeginAndEnd has a row for each outcome.
func TestStreamFuncIsToldOfBeginAndEnd(t *testing.T) {
	idle := func(ctx context.Context, s serverStream) error { _ = say(s); <-ctx.Done(); return nil }
	for _, test := range []struct {
		name   string
		method func(context.Context, serverStream) error
		act    func(*courant.Streams, *couranttest.Server) // after a second
		want   courant.StreamReport
	}{
		{"end", func(_ context.Context, s serverStream) error { _ = say(s); return say(s) }, nil,
			courant.StreamReport{Outcome: courant.OutcomeEnd, Events: 2, Bytes: int64(2*len(hello) + len(end))}},
		{"error", func(_ context.Context, s serverStream) error { _ = say(s); return courant.ErrStreamClosed }, nil,
			courant.StreamReport{Outcome: courant.OutcomeError, Err: courant.ErrStreamClosed, Events: 1}},
		{"drain", idle, func(s *courant.Streams, _ *couranttest.Server) { _ = s.Drain(context.Background()) },
			courant.StreamReport{Outcome: courant.OutcomeDrain, Err: courant.ErrDraining, Events: 1, Open: time.Second}},
		{"gone", idle, func(_ *courant.Streams, w *couranttest.Server) { w.Client().CloseIdleConnections() },
			courant.StreamReport{Outcome: courant.OutcomeGone, Err: courant.ErrPeerGone, Events: 1, Open: time.Second, Bytes: int64(len(hello))}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				streams := &courant.Streams{}
				reports := make(chan courant.StreamReport, 3)
				w := serve(t, watching(watch(), func(ctx context.Context, _ *watchPayload, s serverStream) error {
					return test.method(ctx, s)
				}, courant.WithStreams(streams), courant.WithStreamFunc(func(r courant.StreamReport) { reports <- r })))
				resp := get(t, w, "/rooms/7/events")
				if begun := <-reports; begun.Outcome != courant.OutcomeNone || begun.Method != "rooms.watch" || begun.Remote == "" {
					t.Errorf("told of the beginning: %+v", begun)
				}
				if test.name != "gone" {
					go rest(resp.Body)
				}
				if test.act != nil {
					<-time.After(time.Second)
					go test.act(streams, w)
				}
				if test.name == "gone" {
					resp.Body.Close()
				}
				got := <-reports
				if !errors.Is(got.Err, test.want.Err) || got.Outcome != test.want.Outcome || got.Events != test.want.Events || got.Open != test.want.Open {
					t.Errorf("told %+v, want %+v", got, test.want)
				}
				if test.want.Bytes != 0 && got.Bytes != test.want.Bytes {
					t.Errorf("told of %d bytes, want %d", got.Bytes, test.want.Bytes)
				}
			})
		})
	}
}
