package main

import (
	"context"
	"strconv"
	"time"

	"github.com/courant-dev/courant"
)

// watchPayload and tick are what generated code would have for the method.
type watchPayload struct {
	Stream int64  `json:"stream"`
	Since  string `json:"since,omitzero"`
}

type tick struct {
	ID string `json:"id"`
	At int64  `json:"at"`
}

var ticks = &courant.StreamMethod[*watchPayload, *tick]{
	Name: "ticks.watch",
	HTTP: courant.StreamHTTP{
		Routes: []courant.Route{{Verb: "GET", Path: "/ticks"}},
		Request: courant.Request{
			Params:      []courant.Param{{In: courant.InQuery, Attribute: "stream", Name: "stream"}},
			Body:        courant.Nothing(),
			LastEventID: "since",
		},
		Events: courant.Events{Data: courant.Members("at"), ID: "id"},
	},
}

// A schedule says when the numbers of a stream are due. It is all that a server
// knows, so any process can go on where another one ended.
type schedule struct {
	Epoch   time.Time
	Every   time.Duration
	Streams int // their events are spread over the time between two
}

// due is when the number comes, on a stream.
func (s schedule) due(number, stream int64) time.Time {
	return s.Epoch.Add(time.Duration(number)*s.Every + s.Every*time.Duration(stream)/time.Duration(s.Streams))
}

// latest is the number that is due at that time.
func (s schedule) latest(at time.Time) int64 { return int64(at.Sub(s.Epoch) / s.Every) }

// watch is the method: the latest number, or those after the last event ID, and
// then each in its time.
func (s schedule) watch(ctx context.Context, p *watchPayload, stream *courant.ServerStream[*tick]) error {
	number := s.latest(time.Now()) - 1 // due on every stream
	if p.Since != "" {
		last, err := strconv.ParseInt(p.Since, 10, 64)
		if err != nil {
			return courant.NewError(400, "bad_id", "the last event ID is no number")
		}
		number = last + 1
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ; ; number++ {
		due := s.due(number, p.Stream)
		timer.Reset(time.Until(due))
		select {
		case <-timer.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if err := stream.Send(&tick{ID: strconv.FormatInt(number, 10), At: due.UnixMilli()}); err != nil {
			return err
		}
	}
}
