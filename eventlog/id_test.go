package eventlog_test

import (
	"errors"
	"testing"

	"github.com/courant-dev/courant/eventlog"
)

func TestIDNamesItsPosition(t *testing.T) {
	for _, p := range []eventlog.Position{{Epoch: 1}, {Epoch: 1, Offset: 1}, {Epoch: 1<<32 - 1, Offset: 1<<64 - 1}} {
		id := string(eventlog.AppendID(nil, "rooms/42", p))
		if got, err := eventlog.ParseID("rooms/42", id); err != nil || got != p {
			t.Errorf("%+v comes back as %+v, %v", p, got, err)
		}
	}
}

func TestIDOfAnotherTopicIsNoticed(t *testing.T) {
	id := string(eventlog.AppendID(nil, "rooms/42", eventlog.Position{Epoch: 7, Offset: 9}))
	if _, err := eventlog.ParseID("rooms/43", id); !errors.Is(err, eventlog.ErrID) {
		t.Errorf("got %v, want ErrID", err)
	}
}

// FuzzParseID has nothing be an ID but what AppendID makes.
func FuzzParseID(f *testing.F) {
	for _, id := range []string{"", "AQ", "stream-end", "....", "AQAAAAfSYv8rKg", "AQAAAAfSYv8rKh", "AQAAAAfSYv8rKg=="} {
		f.Add("rooms/42", id)
	}
	f.Add("t", string(eventlog.AppendID(nil, "t", eventlog.Position{Epoch: 7, Offset: 1 << 40})))
	f.Fuzz(func(t *testing.T, topic, id string) {
		p, err := eventlog.ParseID(topic, id)
		if err != nil {
			return
		}
		if again := string(eventlog.AppendID(nil, topic, p)); again != id {
			t.Errorf("%q is taken for %+v, whose ID is %q", id, p, again)
		}
	})
}
