package couranttest_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
)

// receive receives from a script, with our client, until the end. It returns the
// data of the events, and after how many seconds each came.
func receive(t *testing.T, script couranttest.Script, opts ...courant.EventsOption) (data []string, when []time.Duration, s *couranttest.Server) {
	t.Helper()
	s = couranttest.NewServer(script.Handler())
	t.Cleanup(func() { _ = s.Close() })
	start := time.Now()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := courant.OpenEvents(req, append(opts, courant.WithHTTPClient(s.Client()), courant.WithReconnectDelay(0, 0))...)
	if err != nil {
		t.Fatal(err)
	}
	for event, err := range stream.Events() {
		if err != nil {
			t.Fatal(err)
		}
		data, when = append(data, string(event.Data)), append(when, time.Since(start).Truncate(time.Second))
	}
	return data, when, s
}

func TestScriptAnswersInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		data, when, s := receive(t, couranttest.Script{
			{Send: couranttest.Bytes("id: 1\ndata: a\n\nid: 2\ndata: incom"), End: couranttest.Cut},
			{Status: 503, RetryAfter: 16500 * time.Millisecond},
			{End: couranttest.HangUp},
			{Send: couranttest.Steps{couranttest.Event{ID: "3", Data: []byte("b")}, couranttest.Comment("beat")}, End: couranttest.Reset},
			{Delay: 3 * time.Second, Send: couranttest.Bytes("\ufeffdata: c\r\r")},
		})
		if !slices.Equal(data, []string{"a", "b", "c"}) || !slices.Equal(s.LastEventIDs(), []string{"", "1", "1", "1", "3", "3"}) {
			t.Errorf("data %q, last event IDs %q", data, s.LastEventIDs())
		}
		if !slices.Equal(when, []time.Duration{0, 17 * time.Second, 20 * time.Second}) {
			t.Errorf("received after %v", when)
		}
	})
}

func TestScriptTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var gate couranttest.Gate
		time.AfterFunc(time.Hour, gate.Open)
		data, when, _ := receive(t, couranttest.Script{{Send: couranttest.Steps{
			couranttest.Bytes("data: 1\r"), couranttest.Pause(time.Second), couranttest.Bytes("\ndata: 2\n\n"),
			couranttest.Drip{Bytes: "data: 3\n\n", Every: time.Second},
			&gate, couranttest.Bytes("data: 4\n\n"), &gate, couranttest.Bytes("data: 5\n\n"),
		}}})
		if !slices.Equal(data, []string{"1\n2", "3", "4", "5"}) ||
			!slices.Equal(when, []time.Duration{time.Second, 10 * time.Second, time.Hour, time.Hour}) {
			t.Errorf("received %q after %v", data, when)
		}
	})
}

// Whatever an answer waits for, it does not outlive its client.
func TestScriptEndsWithItsClient(t *testing.T) {
	var gate couranttest.Gate
	for name, a := range map[string]couranttest.Answer{
		"stay": {End: couranttest.Stay}, "mute": {End: couranttest.Mute}, "delay": {Delay: time.Hour},
		"pause": {Send: couranttest.Pause(time.Hour)}, "gate": {Send: &gate},
		"drip": {Send: couranttest.Drip{Bytes: "\n\n\n", Every: time.Hour}},
	} {
		everyServer(t, couranttest.Script{a}.Handler, func(t *testing.T, s *couranttest.Server) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			client := *s.Client()
			client.Timeout = 20 * time.Millisecond
			resp, err := client.Do(req)
			if err == nil {
				_, err = io.ReadAll(resp.Body)
				_ = resp.Body.Close()
			}
			if err == nil {
				t.Errorf("%s: the answer is complete", name)
			}
		})
	}
}

// Any server plays a script; a reset is one there as well.
func TestScriptResetsOverTCP(t *testing.T) {
	server := httptest.NewServer(couranttest.Script{
		{Send: couranttest.Bytes("id: 1\ndata: a\n\n"), End: couranttest.Reset},
		{Send: couranttest.Event{Data: []byte("b"), Type: "not\nencodable"}},
		{Status: http.StatusNotFound, Header: http.Header{"content-type": {"text/html"}}, Send: couranttest.Bytes("<h1>")},
	}.Handler())
	defer server.Close()
	var got []string
	for range 4 {
		resp, err := server.Client().Get(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = io.ErrUnexpectedEOF
		} else if err != nil {
			err = errors.New("reset")
		}
		got = append(got, strings.TrimSpace(resp.Header.Get("Content-Type")+" "+string(body)+" "+errorText(err)))
		resp.Body.Close()
	}
	want := []string{
		"text/event-stream id: 1\ndata: a\n\n reset", "text/event-stream  unexpected EOF", "text/html <h1>", "",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
