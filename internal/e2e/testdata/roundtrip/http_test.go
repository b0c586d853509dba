package trip_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"example.com/trip/http/gen/notes"
	"example.com/trip/http/gen/notes/client"
	"example.com/trip/http/gen/notes/server"
	"github.com/courant-dev/courant"
)

// notebook is a service that answers with what it gets.
type notebook struct{ server.Unimplemented }

func (notebook) Create(_ context.Context, p *notes.CreatePayload) (*notes.CreateResult, error) {
	return &notes.CreateResult{
		Note:     &notes.Note{ID: "7", Title: p.Title, Text: p.Text},
		Location: "/api/notes/7?<ü>",
		Etag:     ref[int64](3),
	}, nil
}

func (notebook) Read(_ context.Context, p *notes.ReadPayload) (*notes.Note, error) {
	switch p.ID {
	case "none":
		return nil, &notes.NotFoundError{Nr: "none"}
	case "conflict":
		return nil, notes.MakeConflict(errors.New("too late"))
	case "busy":
		return nil, notes.MakeBusy(errors.New("later"))
	case "secret":
		return nil, errors.New("the password is 123")
	}
	return &notes.Note{ID: p.ID, Title: p.Lang, Version: p.IfVersion}, nil
}

func (notebook) Replace(_ context.Context, p *notes.ReplacePayload) (*notes.Note, error) {
	return &notes.Note{ID: p.ID, Title: p.Title, Text: p.Text, Tags: p.Tags}, nil
}

func (notebook) Retitle(_ context.Context, p *notes.RetitlePayload) error {
	return unlessEqual(p.ID+p.Title, "7new \"title\"")
}

func (notebook) Remove(_ context.Context, p string) error { return unlessEqual(p, "a/b ü") }

func (notebook) Exists(context.Context, *notes.ExistsPayload) (*notes.ExistsResult, error) {
	return &notes.ExistsResult{Version: 9}, nil
}

func (notebook) Upload(_ context.Context, p *notes.UploadPayload) (int64, error) {
	return int64(len(p.Data)), unlessEqual(p.Path, "a/b c/ü%.txt")
}

func (notebook) Between(_ context.Context, p *notes.BetweenPayload) ([]*notes.Note, error) {
	if !p.From.Equal(at) || len(p.Ids) != 2 || p.Filter["a"][0] != "&=" || p.By.Title != "t" {
		return nil, errors.New("not what was sent")
	}
	return nil, nil
}

func unlessEqual(have, want string) error {
	if have != want {
		return courant.NewError(http.StatusTeapot, "differs", have)
	}
	return nil
}

func serveNotes(t *testing.T) (*client.Client, *wire) {
	files := fstest.MapFS{
		"page/index.html": {Data: []byte("index")},
		"page/a/b.txt":    {Data: []byte("text")},
		"page/about.html": {Data: []byte("about")},
	}
	w := serve(t, server.New(notebook{}, courant.WithFiles(files)))
	return client.NewClient(w.url, courant.WithTransport(w)), w
}

func TestHTTPCalls(t *testing.T) {
	c, w := serveNotes(t)
	ctx := t.Context()
	want := func(status int, answer string, err error) {
		t.Helper()
		if err != nil || w.status != status || strings.TrimSpace(string(w.answer)) != answer {
			t.Errorf("have %d %s, %v, want %d %s", w.status, w.answer, err, status, answer)
		}
	}
	created, err := c.Create(ctx, &notes.CreatePayload{Title: "<t>"})
	want(201, `{"id":"7","title":"<t>"}`, err)
	compare(t, "create", &notes.CreateResult{Note: &notes.Note{ID: "7", Title: "<t>"}, Location: "/api/notes/7?<ü>", Etag: ref[int64](3)}, created)
	_, err = c.Read(ctx, &notes.ReadPayload{ID: "a/b", Lang: "de", IfVersion: ref[int64](0)})
	want(200, `{"id":"a/b","title":"de","version":0}`, err)
	replaced := &notes.ReplacePayload{ID: "i", Title: "t", Text: ref(""), Tags: []string{}, Notify: true}
	note, err := c.Replace(ctx, replaced)
	want(200, `{"id":"i","title":"t","text":"","tags":[]}`, err)
	compare(t, "replace", &notes.Note{ID: "i", Title: "t", Text: ref(""), Tags: []string{}}, note)
	want(202, "", c.Retitle(ctx, &notes.RetitlePayload{ID: "7", Title: "new \"title\""}))
	want(204, "", c.Remove(ctx, "a/b ü"))
	exists, err := c.Exists(ctx, &notes.ExistsPayload{ID: "1"})
	want(200, "", err)
	compare(t, "exists", &notes.ExistsResult{Version: 9}, exists)
	_, err = c.Upload(ctx, &notes.UploadPayload{Path: "a/b c/ü%.txt", Data: []byte{0, 1}})
	want(200, "2", err)
	between := &notes.BetweenPayload{From: at, Ids: []uint32{0, 7}, Filter: map[string][]string{"a": {"&="}}, By: &notes.Note{Title: "t"}}
	_, err = c.Between(ctx, between)
	want(200, "[]", err)
	var e *courant.Error
	if err := c.Touch(ctx); !errors.As(err, &e) || e.Status != 501 {
		t.Errorf("touch: %v, want status 501", err)
	}
}

func TestHTTPErrors(t *testing.T) {
	c, w := serveNotes(t)
	read := func(id string) error {
		_, err := c.Read(t.Context(), &notes.ReadPayload{ID: id})
		return err
	}
	failed[*notes.NotFoundError](t, "read", "not_found", read("none"))
	failed[*notes.ConflictError](t, "read", "conflict", read("conflict"))
	failed[*notes.BusyError](t, "read", "busy", read("busy"))
	for id, status := range map[string]int{"none": 404, "conflict": 409, "busy": 503, "secret": 500} {
		var e *courant.Error
		if err := read(id); !errors.As(err, &e) || e.Status != status || w.status != status || e.ID == "" {
			t.Errorf("%s: %v, want status %d and an ID", id, err, status)
		}
		if e.Temporary != (id == "busy") || strings.Contains(string(w.answer), "password") {
			t.Errorf("%s: %s", id, w.answer)
		}
	}
	_, err := c.Create(t.Context(), &notes.CreatePayload{})
	var e *courant.Error
	if !errors.As(err, &e) || e.Status != 400 || len(e.Faults) != 1 || e.Faults[0].Attribute != "title" {
		t.Errorf("create: %v, want 400 about the title", err)
	}
}

// TestHTTPRoutes proves what a request without a generated client gets.
func TestHTTPRoutes(t *testing.T) {
	_, w := serveNotes(t)
	for request, want := range map[string]string{
		"GET /api/notes/7":                 `200 {"id":"7","title":"en"}`,
		"GET /api/notes/7?l=fr":            `200 {"id":"7","title":"fr"}`,
		"GET /old/7":                       `200 {"id":"7","title":"en"}`,
		"POST /old/7":                      `200 {"id":"7","title":"en"}`,
		"GET /api/notes/by-id/7/":          `200 {"id":"7","title":"en"}`,
		"GET /old/by-id/7":                 `200 {"id":"7","title":"en"}`, // redirected
		"GET /api/notes/a%2Fb?l=%26":       `200 {"id":"a/b","title":"&"}`,
		"DELETE /api/notes/a%2Fb%20%C3%BC": `204 `,
		"GET /page/a/b.txt":                "200 text",
		"GET /page/":                       "200 index",
		"GET /about":                       "200 about",
		"GET /page/none":                   "404",
		"GET /notes/7":                     "404",
		"PATCH /api/notes/":                "405",
		"GET /api/notes/between/now/1":     "400",
		"GET /api/notes/between/2006-01-02T15:04:05Z/1,x": "400",
	} {
		verb, path, _ := strings.Cut(request, " ")
		r, err := http.NewRequestWithContext(t.Context(), verb, w.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		have := strings.TrimSuffix(resp.Status[:4]+string(body), "\n")
		if !strings.HasPrefix(have, want) {
			t.Errorf("%s: have %s, want %s", request, have, want)
		}
	}
}
