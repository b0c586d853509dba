package sse_test

import (
	"errors"
	"testing"
	"time"

	"github.com/courant-dev/courant/sse"
)

func TestAppendEvent(t *testing.T) {
	for _, c := range []struct {
		behaviour string
		event     sse.Event
		frame     string
	}{
		{"data alone", sse.Event{Data: []byte("Hello")}, "data: Hello\n\n"},
		{"all fields in order",
			sse.Event{Type: "greeting", ID: "7", Retry: 2 * time.Second, HasRetry: true, Data: []byte("Hello")},
			"event: greeting\nid: 7\nretry: 2000\ndata: Hello\n\n"},
		{"no data", sse.Event{}, "data:\n\n"},
		{"an empty id resets", sse.Event{HasID: true, Data: []byte("x")}, "id:\ndata: x\n\n"},
		{"lines are split", sse.Event{Data: []byte("a\nb\r\nc\rd")}, "data: a\ndata: b\ndata: c\ndata: d\n\n"},
		{"blank lines stay", sse.Event{Data: []byte("\n\na\n")}, "data:\ndata:\ndata: a\ndata:\n\n"},
		{"spaces stay", sse.Event{Data: []byte("  a")}, "data:   a\n\n"},
		{"nothing is forged", sse.Event{Data: []byte("a\n\nevent: b\nid: 1\r\rdata: c")},
			"data: a\ndata:\ndata: event: b\ndata: id: 1\ndata:\ndata: data: c\n\n"},
		{"a retry of no time", sse.Event{HasRetry: true, Data: []byte("x")}, "retry: 0\ndata: x\n\n"},
	} {
		got, err := sse.AppendEvent([]byte("before "), c.event)
		if err != nil || string(got) != "before "+c.frame {
			t.Errorf("%s: %q, %v, want %q", c.behaviour, got, err, c.frame)
		}
	}
}

func TestAppendEventRefusesWhatCannotComeBack(t *testing.T) {
	for _, c := range []struct {
		field string
		event sse.Event
	}{
		{"event", sse.Event{Type: "a\nid: 1"}},
		{"event", sse.Event{Type: "a\r"}},
		{"event", sse.Event{Type: "a\x00"}},
		{"event", sse.Event{Type: "\xff"}},
		{"id", sse.Event{ID: "1\ndata: forged"}},
		{"id", sse.Event{ID: "1\r"}},
		{"id", sse.Event{ID: "\x001"}},
		{"id", sse.Event{ID: "\xe2\x82"}},
		{"retry", sse.Event{HasRetry: true, Retry: -1}},
		{"data", sse.Event{Data: []byte("\xff")}},
	} {
		got, err := sse.AppendEvent([]byte("before"), c.event)
		var refused *sse.FieldError
		if !errors.As(err, &refused) || refused.Field != c.field || string(got) != "before" {
			t.Errorf("%+v: %q, %v", c.event, got, err)
		}
	}
}

func TestAppendComment(t *testing.T) {
	got, err := sse.AppendComment(nil, "a\nb\r\n\rdata: c")
	if want := ": a\n: b\n:\n: data: c\n\n"; err != nil || string(got) != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	if _, err := sse.AppendComment(nil, "\xff"); err == nil {
		t.Error("no error")
	}
}
