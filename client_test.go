package courant

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func createNote() *UnaryMethod[*note, *note] {
	return &UnaryMethod[*note, *note]{
		Name: "notes.create",
		HTTP: UnaryHTTP{Routes: []Route{{Verb: "POST", Path: "/notes"}}, Response: Response{Status: 201}},
		Errors: []DeclaredError{{
			Name: "busy", Status: 409, Temporary: true, New: func() error { return new(busyError) },
		}},
	}
}

func answers(code int, contentType, body string) answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

func TestCallUnary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent string
		s := newScript(
			func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				sent = r.Method + " " + r.URL.Path + " " + r.Header.Get("Accept") + " " + r.Header.Get("X-Tenant") + " " + string(body)
				answers(201, "application/json", `{"message":"hi","timestamp":1,"new":true}`)(w, r)
			},
			answers(409, "application/problem+json", `{"title":"Conflict","status":409,"detail":"wait","name":"busy","id":"x1"}`),
			answers(502, "text/html", "<h1>gateway"),
			answers(201, "application/json", `{"message":"`+strings.Repeat("x", 1000)+`","timestamp":1}`),
			answers(201, "application/json", `{"message":`),
		)
		c := NewClient("http://memory/api/", WithHTTPClient(serveInMemory(t, s)),
			WithHeader("X-Tenant", "a"), WithMaxEventSize(1000))
		create := func() (*note, error) {
			return CallUnary(t.Context(), c, createNote(), &note{Message: "hello", Timestamp: 7})
		}

		got, err := create()
		if err != nil || got.Message != "hi" {
			t.Errorf("%v, %v", got, err)
		}
		if want := `POST /api/notes application/json a {"message":"hello","timestamp":7}`; sent != want {
			t.Errorf("sent %s\nwant %s", sent, want)
		}

		_, err = create()
		problem, known := errors.AsType[*Error](err)
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
		if n := len(s.lastEventIDs()); n != 5 {
			t.Errorf("%d requests, want 5: no call is repeated", n)
		}
	})
}

func isTooLarge(err error) bool {
	_, ok := errors.AsType[*TooLargeError](err)
	return ok
}

func TestCallUnaryObeysContextAndTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mute := func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // net/http sees the client leave only after it
			<-r.Context().Done()
		}
		httpClient := serveInMemory(t, newScript(mute, mute))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := CallUnary(ctx, NewClient("http://memory", WithHTTPClient(httpClient)), createNote(), &note{})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("context: %v", err)
		}
		httpClient.Timeout = time.Second
		start := time.Now()
		_, err = CallUnary(t.Context(), NewClient("http://memory", WithHTTPClient(httpClient)), createNote(), &note{})
		if err == nil || time.Since(start) != time.Second {
			t.Errorf("timeout: %v after %v", err, time.Since(start))
		}
	})
}
