package sse_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant/sse"
)

func TestFramesWithoutEvent(t *testing.T) {
	frames, err := sse.AppendID(nil, "41")
	if err != nil || string(frames) != "id: 41\n\n" {
		t.Fatalf("%q, %v", frames, err)
	}
	if frames, err = sse.AppendRetry(frames, 1500*time.Microsecond); err != nil || string(frames) != "id: 41\n\nretry: 2\n\n" {
		t.Fatalf("%q, %v", frames, err)
	}
	got, err := decode(bytes.NewReader(frames))
	if err != io.EOF || len(got.Events) != 0 || got.LastID != "41" || got.Retry != 2*time.Millisecond {
		t.Error(got, err)
	}
	if frames, err = sse.AppendID(frames, ""); err != nil || !strings.HasSuffix(string(frames), "\n\nid:\n\n") {
		t.Errorf("%q, %v", frames, err)
	}
	if got, _ := decode(bytes.NewReader(frames)); got.LastID != "" {
		t.Error(got)
	}
}

func TestFramesWithoutEventRefuse(t *testing.T) {
	for _, id := range []string{"a\rb", "a\nb", "a\x00", "\xC0\x80"} {
		var refused *sse.FieldError
		if got, err := sse.AppendID([]byte("before"), id); !errors.As(err, &refused) || string(got) != "before" {
			t.Errorf("%q: %q, %v", id, got, err)
		}
	}
	var refused *sse.FieldError
	if got, err := sse.AppendRetry([]byte("before"), -1); !errors.As(err, &refused) || string(got) != "before" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestRetryOfAnyLengthComesBack(t *testing.T) {
	for retry, want := range map[time.Duration]time.Duration{
		0:               0,
		1:               time.Millisecond,
		time.Hour:       time.Hour,
		time.Hour + 1:   time.Hour + time.Millisecond,
		1<<63 - 1:       (1<<63 - 1) / time.Millisecond * time.Millisecond,
		1<<63 - 999_999: (1<<63 - 1) / time.Millisecond * time.Millisecond,
	} {
		frame, err := sse.AppendRetry(nil, retry)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := decode(bytes.NewReader(frame)); got.Retry != want {
			t.Errorf("%v became %q and %v, want %v", retry, frame, got.Retry, want)
		}
	}
}

// TestManyLinesAreSplitInTime would run into the time limit of the whole test if
// each line searched what is left.
func TestManyLinesAreSplitInTime(t *testing.T) {
	for _, end := range []string{"\n", "\r", "\r\n"} {
		const lines = 1 << 20
		frame, err := sse.AppendEvent(nil, sse.Event{Data: bytes.Repeat([]byte(end), lines)})
		if err != nil || bytes.Count(frame, []byte("data:\n")) != lines+1 {
			t.Errorf("%q: %v", end, err)
		}
	}
}
