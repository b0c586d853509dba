package value_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/courant-dev/courant/value"
)

// short is the event of the quick start.
type short struct {
	Message   string `json:"message"`
	Timestamp int64  `json:"timestamp"`
}

// long is about 300 bytes of JSON.
type long struct {
	ID       string           `json:"id"`
	Author   *part            `json:"author"`
	Text     string           `json:"text"`
	Tags     []string         `json:"tags"`
	Scores   map[string]int64 `json:"scores"`
	Ratio    float64          `json:"ratio"`
	Position uint64           `json:"position"`
	Edited   bool             `json:"edited"`
	Reply    *string          `json:"reply,omitzero"`
}

var (
	aShort = &short{Message: "Hello, world", Timestamp: 1770000000}
	aLong  = &long{
		ID: "0f8fad5b-d9cb-469f-a165-70867728950e", Author: &part{Name: "ada@example.com", Sizes: []uint32{1, 20, 300}},
		Text: "A line of text that a person wrote, with \"quotes\" and — here — a dash.\nAnd a second line.",
		Tags: []string{"go", "streaming", "events"}, Scores: map[string]int64{"up": 12, "down": 3}, Ratio: 0.8, Position: 123456,
	}
)

func benchmarkAppend[T any](b *testing.B, v T) {
	c, err := value.NewCodec[T]()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("value", func(b *testing.B) {
		b.ReportAllocs()
		var dst []byte
		for b.Loop() {
			if dst, err = c.Append(dst[:0], v); err != nil {
				b.Fatal(err)
			}
		}
		b.SetBytes(int64(len(dst)))
	})
	b.Run("encoding", func(b *testing.B) {
		b.ReportAllocs()
		var dst bytes.Buffer
		e := json.NewEncoder(&dst)
		e.SetEscapeHTML(false)
		for b.Loop() {
			dst.Reset()
			if err := e.Encode(v); err != nil {
				b.Fatal(err)
			}
		}
		b.SetBytes(int64(dst.Len()))
	})
}

func benchmarkDecode[T any](b *testing.B, v *T) {
	data, err := json.Marshal(v)
	if err != nil {
		b.Fatal(err)
	}
	c, err := value.NewCodec[*T]()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("value", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var into *T
			if err := c.Decode(data, &into, true); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var into *T
			if err := json.Unmarshal(data, &into); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkAppendShort(b *testing.B) { benchmarkAppend(b, aShort) }
func BenchmarkAppendLong(b *testing.B)  { benchmarkAppend(b, aLong) }
func BenchmarkDecodeShort(b *testing.B) { benchmarkDecode(b, aShort) }
func BenchmarkDecodeLong(b *testing.B)  { benchmarkDecode(b, aLong) }
