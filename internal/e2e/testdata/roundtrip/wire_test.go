package trip_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// wire is a server of a test and the way there. It keeps what travelled last.
type wire struct {
	url     string
	without string // an attribute that is taken out of requests
	request []byte // the body
	answer  []byte // the body, of an answer that is no stream
	status  int
	header  http.Header // of the answer
}

func serve(t *testing.T, h http.Handler) *wire {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return &wire{url: s.URL}
}

// RoundTrip implements [http.RoundTripper].
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if r.Body != nil {
		w.request, _ = io.ReadAll(r.Body)
	}
	if w.without != "" {
		w.takeOut(r)
	}
	r.Body = io.NopCloser(bytes.NewReader(w.request))
	r.ContentLength = int64(len(w.request))
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	w.status, w.header = resp.StatusCode, resp.Header
	if resp.Header.Get("Content-Type") != "text/event-stream" {
		w.answer, _ = io.ReadAll(resp.Body)
		resp.Body = io.NopCloser(bytes.NewReader(w.answer))
	}
	return resp, nil
}

func (w *wire) takeOut(r *http.Request) {
	var members map[string]json.RawMessage
	if json.Unmarshal(w.request, &members) == nil {
		delete(members, w.without)
		w.request, _ = json.Marshal(members)
	}
	query := r.URL.Query()
	query.Del(w.without)
	r.URL.RawQuery = query.Encode()
	for name := range r.Header {
		if strings.HasSuffix(strings.ToLower(name), "-"+w.without) {
			delete(r.Header, name)
		}
	}
}

// hostile are bodies that are nearly what some method wants.
var hostile = []string{
	``, `null`, `{}`, `[]`, `""`, `0`, `true`, `{`, `{"required":`, `{"required":null}`, `{"required":[null]}`,
	`{"required":{"":null}}`, `{"required":{}}`, `{"required":[[null]]}`, `{"required":""}`, `{"required":1e999}`,
	`{"required":-1.5}`, `{"required":{"1":[null]}}`, `{"required":{"x":null,"x":null}}`, `{"required":{"inner":null,"state":null}}`,
	`{"required":{"inner":{"points":[null]},"state":""}}`, `{"required":{"children":[{"children":[null]}],"name":""}}`,
	`[null]`, `{"":null}`, `{"1":[null]}`, `"\ud800"`, "\"\xff\"", `{"required":0}x`, strings.Repeat("[", 20_000),
	strings.Repeat(`{"required":`, 20_000),
}

// distrusts proves that no body makes a method fail: it is taken or refused.
func (w *wire) distrusts(t *testing.T, paths ...string) {
	t.Helper()
	for _, path := range paths {
		for _, body := range hostile {
			resp, err := http.Post(w.url+path, "application/json", strings.NewReader(body))
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			answer, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusBadRequest {
				t.Errorf("%s: %.60s: %s %s", path, body, resp.Status, answer)
			}
		}
	}
}
