package redislog_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/sse"
)

// BenchmarkAppend appends one entry of 160 bytes at a time, one after another
// and from many at once.
func BenchmarkAppend(b *testing.B) {
	for _, fsync := range []string{"no", "everysec", "always"} {
		s := start(b, "--appendfsync", fsync)
		l := open(b, s.store(b), eventlog.Limits{MaxEvents: 1000})
		entry := eventlog.Entry{Event: sse.Event{Data: []byte(strings.Repeat("x", 160))}}
		b.Run(fsync+"/one", func(b *testing.B) {
			for b.Loop() {
				if _, err := l.Append(b.Context(), "t", entry); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fsync+"/many", func(b *testing.B) {
			var n atomic.Int64
			b.SetParallelism(32)
			b.RunParallel(func(pb *testing.PB) {
				topic := fmt.Sprint(n.Add(1))
				for pb.Next() {
					if _, err := l.Append(b.Context(), topic, entry); err != nil {
						b.Error(err)
						return
					}
				}
			})
		})
	}
}

// BenchmarkFollow is from an append until a follower has it.
func BenchmarkFollow(b *testing.B) {
	s := start(b, "--appendfsync", "no")
	l := open(b, s.store(b), eventlog.Limits{MaxEvents: 1000})
	for _, size := range []int{160, 128 << 10} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			entry := eventlog.Entry{Event: sse.Event{Data: make([]byte, size)}}
			end, err := l.Bounds(b.Context(), "t")
			if err != nil {
				b.Fatal(err)
			}
			got := make(chan struct{})
			go func() {
				for _, err := range l.Follow(b.Context(), "t", end.End()) {
					if err != nil {
						return
					}
					got <- struct{}{}
				}
			}()
			for b.Loop() {
				if _, err := l.Append(b.Context(), "t", entry); err != nil {
					b.Fatal(err)
				}
				<-got
			}
		})
	}
}

// BenchmarkRead reads a topic of 10,000 records of 160 bytes.
func BenchmarkRead(b *testing.B) {
	s := start(b, "--appendfsync", "no")
	l := open(b, s.store(b), eventlog.Limits{})
	entries := make([]eventlog.Entry, 1000)
	for i := range entries {
		entries[i].Event.Data = make([]byte, 160)
	}
	for range 10 {
		if _, err := l.Append(b.Context(), "t", entries...); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		n := 0
		for _, err := range l.Read(b.Context(), "t", eventlog.Position{}) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != 10_000 {
			b.Fatal(n)
		}
	}
}
