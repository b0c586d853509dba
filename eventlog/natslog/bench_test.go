package natslog_test

import (
	"bytes"
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/natslog"
	"github.com/courant-dev/courant/sse"
)

// BenchmarkAppend compares appending events of 160 bytes with publishing them to
// a stream of an embedded server without this package.
func BenchmarkAppend(b *testing.B) {
	data := bytes.Repeat([]byte("x"), 160)
	for _, publishers := range []int{1, 8} {
		b.Run(fmt.Sprintf("bare/%d", publishers), func(b *testing.B) {
			js := bare(b)
			concurrently(b, publishers, func(ctx context.Context) error {
				_, err := js.Publish(ctx, "bare.t", data)
				return err
			})
		})
		b.Run(fmt.Sprintf("log/%d", publishers), func(b *testing.B) {
			l := benchLog(b)
			concurrently(b, publishers, func(ctx context.Context) error {
				_, err := l.Append(ctx, "t", eventlog.Entry{Event: sse.Event{Data: data}})
				return err
			})
		})
	}
	b.Run("followed/1", func(b *testing.B) {
		l := benchLog(b)
		follow(b, l, "another")
		concurrently(b, 1, func(ctx context.Context) error {
			_, err := l.Append(ctx, "t", eventlog.Entry{Event: sse.Event{Data: data}})
			return err
		})
	})
	b.Run("log/sync always", func(b *testing.B) {
		l := benchLog(b, natslog.WithSyncAlways())
		concurrently(b, 1, func(ctx context.Context) error {
			_, err := l.Append(ctx, "t", eventlog.Entry{Event: sse.Event{Data: data}})
			return err
		})
	})
}

func concurrently(b *testing.B, n int, do func(context.Context) error) {
	b.Helper()
	b.ResetTimer()
	var next atomic.Int64
	failed := make(chan error, n)
	for range n {
		go func() {
			var err error
			for err == nil && next.Add(1) <= int64(b.N) {
				err = do(b.Context())
			}
			failed <- err
		}()
	}
	for range n {
		if err := <-failed; err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

func benchLog(b *testing.B, options ...natslog.Option) eventlog.Log {
	b.Helper()
	s, err := natslog.Open(b.Context(), append(options, natslog.WithDir(b.TempDir()))...)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	l, err := s.Open(b.Context(), "bench", eventlog.Limits{MaxEvents: 100_000})
	if err != nil {
		b.Fatal(err)
	}
	return l
}

// bare is a stream with the same limits, and nothing else.
func bare(b *testing.B) jetstream.JetStream {
	b.Helper()
	ns, err := server.NewServer(&server.Options{DontListen: true, JetStream: true, StoreDir: b.TempDir(), NoSigs: true, NoLog: true})
	if err != nil {
		b.Fatal(err)
	}
	ns.Start()
	b.Cleanup(func() { ns.Shutdown(); ns.WaitForShutdown() })
	if !ns.ReadyForConnections(10 * time.Second) {
		b.Fatal("the server does not start")
	}
	nc, err := nats.Connect("", nats.InProcessServer(ns))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := js.CreateStream(b.Context(), jetstream.StreamConfig{Name: "bare", Subjects: []string{"bare.>"}, MaxMsgsPerSubject: 100_000}); err != nil {
		b.Fatal(err)
	}
	return js
}
