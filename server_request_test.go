package courant_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/courant-dev/courant"
)

func editing(f func(context.Context, *editPayload) (*note, error), opts ...courant.ServerOption) *http.ServeMux {
	mux := http.NewServeMux()
	courant.HandleUnary(mux, edit(), f, append([]courant.ServerOption{courant.WithLogger(slog.New(slog.DiscardHandler))}, opts...)...)
	return mux
}

func do(h http.Handler, verb, target, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(verb, target, strings.NewReader(body))
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const jsonType = "application/json"

func TestRequestIsDecoded(t *testing.T) {
	tenant := "a/b"
	tests := []struct {
		name, target, body string
		header             []string
		want               editPayload
	}{
		{"everything", "/notes/a%2Fb?limit=5&day=1&day=2&depth=-3", `{"title":"abc","tags":["x","y"],"unknown":1}`,
			[]string{"Content-Type", "application/json; charset=UTF-8", "X-Tenant", "a/b"},
			editPayload{ID: "a/b", Title: "abc", Tags: []string{"x", "y"}, Limit: 5, Days: []int64{1, 2}, Tenant: &tenant, Depth: -3}},
		{"what is optional is absent", "/notes/7?depth=0", `{"title":"abc"}`,
			[]string{"Content-Type", "application/vnd.note+json"},
			editPayload{ID: "7", Title: "abc", Limit: 10}},
		{"null is absence", "/notes/7?depth=0", `{"title":"abc","tags":null}`,
			[]string{"Content-Type", jsonType},
			editPayload{ID: "7", Title: "abc", Limit: 10}},
		{"the path is not the body's", "/notes/7?depth=0", `{"title":"abc","id":"8","limit":99}`,
			[]string{"Content-Type", jsonType},
			editPayload{ID: "7", Title: "abc", Limit: 10}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got *editPayload
			w := do(editing(func(_ context.Context, p *editPayload) (*note, error) {
				got = p
				return &note{ID: p.ID, Title: "<b>", ETag: `"1"`}, nil
			}), "PUT", tt.target, tt.body, tt.header...)
			if w.Code != 201 || got == nil || !reflect.DeepEqual(*got, tt.want) {
				t.Fatalf("%d %s\n%+v\nwant %+v", w.Code, w.Body, got, tt.want)
			}
			if w.Header().Get("ETag") != `"1"` || w.Header().Get("Content-Type") != jsonType {
				t.Errorf("header %v", w.Header())
			}
			id, _ := json.Marshal(tt.want.ID)
			if want := `{"id":` + string(id) + `,"title":"<b>"}`; w.Body.String() != want {
				t.Errorf("body %s, want %s", w.Body, want)
			}
		})
	}
}

func TestRequestFaults(t *testing.T) {
	const target = "/notes/7?depth=1"
	tests := []struct {
		name, target, body string
		header             []string
		status             int
		faults             []string // attribute and rule
	}{
		{"a type in the query", "/notes/7?depth=deep", `{"title":"abc"}`, nil, 400, []string{"depth Type"}},
		{"a required parameter is absent", "/notes/7", `{"title":"abc"}`, nil, 400, []string{"depth Required"}},
		{"a scalar twice", "/notes/7?depth=1&depth=2", `{"title":"abc"}`, nil, 400, []string{"depth Type"}},
		{"an element of an array", target + "&day=1&day=x", `{"title":"abc"}`, nil, 400, []string{"days[1] Type"}},
		{"a query that is none", target + "&a=%zz", `{"title":"abc"}`, nil, 400, []string{" Type"}},
		{"no UTF-8 in the path", "/notes/%FF?depth=1", `{"title":"abc"}`, nil, 400, []string{"id Type"}},
		{"no UTF-8 in a header", target, `{"title":"abc"}`, []string{"Content-Type", jsonType, "X-Tenant", "\xe4"}, 400, []string{"tenant Type"}},
		{"a required attribute is absent", target, `{}`, nil, 400, []string{"title Required"}},
		{"a required attribute is null", target, `{"title":null}`, nil, 400, []string{"title Required"}},
		{"a type in the body", target, `{"title":1}`, nil, 400, []string{"title Type"}},
		{"a rule", target + "&limit=101", `{"title":"ab"}`, nil, 400, []string{"title MinLength", "limit Maximum"}},
		{"everything at once", "/notes/7?limit=101&day=x", `{}`, nil, 400,
			[]string{"title Required", "days[0] Type", "depth Required", "limit Maximum"}},
		{"no body", target, ``, nil, 400, []string{"title Required"}},
		{"no JSON", target, `{"title"`, nil, 400, []string{" Type"}},
		{"no object", target, `[]`, nil, 400, []string{" Type"}},
		{"something after the body", target, `{"title":"abc"} x`, nil, 400, []string{" Type"}},
		{"two bodies", target, `{"title":"abc"}{"title":"abc"}`, nil, 400, []string{" Type"}},
		{"another content type", target, `{"title":"abc"}`, []string{"Content-Type", "text/plain"}, 415, nil},
		{"no content type", target, `{"title":"abc"}`, []string{}, 415, nil},
		{"another charset", target, `{"title":"abc"}`, []string{"Content-Type", "application/json; charset=latin1"}, 415, nil},
		{"an encoded body", target, `{"title":"abc"}`, []string{"Content-Type", jsonType, "Content-Encoding", "gzip"}, 415, nil},
		{"a body that is too large", target, `{"title":"` + strings.Repeat("x", 1<<20) + `"}`, nil, 413, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			mux := editing(func(context.Context, *editPayload) (*note, error) {
				t.Error("the method was called")
				return nil, nil
			})
			header := tt.header
			if header == nil {
				header = []string{"Content-Type", jsonType}
			}
			w := do(mux, "PUT", tt.target, tt.body, header...)
			var problem struct {
				Type, Name, Detail, ID string
				Status                 int
				Errors                 []courant.Fault
			}
			if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil {
				t.Fatal(err)
			}
			var faults []string
			for _, f := range problem.Errors {
				faults = append(faults, f.Attribute+" "+f.Rule)
				if !strings.Contains(problem.Detail, f.Message) {
					t.Errorf("detail %q does not have %q", problem.Detail, f.Message)
				}
			}
			if w.Code != tt.status || problem.Status != tt.status || !slices.Equal(faults, tt.faults) || problem.ID == "" {
				t.Errorf("%d %s\nwant %d %q", w.Code, w.Body, tt.status, tt.faults)
			}
			if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("content type %s", got)
			}
		})
	}
}

// TestBodyThatMayBeAbsent: null is absence, as it is for an attribute.
func TestBodyThatMayBeAbsent(t *testing.T) {
	mux := http.NewServeMux()
	courant.HandleUnary(mux, &courant.UnaryMethod[*event, courant.None]{
		Name: "events.publish",
		HTTP: courant.UnaryHTTP{
			Routes:  []courant.Route{{Verb: "POST", Path: "/"}},
			Request: courant.Request{Body: courant.Members("kind", "retry")},
		},
	}, func(_ context.Context, e *event) (courant.None, error) {
		if *e != (event{}) {
			t.Errorf("got %+v", e)
		}
		return courant.None{}, nil
	})
	for body, want := range map[string]int{"": 204, "{}": 204, "null": 204, "nul": 400, "[]": 400} {
		if w := do(mux, "POST", "/", body, "Content-Type", jsonType); w.Code != want {
			t.Errorf("%q: %d %s", body, w.Code, w.Body)
		}
	}
}

func TestWithMaxBody(t *testing.T) {
	mux := editing(func(context.Context, *editPayload) (*note, error) { return &note{}, nil }, courant.WithMaxBody(15))
	if w := do(mux, "PUT", "/notes/7?depth=1", `{"title":"abc"}`, "Content-Type", jsonType); w.Code != 201 {
		t.Errorf("15 bytes: %d %s", w.Code, w.Body)
	}
	if w := do(mux, "PUT", "/notes/7?depth=1", `{"title":"abcd"}`, "Content-Type", jsonType); w.Code != 413 {
		t.Errorf("16 bytes: %d %s", w.Code, w.Body)
	}
}

// TestNoLimit: the largest number is as good as no limit.
func TestNoLimit(t *testing.T) {
	server := serve(t, editing(func(_ context.Context, p *editPayload) (*note, error) {
		return &note{Title: p.Title}, nil
	}, courant.WithMaxBody(math.MaxInt64)))
	c := courant.NewClient(server.URL, courant.WithHTTPClient(server.Client()), courant.WithMaxEventSize(math.MaxInt))
	if got, err := courant.CallUnary(t.Context(), c, edit(), &editPayload{ID: "7", Title: "abc"}); err != nil || got.Title != "abc" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestLastEventID(t *testing.T) {
	tests := []struct {
		name, target string
		header       []string
		want         string
	}{
		{"none", "", nil, ""},
		{"the header", "", []string{"Last-Event-ID", "5"}, "5"},
		{"raw UTF-8", "", []string{"Last-Event-ID", "…ü"}, "…ü"},
		{"the query", "?last_event_id=a%20b", nil, "a b"},
		{"an empty header is none", "?last_event_id=4", []string{"Last-Event-ID", ""}, "4"},
		{"no UTF-8", "", []string{"Last-Event-ID", "\xff7"}, "\uFFFD7"},
		{"no UTF-8 in the query", "?last_event_id=%FF7", nil, "\uFFFD7"},
		{"the header wins", "?last_event_id=4", []string{"Last-Event-ID", "5"}, "5"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := "not called"
			mux := watching(watch(), func(_ context.Context, p *watchPayload, _ serverStream) error {
				got = p.StartID
				return nil
			})
			if w := do(mux, "GET", "/rooms/7/events"+tt.target, "", tt.header...); w.Code != 200 || got != tt.want {
				t.Errorf("%d %q, want %q", w.Code, got, tt.want)
			}
		})
	}
}

type resumePayload struct {
	After string `json:"after"`
}

func TestRequiredLastEventID(t *testing.T) {
	mux := http.NewServeMux()
	courant.HandleStream(mux, &courant.StreamMethod[*resumePayload, string]{
		Name: "log.resume",
		HTTP: courant.StreamHTTP{
			Routes:  []courant.Route{{Verb: "GET", Path: "/log"}},
			Request: courant.Request{Body: courant.Nothing(), LastEventID: "after"},
			Events:  courant.Events{Data: courant.BareValue()},
		},
	}, func(_ context.Context, p *resumePayload, s *courant.ServerStream[string]) error {
		return s.Send("after " + p.After)
	})
	if w := do(mux, "GET", "/log", ""); w.Code != 400 || !strings.Contains(w.Body.String(), `"attribute":"after","rule":"Required"`) {
		t.Errorf("absent: %d %s", w.Code, w.Body)
	}
	if w := do(mux, "GET", "/log?last_event_id=", "", "Last-Event-ID", ""); w.Code != 400 {
		t.Errorf("empty: %d %s", w.Code, w.Body)
	}
	if w := do(mux, "GET", "/log?last_event_id=3", ""); w.Code != 200 || w.Body.String() != "data: after 3\n\n"+end {
		t.Errorf("given: %d %s", w.Code, w.Body)
	}
}

func TestValidateOfAnUnnamedPayload(t *testing.T) {
	mux := http.NewServeMux()
	courant.HandleUnary(mux, &courant.UnaryMethod[[]string, courant.None]{
		Name: "tags.set",
		HTTP: courant.UnaryHTTP{Routes: []courant.Route{{Verb: "PUT", Path: "/tags"}}},
		Validate: func(tags []string) error {
			if len(tags) > 1 {
				return courant.NewError(422, "too_many", "one tag is enough")
			}
			return nil
		},
	}, func(context.Context, []string) (courant.None, error) { return courant.None{}, nil })
	if w := do(mux, "PUT", "/tags", `["a"]`, "Content-Type", jsonType); w.Code != 204 || w.Body.Len() != 0 {
		t.Errorf("one: %d %s", w.Code, w.Body)
	}
	if w := do(mux, "PUT", "/tags", `["a","b"]`, "Content-Type", jsonType); w.Code != 400 || !strings.Contains(w.Body.String(), "one tag is enough") {
		t.Errorf("two: %d %s", w.Code, w.Body)
	}
	if w := do(mux, "PUT", "/tags", ``); w.Code != 400 {
		t.Errorf("none: %d %s", w.Code, w.Body)
	}
}
