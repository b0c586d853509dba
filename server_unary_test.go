package courant_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/courant-dev/courant"
)

func TestUnaryErrors(t *testing.T) {
	tests := []struct {
		name   string
		method func() (*note, error)
		status int
		body   string // a regular expression
		logged string // empty: nothing
	}{
		{"declared", func() (*note, error) { return nil, &missingError{Detail: "gone", Room: "<7>"} },
			404, `{"type":"about:blank","title":"Not Found","status":404,"detail":"gone","name":"missing","id":"[A-Z2-7]{26}","room":"<7>"}`, ""},
		{"declared and wrapped", func() (*note, error) { return nil, fmt.Errorf("secret: %w", &missingError{Room: "7"}) },
			404, `{.*"detail":"no room 7".*}`, ""},
		{"an Error", func() (*note, error) {
			return nil, &courant.Error{Type: "https://example.com/busy", Title: "Busy", Status: 503, Name: "busy", Temporary: true, RetryAfter: 1500e6,
				Attributes: map[string]json.RawMessage{"who": []byte(`"me"`), "status": []byte("1"), "bad": []byte("{")}}
		}, 503, `{"type":"https://example.com/busy","title":"Busy","status":503,"name":"busy","id":"[A-Z2-7]{26}","temporary":true,"retry_ms":1500,"who":"me"}`, ""},
		{"an Error with an impossible status", func() (*note, error) { return nil, courant.NewError(200, "odd", "fine") },
			500, `{.*"status":500,"detail":"fine","name":"odd".*}`, ""},
		{"not there", func() (*note, error) { return nil, courant.Unimplemented("notes.edit") },
			501, `{.*"detail":"notes.edit is not implemented","name":"unimplemented".*}`, ""},
		{"unknown", func() (*note, error) { return nil, errors.New("disk on fire") },
			500, `{.*"detail":"internal error","name":"internal","id":"(.*)"}`, "disk on fire"},
		{"a nil pointer to an Error", func() (*note, error) { return nil, (*courant.Error)(nil) },
			500, `{.*"detail":"internal error","name":"internal","id":"(.*)"}`, "nil"},
		{"neither a result nor an error", func() (*note, error) { return nil, nil },
			500, `{.*"detail":"internal error","name":"internal","id":"(.*)"}`, "the result is nil"},
		{"a panic", func() (*note, error) { panic("aua") },
			500, `{.*"detail":"internal error","name":"internal","id":"(.*)"}`, "panic: aua"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var log lockedBuffer
			w := do(editing(func(context.Context, *editPayload) (*note, error) { return tt.method() }, logging(&log)),
				"PUT", "/notes/7?depth=1", `{"title":"abc"}`, "Content-Type", jsonType)
			match := regexp.MustCompile("^(?:" + tt.body + ")\n$").FindStringSubmatch(w.Body.String())
			if w.Code != tt.status || match == nil {
				t.Fatalf("%d %s\nwant %d %s", w.Code, w.Body, tt.status, tt.body)
			}
			if w.Header().Get("Cache-Control") != "no-store" || (w.Header().Get("Retry-After") == "2") != (tt.status == 503) {
				t.Errorf("header %v", w.Header())
			}
			text := log.String()
			if (tt.logged == "") != (text == "") || !strings.Contains(text, tt.logged) {
				t.Errorf("logged %q, want %q", text, tt.logged)
			}
			if len(match) > 1 && !strings.Contains(text, match[1]) {
				t.Errorf("the log %q does not have the ID %q", text, match[1])
			}
		})
	}
}

func TestUnaryAbort(t *testing.T) {
	defer func() {
		if v := recover(); v != http.ErrAbortHandler {
			t.Errorf("recovered %v", v)
		}
	}()
	do(editing(func(context.Context, *editPayload) (*note, error) { panic(http.ErrAbortHandler) }),
		"PUT", "/notes/7?depth=1", `{"title":"abc"}`, "Content-Type", jsonType)
}

func TestHeadHasNoBody(t *testing.T) {
	calls := 0
	mux := watching(watch(), func(context.Context, *watchPayload, serverStream) error { calls++; return nil })
	courant.HandleUnary(mux, &courant.UnaryMethod[courant.None, string]{
		Name: "notes.motto",
		HTTP: courant.UnaryHTTP{Routes: []courant.Route{{Verb: "GET", Path: "/motto"}}, Request: courant.Request{Body: courant.Nothing()}},
	}, func(context.Context, courant.None) (string, error) { calls++; return "run", nil })
	w := do(mux, "HEAD", "/motto", "")
	if w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("Content-Length") != "5" || calls != 1 {
		t.Errorf("unary: %d %q %v", w.Code, w.Body, w.Header())
	}
	w = do(mux, "HEAD", "/rooms/7/events", "")
	if w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("Content-Type") != "text/event-stream" || calls != 1 {
		t.Errorf("stream: %d %q %v, %d calls", w.Code, w.Body, w.Header(), calls)
	}
}
