package courant

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
)

// exchangeCase is one of testdata/eventsource_http_cases.json, made of the Web
// Platform Tests for EventSource.
type exchangeCase struct {
	Name      string
	Responses []struct {
		Status         int
		RedirectToNext bool `json:"redirect_to_next"`
		Headers        map[string]string
		Body           string `json:"body_base64"`
		End            string
	}
	Expect struct {
		Opens, Requests int
		Final           string
		Events          []receivedEvent
		LastEventIDs    []*string `json:"last_event_ids"`
	}
}

type receivedEvent struct {
	Type, Data  string
	LastEventID string `json:"lastEventId"`
}

func TestEventSourceToTheLetter(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/eventsource_http_cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases struct {
		Cases []exchangeCase `json:"http_cases"`
	}
	if err := json.Unmarshal(file, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases.Cases) != 21 {
		t.Errorf("%d cases, want 21", len(cases.Cases))
	}
	for _, c := range cases.Cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			c.run(t)
		})
	}
}

func (c *exchangeCase) run(t *testing.T) {
	s := c.script(t)
	server := httptest.NewServer(s)
	defer server.Close()
	opens := 0
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	var events []receivedEvent
	stream, err := OpenEvents(req, WithEventSourceRules(), WithStateFunc(func(change StateChange) {
		if change.State == Connected {
			opens++
		}
	}))
	if err == nil {
		defer func() { _ = stream.Close() }()
		for event, err := range stream.Events() {
			if err != nil {
				t.Errorf("Recv: %v", err)
			}
			if err == nil {
				events = append(events, receivedEvent{event.Type, string(event.Data), event.ID})
			}
		}
		if stream.State() != Closed {
			t.Errorf("state %v, want %s", stream.State(), c.Expect.Final)
		}
	}
	if opens != c.Expect.Opens {
		t.Errorf("opened %d times, want %d", opens, c.Expect.Opens)
	}
	if !slices.Equal(events, c.Expect.Events) {
		t.Errorf("events %q, want %q", events, c.Expect.Events)
	}
	ids := s.lastEventIDs()
	if len(ids) != c.Expect.Requests {
		t.Errorf("%d requests, want %d", len(ids), c.Expect.Requests)
	}
	for i, want := range c.Expect.LastEventIDs {
		if want == nil && ids[i] != "-" || want != nil && ids[i] != *want {
			t.Errorf("request %d: Last-Event-ID %q", i, ids[i])
		}
	}
}

// script makes a server of the responses.
func (c *exchangeCase) script(t *testing.T) *script {
	s := newScript()
	for _, response := range c.Responses {
		body, err := base64.StdEncoding.DecodeString(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		s.answers = append(s.answers, func(w http.ResponseWriter, r *http.Request) {
			for name, value := range response.Headers {
				w.Header().Set(name, value)
			}
			if response.RedirectToNext {
				w.Header().Set("Location", r.URL.String())
			}
			w.WriteHeader(response.Status)
			_, _ = w.Write(body)
			if response.End == "reset" {
				panic(http.ErrAbortHandler)
			}
		})
	}
	return s
}
