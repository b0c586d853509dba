package sse_test

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"reflect"
	"testing"
	"testing/iotest"
	"time"

	"github.com/courant-dev/courant/sse"
)

// streamCase is a stream of the browsers' test suite, and what it holds.
type streamCase struct {
	Name   string
	Stream []byte `json:"stream_base64"`
	Expect []struct{ Type, Data, LastEventID string }
	Retry  *int64 `json:"expect_retry_ms"`
	LastID string `json:"expect_final_last_event_id"`
}

func TestConformance(t *testing.T) {
	data, err := os.ReadFile("testdata/eventsource_cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var suite struct{ Cases []streamCase }
	if err := json.Unmarshal(data, &suite); err != nil {
		t.Fatal(err)
	}
	if len(suite.Cases) != 28 {
		t.Fatalf("%d cases", len(suite.Cases))
	}
	for _, c := range suite.Cases {
		t.Run(c.Name, func(t *testing.T) {
			for name, r := range readers(c.Stream) {
				t.Run(name, func(t *testing.T) { conform(t, c, r) })
			}
		})
	}
}

// readers returns ways in which a stream may arrive.
func readers(stream []byte) map[string]io.Reader {
	return map[string]io.Reader{
		"whole":           bytes.NewReader(stream),
		"byte by byte":    iotest.OneByteReader(bytes.NewReader(stream)),
		"by halves":       iotest.HalfReader(bytes.NewReader(stream)),
		"error with data": iotest.DataErrReader(bytes.NewReader(stream)),
		"in chunks":       &chunked{random: rand.New(rand.NewPCG(1, uint64(len(stream)))), left: stream, most: 9},
	}
}

// chunked gives between none and most bytes at a time.
type chunked struct {
	random *rand.Rand
	left   []byte
	most   int
}

func (c *chunked) Read(p []byte) (int, error) {
	if len(c.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.left[:min(len(c.left), c.random.IntN(c.most+1))])
	c.left = c.left[n:]
	return n, nil
}

func conform(t *testing.T, c streamCase, r io.Reader) {
	d := sse.NewDecoder(r)
	var got []struct{ Type, Data, LastEventID string }
	for {
		e, err := d.Decode()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, struct{ Type, Data, LastEventID string }{e.Type, string(e.Data), e.ID})
	}
	if len(got)+len(c.Expect) > 0 && !reflect.DeepEqual(got, c.Expect) {
		t.Errorf("events %q, want %q", got, c.Expect)
	}
	if d.LastEventID() != c.LastID {
		t.Errorf("last event ID %q, want %q", d.LastEventID(), c.LastID)
	}
	retry, ok := d.Retry()
	switch {
	case ok != (c.Retry != nil):
		t.Errorf("retry %v %v", retry, ok)
	case ok && retry != time.Duration(*c.Retry)*time.Millisecond:
		t.Errorf("retry %v, want %d ms", retry, *c.Retry)
	}
}
