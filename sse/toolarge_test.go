package sse_test

import (
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/courant-dev/courant/sse"
)

// An event that could not be delivered is not passed over when a client resumes:
// the ID in force is that of the event before, until the next one comes.
func TestTooLargeEventKeepsTheLastEventID(t *testing.T) {
	long := strings.Repeat("x", 200)
	for _, c := range []struct {
		behaviour, block string
		id               string
		hasID            bool
	}{
		{"an id before the data is told", "id: 2\ndata: " + long, "2", true},
		{"an id behind the data is told", "data: " + long + "\nid: 2", "2", true},
		{"the last id is told", "id: 9\ndata: " + long + "\nid: 2", "2", true},
		{"an id that resets is told", "id\ndata: " + long, "", true},
		{"an id that is too large is not told", "id: " + long + "\ndata: x", "", false},
		{"no id", "data: " + long, "", false},
		{"the type is too large", "event: " + long + "\nid: 2\ndata: x", "2", true},
		{"data and type together", "event: " + long[:60] + "\nid: 2\ndata: " + long[:60], "2", true},
		{"a type behind the data", "id: 2\ndata: " + long[:60] + "\nevent: " + long[:60], "2", true},
	} {
		stream := "id: 1\ndata: a\n\n" + c.block + "\nretry: 7\n\ndata: b\n\nid: 3\ndata: c\n\n"
		for how, r := range readers([]byte(stream)) {
			d := sse.NewDecoder(r, sse.WithMaxEventSize(100))
			if _, err := d.Decode(); err != nil {
				t.Fatal(err)
			}
			_, err := d.Decode()
			var large *sse.TooLargeError
			if !errors.As(err, &large) || large.ID != c.id || large.HasID != c.hasID || d.LastEventID() != "1" {
				t.Errorf("%s, %s: %#v, last event ID %q", c.behaviour, how, err, d.LastEventID())
			}
			if retry, ok := d.Retry(); !ok || retry.Milliseconds() != 7 {
				t.Errorf("%s, %s: retry %v", c.behaviour, how, retry)
			}
			if e, err := d.Decode(); err != nil || string(e.Data) != "b" || e.ID != "1" || e.Type != "message" || e.HasRetry {
				t.Errorf("%s, %s: %+v, %v", c.behaviour, how, e, err)
			}
			if e, err := d.Decode(); err != nil || e.ID != "3" {
				t.Errorf("%s, %s: %+v, %v", c.behaviour, how, e, err)
			}
		}
	}
}

// Whether a line is seen at once or in parts must not matter.
func TestLimitHoldsHoweverTheStreamArrives(t *testing.T) {
	long := strings.Repeat("x", 200)
	for _, c := range []struct {
		behaviour, stream string
		limit             int
	}{
		{"an id with NUL has a size", "data: a\nid: \x00" + long + "\n\ndata: b\n\n", 100},
		{"an id with NUL that fits means nothing", "data: a\nid: \x00\n\ndata: b\n\n", 100},
		{"the id in force has a size", "id: " + long[:60] + "\ndata\n\ndata: " + long[:60] + "\nid: " + long[:60] + "\n\n", 100},
		{"retry is not limited with its event", "data: a\nretry: 12000\n\n", 3},
		{"retry has zeros before it", "retry: " + strings.Repeat("0", 1020) + "5\n\n", 3},
		{"retry has too many zeros before it", "retry: " + strings.Repeat("0", 1024) + "5\n\n", 3},
		{"retry has as many zeros as an event may be long", "retry: " + strings.Repeat("0", 1999) + "5\n\n", 2000},
	} {
		t.Run(c.behaviour, func(t *testing.T) {
			compare(t, []byte(c.stream), c.limit, 1)
			compare(t, []byte(c.stream), c.limit, 2)
		})
	}
}

func TestTooLargeEventWithoutEndIsDiscarded(t *testing.T) {
	d := sse.NewDecoder(strings.NewReader("id: 2\ndata: "+strings.Repeat("x", 200)+"\n"), sse.WithMaxEventSize(100))
	if _, err := d.Decode(); err != io.EOF || d.LastEventID() != "" {
		t.Error(err, d.LastEventID())
	}
}

func TestLimitsOfTheLimit(t *testing.T) {
	for _, limit := range []int{math.MinInt, 0, math.MaxInt} {
		d := sse.NewDecoder(strings.NewReader("data: x\n\n"), sse.WithMaxEventSize(limit))
		if e, err := d.Decode(); err != nil || string(e.Data) != "x" {
			t.Error(limit, e, err)
		}
	}
}

func TestLineEndsInDataCount(t *testing.T) {
	fits := "data: " + strings.Repeat("x", 50) + "\ndata: " + strings.Repeat("x", 49) + "\n\n"
	exceeds := "data: " + strings.Repeat("x", 50) + "\ndata: " + strings.Repeat("x", 50) + "\n\n"
	for how, r := range readers([]byte(fits + exceeds)) {
		d := sse.NewDecoder(r, sse.WithMaxEventSize(100))
		if e, err := d.Decode(); err != nil || len(e.Data) != 100 {
			t.Error(how, len(e.Data), err)
		}
		if _, err := d.Decode(); !errors.As(err, new(*sse.TooLargeError)) {
			t.Error(how, err)
		}
	}
}

// deadline fails now and then, and may be read again.
type deadline struct{ parts []string }

var errDeadline = errors.New("deadline")

func (r *deadline) Read(p []byte) (int, error) {
	if len(r.parts) == 0 {
		return 0, io.EOF
	}
	part := r.parts[0]
	r.parts = r.parts[1:]
	if part == "" {
		return 0, errDeadline
	}
	return copy(p, part), nil
}

func TestDecodingGoesOnAfterADeadline(t *testing.T) {
	d := sse.NewDecoder(&deadline{[]string{"\xEF", "", "\xBBz", "\n", "", "id: 1\nda", "", "ta: x\r", "", "\n\n"}})
	failed := 0
	for {
		e, err := d.Decode()
		if err == nil {
			if failed != 4 || string(e.Data) != "x" || e.ID != "1" {
				t.Error(failed, e)
			}
			return
		}
		if err != errDeadline {
			t.Fatal(err)
		}
		failed++
	}
}
