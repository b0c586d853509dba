package memlog_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/memlog"
)

// BenchmarkAppend appends events of 160 bytes to a full window.
func BenchmarkAppend(b *testing.B) {
	l := openLog(b, memlog.New(), eventlog.Limits{MaxEvents: 1000})
	e := event(strings.Repeat("x", 160))
	b.ReportAllocs()
	for b.Loop() {
		add(b, l, "t", e)
	}
}

// BenchmarkAppendTopics appends to 1000 topics from all processors.
func BenchmarkAppendTopics(b *testing.B) {
	l := openLog(b, memlog.New(), eventlog.Limits{MaxEvents: 100})
	topics := make([]string, 1000)
	for i := range topics {
		topics[i] = fmt.Sprintf("rooms/%d", i)
	}
	e := event(strings.Repeat("x", 160))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			add(b, l, topics[i%len(topics)], e)
		}
	})
}

// BenchmarkFollow has 100 followers of one topic receive what is appended.
func BenchmarkFollow(b *testing.B) {
	l := openLog(b, memlog.New(), eventlog.Limits{})
	e := event(strings.Repeat("x", 160))
	const followers = 100
	var group sync.WaitGroup
	b.ReportAllocs()
	for range followers {
		group.Go(func() {
			got := 0
			for _, err := range l.Follow(b.Context(), "t", eventlog.Position{}) {
				if err != nil {
					b.Error(err)
					return
				}
				if got++; got == b.N {
					return
				}
			}
		})
	}
	for range b.N {
		add(b, l, "t", e)
	}
	group.Wait()
	b.ReportMetric(float64(b.N)*followers/b.Elapsed().Seconds(), "deliveries/s")
}
