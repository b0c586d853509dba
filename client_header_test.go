package courant

import "testing"

func TestEventStreamMediaType(t *testing.T) {
	for contentType, want := range map[string]bool{
		"text/event-stream":                      true,
		"text/event-stream;":                     true,
		"text/event-stream ; charset=utf-8":      true,
		"text/event-stream;charset=windows-1252": true,
		"TEXT/Event-Stream":                      true,
		" text/event-stream":                     true,
		"":                                       false,
		"x bogus":                                false,
		"text/event-streams":                     false,
		"text/event stream":                      false,
		"application/json;text/event-stream":     false,
	} {
		if got := isEventStream(contentType); got != want {
			t.Errorf("%q: %v, want %v", contentType, got, want)
		}
	}
}
