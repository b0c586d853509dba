package openapi_test

import (
	"encoding/json"
	"testing"
)

// TestWireExamples has the bytes of the events as they travel.
func TestWireExamples(t *testing.T) {
	const end = "event: stream-end\nid: stream-end\ndata: {}\n\n"
	for path, want := range map[string]string{
		"/events":              "event: news\nid: cursor\nretry: 30000\ndata: {\"message\":\"Hello, world\"}\n\n" + end,
		"/plain":               "data: Hello, world\n\n",
		"/tokens":              "data: text\n\ndata: [DONE]\n\n",
		"/numbers":             "data: 1\n\n" + end,
		"/strict":              "id: AQAAAAfSYv8rKg\ndata: 1\n\n" + end,
		"/maybe":               "event: Hello, world\ndata: \"PT30S\"\n\n" + end,
		"/rooms/{room}/events": "event: said\nretry: 250\ndata: two\ndata: lines\n\nevent: left\ndata: bye\n\n" + end,
	} {
		if got := eventStream(t, path).Examples["stream"].SerializedValue; got != want {
			t.Errorf("%s:\n got %q\nwant %q", path, got, want)
		}
	}
}

// TestControlEvents has the alternatives to an event of the method.
func TestControlEvents(t *testing.T) {
	for path, want := range map[string][]string{
		"/events":  {"", "StreamEnd", "StreamError", "StreamGap", "StreamDrain"},
		"/whole":   {"", "StreamEnd", "StreamError", "StreamDrain", "StreamHeartbeat"},
		"/plain":   nil,
		"/tokens":  {"", "", "StreamError", "StreamDrain"},
		"/numbers": {"", "StreamEnd", "StreamError", "StreamDrain"},
		"/topic":   {"", "StreamEnd", "StreamError", "StreamGap", "StreamDrain"},
		"/strict":  {"", "StreamEnd", "StreamError", "StreamDrain"},
	} {
		item := eventStream(t, path).ItemSchema
		got := item.OneOf
		if got == nil {
			got = item.AnyOf
		}
		if len(got) != len(want) {
			t.Errorf("%s has %d alternatives, want %d", path, len(got), len(want))
			continue
		}
		for i, w := range want {
			if w != "" {
				w = "#/components/schemas/" + w
			}
			if got[i].Ref != w {
				t.Errorf("%s: alternative %d is %q, want %q", path, i, got[i].Ref, w)
			}
		}
	}
}

type ref struct {
	Ref string `json:"$ref"`
}

type eventContent struct {
	ItemSchema struct {
		OneOf []ref `json:"oneOf"`
		AnyOf []ref `json:"anyOf"`
	} `json:"itemSchema"`
	Examples map[string]struct {
		SerializedValue string `json:"serializedValue"`
	} `json:"examples"`
}

// eventStream returns the content of GET at the path.
func eventStream(t *testing.T, path string) eventContent {
	t.Helper()
	var doc struct {
		Paths map[string]struct {
			Get struct {
				Responses map[string]struct {
					Content map[string]eventContent `json:"content"`
				} `json:"responses"`
			} `json:"get"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(generate(t), &doc); err != nil {
		t.Fatal(err)
	}
	content, ok := doc.Paths[path].Get.Responses["200"].Content["text/event-stream"]
	if !ok {
		t.Fatalf("GET %s does not stream", path)
	}
	return content
}

// TestLastEventIDOfATopicHasAnExampleFromItsEvents has a client that copies it ask
// for something that looks like an ID of a log.
func TestLastEventIDOfATopicHasAnExampleFromItsEvents(t *testing.T) {
	var doc struct {
		Paths map[string]struct {
			Get struct {
				Parameters []struct {
					Name   string
					Schema struct{ Examples []any }
				}
			}
		}
	}
	if err := json.Unmarshal(generate(t), &doc); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/topic", "/strict"} {
		found := 0
		for _, p := range doc.Paths[path].Get.Parameters {
			if p.Name != "Last-Event-ID" && p.Name != "last_event_id" {
				continue
			}
			found++
			if len(p.Schema.Examples) != 1 || p.Schema.Examples[0] != "AQAAAAfSYv8rKg" {
				t.Errorf("%s: %s is such as %v", path, p.Name, p.Schema.Examples)
			}
		}
		if found != 2 {
			t.Errorf("%s has %d places for a last event ID, want 2", path, found)
		}
	}
}
