package courant_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/courant-dev/courant"
)

// handle serves a method without payload and result on the routes.
func handle(mux *http.ServeMux, name string, routes ...string) {
	m := &courant.UnaryMethod[courant.None, string]{Name: "all." + name}
	m.HTTP.Request.Body = courant.Nothing()
	for _, route := range routes {
		verb, path, _ := strings.Cut(route, " ")
		m.HTTP.Routes = append(m.HTTP.Routes, courant.Route{Verb: verb, Path: path})
	}
	courant.HandleUnary(mux, m, func(context.Context, courant.None) (string, error) { return name, nil })
}

func TestTrailingSlash(t *testing.T) {
	mux := http.NewServeMux()
	handle(mux, "list", "GET /notes")
	handle(mux, "add", "POST /notes/")
	handle(mux, "show", "GET /notes/{id}", "GET /old/{id}/")
	handle(mux, "show2", "DELETE /notes/{number}")
	handle(mux, "root", "GET /")
	handle(mux, "tree", "GET /files/{*path}")
	handle(mux, "both", "GET /both")
	handle(mux, "both slash", "GET /both/")
	mux.HandleFunc("/app/", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("app")) })
	tests := []struct {
		request  string
		status   int
		location string // or the body
	}{
		{"GET /notes", 200, `"list"`},
		{"GET /notes/?a=b", 308, "../notes?a=b"},
		{"POST /notes/", 200, `"add"`},
		{"POST /notes", 308, "./notes/"},
		{"PUT /notes", 405, ""},
		{"PUT /notes/", 405, ""},
		{"GET /notes/7", 200, `"show"`},
		{"GET /notes/7/", 308, "../7"},
		{"GET /notes/a%2Fb:c/", 308, "../a%2Fb:c"},
		{"DELETE /notes/7/", 308, "../7"},
		{"GET /old/7", 308, "./7/"},
		{"GET /old/7/", 200, `"show"`},
		{"GET /", 200, `"root"`},
		{"GET /files/a/b/", 200, `"tree"`},
		{"PUT /files", 405, ""},
		{"GET /both", 200, `"both"`},
		{"GET /both/", 200, `"both slash"`},
		{"GET /app/x", 200, "app"},
		{"GET /nothing", 404, ""},
	}
	for _, tt := range tests {
		verb, target, _ := strings.Cut(tt.request, " ")
		w := do(courant.RedirectSlashes(mux), verb, target, "")
		got := w.Header().Get("Location")
		if w.Code == 200 {
			got = w.Body.String()
		}
		if w.Code != tt.status || got != tt.location {
			t.Errorf("%s: %d %q, want %d %q", tt.request, w.Code, got, tt.status, tt.location)
		}
	}
}

// TestRedirectsGiveWay: what somebody registers is never refused because of a
// redirect, in whatever order.
func TestRedirectsGiveWay(t *testing.T) {
	patterns := []func(*http.ServeMux){
		func(mux *http.ServeMux) { handle(mux, "a", "GET /notes/{id}") },
		func(mux *http.ServeMux) { handle(mux, "b", "POST /notes/{number}/") },
		func(mux *http.ServeMux) { mux.HandleFunc("GET /notes/", http.NotFound) },
		func(mux *http.ServeMux) { handle(mux, "d", "GET /plain") },
		func(mux *http.ServeMux) { handle(mux, "e", "POST /plain", "GET /plain/") },
		func(mux *http.ServeMux) { mux.HandleFunc("/plain/", http.NotFound) },
		func(mux *http.ServeMux) { mux.HandleFunc("/static/", http.NotFound) },
		func(mux *http.ServeMux) { handle(mux, "f", "GET /{slug}") },
		func(mux *http.ServeMux) { mux.HandleFunc("/plain/{$}", http.NotFound) },
		func(mux *http.ServeMux) { mux.HandleFunc("/", http.NotFound) },
		func(mux *http.ServeMux) { mux.HandleFunc("GET /notes/static/{$}", http.NotFound) },
		func(mux *http.ServeMux) { mux.HandleFunc("GET /notes/static/{rest...}", http.NotFound) },
	}
	for i := range patterns {
		mux := http.NewServeMux()
		for j := range patterns {
			patterns[(i+j)%len(patterns)](mux)
		}
	}
}

func TestRouteIsTaken(t *testing.T) {
	mux := http.NewServeMux()
	handle(mux, "a", "GET /notes/{id}")
	defer func() {
		if recover() == nil {
			t.Error("two methods with one route did not panic")
		}
	}()
	handle(mux, "b", "GET /notes/{name}")
}

func TestDescriptorThatDoesNotFit(t *testing.T) {
	defer func() {
		if v, _ := recover().(string); !strings.Contains(v, "rooms.watch") || !strings.Contains(v, "nowhere") {
			t.Errorf("panic %q", v)
		}
	}()
	m := watch()
	m.HTTP.Events.ID = "nowhere"
	watching(m, nil)
}

func TestForMethod(t *testing.T) {
	h := func(opts ...courant.ServerOption) int {
		return do(editing(func(context.Context, *editPayload) (*note, error) { return &note{}, nil }, opts...),
			"PUT", "/notes/7?depth=1", `{"title":"abc"}`, "Content-Type", jsonType).Code
	}
	small := courant.WithMaxBody(1)
	if got := h(courant.ForMethod("edit", small), courant.WithMaxBody(100)); got != 413 {
		t.Errorf("by its name: %d", got)
	}
	if got := h(courant.ForMethod("notes.edit", small)); got != 413 {
		t.Errorf("by its full name: %d", got)
	}
	if got := h(courant.ForMethod("add", small), courant.ForMethod("files.edit", small)); got != 201 {
		t.Errorf("of another method: %d", got)
	}
	courant.CheckServerOptions([]courant.ServerOption{courant.ForMethod("edit"), courant.ForMethod("notes.add"),
		courant.ForMethod("files.nope"), small}, "notes.edit", "notes.add")
	defer func() {
		if v, _ := recover().(string); !strings.Contains(v, `"nope"`) {
			t.Errorf("panic %q", v)
		}
	}()
	courant.CheckServerOptions([]courant.ServerOption{courant.ForMethod("nope")}, "notes.edit", "notes.add")
}

func TestFiles(t *testing.T) {
	files := courant.WithFiles(fstest.MapFS{
		"static/a.txt":           {Data: []byte("A")},
		"static/index.html":      {Data: []byte("home")},
		"static/sub/b c.txt":     {Data: []byte("B")},
		"static/docs/index.html": {Data: []byte("docs")},
		"secret":                 {Data: []byte("S")},
	})
	mux := http.NewServeMux()
	courant.HandleFiles(mux, "/page/{*path}", "static", files)
	courant.HandleFiles(mux, "/robots.txt", "./static/a.txt", files)
	tests := []struct {
		target string
		status int
		want   string // the body or the location
	}{
		{"/page/a.txt", 200, "A"},
		{"/page/sub/b%20c.txt", 200, "B"},
		{"/page/", 200, "home"},
		{"/page", 308, "./page/"},
		{"/page/docs", 308, "./docs/"},
		{"/page/docs/", 200, "docs"},
		{"/page/sub/", 404, ""},
		{"/page/..%2Fsecret", 404, ""},
		{"/page/%2E%2E%2Fsecret", 404, ""},
		{"/page/a.txt%00", 404, ""},
		{"/page/none", 404, ""},
		{"/robots.txt", 200, "A"},
		{"/robots.txt/", 308, "../robots.txt"},
	}
	for _, tt := range tests {
		w := do(mux, "GET", tt.target, "")
		got := w.Header().Get("Location")
		if w.Code == 200 {
			got = w.Body.String()
		}
		if w.Code != tt.status || got != tt.want {
			t.Errorf("%s: %d %q, want %d %q", tt.target, w.Code, got, tt.status, tt.want)
		}
	}
}

func TestCORS(t *testing.T) {
	mux := watching(watch(), func(context.Context, *watchPayload, serverStream) error { return nil },
		courant.WithCORS("https://example.com"), courant.WithLogger(slog.New(slog.DiscardHandler)))
	w := do(mux, "OPTIONS", "/rooms/7/events", "", "Origin", "https://example.com",
		"Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "last-event-id, x-tenant")
	h := w.Header()
	if w.Code != 204 || h.Get("Access-Control-Allow-Origin") != "https://example.com" ||
		h.Get("Access-Control-Allow-Methods") != "GET" || !strings.Contains(h.Get("Access-Control-Allow-Headers"), "Last-Event-ID") ||
		!strings.Contains(h.Get("Access-Control-Allow-Headers"), "x-tenant") {
		t.Errorf("preflight: %d %v", w.Code, h)
	}
	w = do(mux, "GET", "/rooms/7/events", "", "Origin", "https://example.com")
	if w.Code != 200 || w.Header().Get("Access-Control-Allow-Origin") != "https://example.com" || w.Header().Get("Vary") != "Origin" {
		t.Errorf("request: %d %v", w.Code, w.Header())
	}
	w = do(mux, "OPTIONS", "/rooms/7/events", "", "Origin", "https://evil.example", "Access-Control-Request-Method", "GET")
	if w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("another origin: %v", w.Header())
	}
	edit := editing(func(context.Context, *editPayload) (*note, error) { return &note{}, nil }, courant.WithCORS("https://example.com"))
	w = do(edit, "PUT", "/notes/7?depth=1", `{"title":"abc"}`, "Content-Type", jsonType, "Origin", "https://example.com")
	if got := w.Header().Get("Access-Control-Expose-Headers"); got != "*, Retry-After, ETag" {
		t.Errorf("a page may read %q", got)
	}
}

// TestCORSOfOneMethod does not let pages call another one on the same path.
func TestCORSOfOneMethod(t *testing.T) {
	mux := http.NewServeMux()
	for _, verb := range []string{"GET", "DELETE"} {
		courant.HandleUnary(mux, &courant.UnaryMethod[courant.None, courant.None]{
			Name: "notes." + verb,
			HTTP: courant.UnaryHTTP{Routes: []courant.Route{{Verb: verb, Path: "/notes/"}}},
		}, func(context.Context, courant.None) (courant.None, error) { return courant.None{}, nil },
			courant.ForMethod("GET", courant.WithCORS("https://example.com")))
	}
	for verb, want := range map[string]string{"GET": "https://example.com", "HEAD": "https://example.com", "DELETE": "", "": ""} {
		w := do(mux, "OPTIONS", "/notes/", "", "Origin", "https://example.com", "Access-Control-Request-Method", verb)
		if got := w.Header().Get("Access-Control-Allow-Origin"); w.Code != 204 || got != want {
			t.Errorf("%s: %d, allowed for %q, want %q", verb, w.Code, got, want)
		}
	}
}
