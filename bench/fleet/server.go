package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/memlog"
	"github.com/courant-dev/courant/eventlog/natslog"
	"github.com/courant-dev/courant/hub"
)

// event is what generated code would have for the method.
type event struct {
	Text string `json:"text"`
}

var watch = &courant.StreamMethod[courant.None, *event]{
	Name: "stream.watch",
	HTTP: courant.StreamHTTP{
		Routes:  []courant.Route{{Verb: "GET", Path: "/events"}},
		Request: courant.Request{Body: courant.Nothing()},
		Events:  courant.Events{Data: courant.Bare("text")},
	},
	Topic: courant.Topic{Pattern: "all"},
}

// serverOrder is what a server is to do: publish, or measure itself.
type serverOrder struct {
	Publish int     // how many events
	From    int64   // the number of the first
	Pace    float64 // per second

	Settle  bool   // collect garbage, and give it back
	Profile string // what the name of a profile ends with; empty for none
}

// serve is a server, which answers first with its address, and each order with
// its usage.
func (a assignment) serve(orders *json.Decoder, answers *json.Encoder) error {
	ctx := context.Background()
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	var store eventlog.Store = memlog.New()
	if a.URL != "" {
		var err error
		if store, err = natslog.Open(ctx, natslog.WithURL(a.URL), natslog.WithLogger(logger)); err != nil {
			return err
		}
	}
	topic, err := hub.Open(ctx, hub.New(store, hub.WithLogger(logger)), watch)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	courant.HandleStream(mux, watch, func(ctx context.Context, _ courant.None, s *courant.ServerStream[*event]) error {
		return topic.Serve(ctx, topic.Name(), s)
	}, courant.WithTakeover(), courant.WithLogger(logger))
	l, err := courant.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 30 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	if err := answers.Encode(l.Addr().String()); err != nil {
		return err
	}
	for {
		var o serverOrder
		if err := orders.Decode(&o); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		select {
		case err := <-failed:
			return err
		default:
		}
		u, err := a.carryOut(ctx, o, topic)
		if err != nil {
			return err
		}
		if err := answers.Encode(u); err != nil {
			return err
		}
	}
}

func (a assignment) carryOut(ctx context.Context, o serverOrder, topic *hub.Topic[*event]) (usage, error) {
	if err := o.publish(ctx, topic); err != nil {
		return usage{}, err
	}
	if o.Settle {
		settle()
	}
	if o.Profile != "" && a.Profile != "" {
		f, err := os.Create(a.Profile + o.Profile)
		if err != nil {
			return usage{}, err
		}
		if err := errors.Join(pprof.Lookup("heap").WriteTo(f, 0), f.Close()); err != nil {
			return usage{}, err
		}
	}
	return currentUsage()
}

// dataSize is the length of an event's data.
const dataSize = 160

// publish publishes numbered events, each with its time, at a steady pace.
func (o serverOrder) publish(ctx context.Context, topic *hub.Topic[*event]) error {
	next := time.Now()
	for i := range int64(o.Publish) {
		if wait := time.Until(next); wait > 0 {
			<-time.After(wait)
		}
		next = next.Add(time.Duration(float64(time.Second) / o.Pace))
		text := fmt.Sprintf("%d %d ", o.From+i, now())
		text += strings.Repeat("x", dataSize-len(text))
		if err := topic.Publish(ctx, topic.Name(), &event{text}); err != nil {
			return err
		}
	}
	return nil
}

// fewGoroutines is how many goroutines a server may have when it has nothing to do.
const fewGoroutines = 64

// settle waits until the handlers of streams have ended, which goes on for a
// moment when the client is answered, and gives garbage back.
func settle() {
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > fewGoroutines && time.Now().Before(deadline); {
		<-time.After(20 * time.Millisecond)
	}
	giveBack()
}
