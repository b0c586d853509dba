package soak

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// A histogram counts durations in buckets that are at most 1/16 wider than what
// is in them. It is safe for concurrent use; the zero one is empty.
type histogram struct {
	buckets [64 * 16]atomic.Int64
	longest atomic.Int64
}

func (h *histogram) add(d time.Duration) {
	d = max(d, 0)
	h.buckets[bucketOf(uint64(d))].Add(1)
	for {
		longest := h.longest.Load()
		if int64(d) <= longest || h.longest.CompareAndSwap(longest, int64(d)) {
			return
		}
	}
}

// bucketOf uses the highest bit and the four below it.
func bucketOf(v uint64) int {
	if v < 16 {
		return int(v)
	}
	shift := bits.Len64(v) - 5
	return (shift+1)*16 + int(v>>shift)&15
}

// ceiling is the largest duration in a bucket.
func ceiling(bucket int) time.Duration {
	if bucket < 16 {
		return time.Duration(bucket)
	}
	shift := bucket/16 - 1
	return time.Duration((uint64(bucket%16)+17)<<shift - 1)
}

// Delays are what a histogram says, each at most 1/16 too long but for the
// longest, which is exact.
type Delays struct {
	Count int64         `json:"count"`
	P50   time.Duration `json:"p50_ns"`
	P99   time.Duration `json:"p99_ns"`
	Max   time.Duration `json:"max_ns"`
}

func (h *histogram) delays() Delays {
	var counted [len(h.buckets)]int64
	d := Delays{Max: time.Duration(h.longest.Load())}
	for i := range h.buckets {
		counted[i] = h.buckets[i].Load()
		d.Count += counted[i]
	}
	quantile := func(of float64) time.Duration {
		rank := int64(of * float64(d.Count))
		for i, n := range counted {
			if rank -= n; rank < 0 {
				return min(ceiling(i), d.Max)
			}
		}
		return d.Max
	}
	d.P50, d.P99 = quantile(0.5), quantile(0.99)
	return d
}
