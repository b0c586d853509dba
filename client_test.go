package courant_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
)

func createPost() *courant.UnaryMethod[*post, *post] {
	return &courant.UnaryMethod[*post, *post]{
		Name: "notes.create",
		HTTP: courant.UnaryHTTP{Routes: []courant.Route{{Verb: "POST", Path: "/notes"}}, Response: courant.Response{Status: 201}},
		Errors: []courant.DeclaredError{{
			Name: "busy", Status: 409, Temporary: true, New: func() error { return new(busyError) },
		}},
	}
}

func says(code int, contentType, body string) answer {
	return answer{Status: code, Header: http.Header{"Content-Type": {contentType}}, Send: couranttest.Bytes(body)}
}

func TestCallUnary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t,
			says(201, "application/json", `{"message":"hi","timestamp":1,"new":true}`),
			says(409, "application/problem+json", `{"title":"Conflict","status":409,"detail":"wait","name":"busy","id":"x1"}`),
			says(502, "text/html", "<h1>gateway"),
			says(201, "application/json", `{"message":"`+strings.Repeat("x", 1000)+`","timestamp":1}`),
			says(201, "application/json", `{"message":`),
		)
		c := courant.NewClient("http://memory/api/", courant.WithHTTPClient(s.Client()),
			courant.WithHeader("X-Tenant", "a"), courant.WithMaxEventSize(1000))
		create := func() (*post, error) {
			return courant.CallUnary(t.Context(), c, createPost(), &post{Message: "hello", Timestamp: 7})
		}

		got, err := create()
		if err != nil || got.Message != "hi" {
			t.Errorf("%v, %v", got, err)
		}
		asked := s.Requests()[0]
		sent := asked.Method + " " + asked.URL.Path + " " + asked.Header.Get("Accept") + " " + asked.Header.Get("X-Tenant") + " " + string(asked.Body)
		if want := `POST /api/notes application/json a {"message":"hello","timestamp":7}`; sent != want {
			t.Errorf("sent %s\nwant %s", sent, want)
		}

		_, err = create()
		problem, known := errors.AsType[*courant.Error](err)
		if !known || problem.Status != 409 || problem.Name != "busy" || problem.ID != "x1" || !problem.Temporary {
			t.Errorf("declared: %v", err)
		}
		if busy, ok := errors.AsType[*busyError](err); !ok || busy.Detail != "wait" {
			t.Errorf("declared: %v", err)
		}
		if _, err = create(); !isStatus(502)(err) {
			t.Errorf("from in between: %v", err)
		}
		if _, err = create(); !isTooLarge(err) {
			t.Errorf("more than the limit: %v", err)
		}
		if _, err = create(); err == nil {
			t.Error("half an answer: no error")
		}
		if n := len(lastEventIDs(s)); n != 5 {
			t.Errorf("%d requests, want 5: no call is repeated", n)
		}
	})
}

func isTooLarge(err error) bool {
	_, ok := errors.AsType[*courant.TooLargeError](err)
	return ok
}

func TestCallUnaryObeysContextAndTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		httpClient := newScript(t, mute(), mute()).Client()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := courant.CallUnary(ctx, courant.NewClient("http://memory", courant.WithHTTPClient(httpClient)), createPost(), &post{})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("context: %v", err)
		}
		httpClient.Timeout = time.Second
		start := time.Now()
		_, err = courant.CallUnary(t.Context(), courant.NewClient("http://memory", courant.WithHTTPClient(httpClient)), createPost(), &post{})
		if err == nil || time.Since(start) != time.Second {
			t.Errorf("timeout: %v after %v", err, time.Since(start))
		}
	})
}
