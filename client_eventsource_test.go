package courant_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
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
			synctest.Test(t, c.run)
		})
	}
}

func (c *exchangeCase) run(t *testing.T) {
	s := newScript(t, c.script(t)...)
	opens := 0
	var events []receivedEvent
	stream, err := tryOpen(t, s, nil, courant.WithEventSourceRules(), courant.WithStateFunc(func(change courant.StateChange) {
		if change.State == courant.Connected {
			opens++
		}
	}))
	if err == nil {
		for event, err := range stream.Events() {
			if err != nil {
				t.Errorf("Recv: %v", err)
			}
			if err == nil {
				events = append(events, receivedEvent{event.Type, string(event.Data), event.ID})
			}
		}
		if stream.State() != courant.Closed {
			t.Errorf("state %v, want %s", stream.State(), c.Expect.Final)
		}
	}
	if opens != c.Expect.Opens {
		t.Errorf("opened %d times, want %d", opens, c.Expect.Opens)
	}
	if !slices.Equal(events, c.Expect.Events) {
		t.Errorf("events %q, want %q", events, c.Expect.Events)
	}
	ids := lastEventIDs(s)
	if len(ids) != c.Expect.Requests {
		t.Errorf("%d requests, want %d", len(ids), c.Expect.Requests)
	}
	for i, want := range c.Expect.LastEventIDs {
		if want == nil && ids[i] != "-" || want != nil && ids[i] != *want {
			t.Errorf("request %d: Last-Event-ID %q", i, ids[i])
		}
	}
}

// script makes a script of the responses.
func (c *exchangeCase) script(t *testing.T) []answer {
	var answers []answer
	for _, response := range c.Responses {
		body, err := base64.StdEncoding.DecodeString(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		a := answer{Status: response.Status, Header: http.Header{}, Send: couranttest.Bytes(body)}
		for name, value := range response.Headers {
			a.Header.Set(name, value)
		}
		if response.RedirectToNext {
			a.Header.Set("Location", "/events")
		}
		if response.End == "reset" {
			a.End = couranttest.Cut
		}
		answers = append(answers, a)
	}
	return answers
}
