package courant_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant"
)

type filter struct {
	By   string            `json:"by"`
	Tags map[string]string `json:"tags,omitzero"`
}

// travelPayload has an attribute for each way of travelling.
type travelPayload struct {
	Name    string         `json:"name"`
	Days    []int64        `json:"days,omitzero"`
	Rest    string         `json:"rest"`
	Words   []string       `json:"words,omitzero"`
	Filter  *filter        `json:"filter,omitzero"`
	Bytes   []byte         `json:"bytes,omitzero"`
	Any     any            `json:"any,omitzero"`
	On      *bool          `json:"on,omitzero"`
	Ratio   float64        `json:"ratio" default:"0.5"`
	At      time.Time      `json:"at"`
	Wait    *time.Duration `json:"wait,omitzero"`
	Headers []string       `json:"headers,omitzero"`
	After   string         `json:"after,omitzero"`
	Note    *string        `json:"note,omitzero"`
}

func travel() *courant.StreamMethod[*travelPayload, string] {
	in := func(in courant.In, attribute, name string) courant.Param {
		return courant.Param{In: in, Attribute: attribute, Name: name}
	}
	return &courant.StreamMethod[*travelPayload, string]{
		Name: "all.travel",
		HTTP: courant.StreamHTTP{
			Routes: []courant.Route{{Verb: "POST", Path: "/t/{name}/{days}/{*rest}"}},
			Request: courant.Request{
				Params: []courant.Param{
					in(courant.InPath, "name", "name"), in(courant.InPath, "days", "days"), in(courant.InPath, "rest", "rest"),
					in(courant.InQuery, "words", "w"), in(courant.InQuery, "filter", "filter"), in(courant.InQuery, "bytes", "b"),
					in(courant.InQuery, "any", "any"), in(courant.InQuery, "on", "on"), in(courant.InQuery, "ratio", "ratio"),
					in(courant.InHeader, "at", "X-At"), in(courant.InHeader, "wait", "x-wait"), in(courant.InHeader, "headers", "X-List"),
				},
				Body:        courant.Bare("note"),
				LastEventID: "after",
			},
			Events: courant.Events{Data: courant.BareValue()},
		},
	}
}

func TestRequestTravels(t *testing.T) {
	on, wait, note := false, 90*time.Second, "päyload"
	full := &travelPayload{
		Name: "a/b ü?&#%41", Days: []int64{1, -2}, Rest: "x/y z/", Words: []string{"", "a,b", "&="},
		Filter: &filter{By: "me", Tags: map[string]string{"k": "<v>"}}, Bytes: []byte{0, 255}, Any: []any{1.0, "x"},
		On: &on, Ratio: 0.25, At: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), Wait: &wait,
		Headers: []string{"one", "two, three"}, After: "…7", Note: &note,
	}
	bare := &travelPayload{Name: "n", Days: []int64{1}, At: time.Unix(0, 0).UTC(), Ratio: 0.5}
	var got *travelPayload
	var request *http.Request
	mux := http.NewServeMux()
	courant.HandleStream(mux, travel(), func(_ context.Context, p *travelPayload, _ *courant.ServerStream[string]) error {
		got = p
		return nil
	})
	server := httptest.NewServer(http.StripPrefix("/base", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request = r
		mux.ServeHTTP(w, r)
	})))
	defer server.Close()
	c := courant.NewClient(server.URL + "/base?token=1")
	for _, want := range []*travelPayload{full, bare} {
		got = nil
		stream, err := courant.CallStream(t.Context(), c, travel(), want)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := stream.Recv(); err != io.EOF {
			t.Errorf("Recv: %v", err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v\nwant %+v", got, want)
		}
		if request.URL.Query().Get("token") != "1" {
			t.Errorf("the query of the base URL is lost: %s", request.URL.RawQuery)
		}
	}
	if want := "/t/n/1/"; request.URL.EscapedPath() != want {
		t.Errorf("path %s, want %s", request.URL.EscapedPath(), want)
	}
	if _, ok := request.Header["Last-Event-Id"]; ok || request.ContentLength != 4 {
		t.Errorf("the absent are sent: %v, %d bytes", request.Header, request.ContentLength)
	}
}

func TestRequestThatCannotTravel(t *testing.T) {
	good := travelPayload{Name: "n", Days: []int64{1}}
	tests := []struct {
		name   string
		change func(*travelPayload)
		want   string
	}{
		{"an empty segment", func(p *travelPayload) { p.Name = "" }, "name"},
		{"a segment that goes up", func(p *travelPayload) { p.Name = ".." }, "name"},
		{"a rest that goes up", func(p *travelPayload) { p.Rest = "a/../b" }, "rest"},
		{"a rest that is absolute", func(p *travelPayload) { p.Rest = "/a" }, "rest"},
		{"an array without elements in the path", func(p *travelPayload) { p.Days = nil }, "days"},
		{"a line break in a header", func(p *travelPayload) { p.Headers = []string{"a\r\nb"} }, "headers"},
		{"a space before the last event ID", func(p *travelPayload) { p.After = " 7" }, "after"},
		{"a line break in the last event ID", func(p *travelPayload) { p.After = "a\nb" }, "after"},
	}
	c := courant.NewClient("http://127.0.0.1:1")
	for _, tt := range tests {
		p := good
		tt.change(&p)
		_, err := courant.CallStream(t.Context(), c, travel(), &p)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "travel") {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestUnaryBothWays(t *testing.T) {
	var fails error
	server := httptest.NewServer(editing(func(_ context.Context, p *editPayload) (*note, error) {
		return &note{ID: p.ID, Title: p.Title, ETag: `"1"`}, fails
	}))
	defer server.Close()
	c := courant.NewClient(server.URL)
	call := func(title string) (*note, error) {
		return courant.CallUnary(t.Context(), c, edit(), &editPayload{ID: "7", Title: title, Limit: 10})
	}
	if got, err := call("abc"); err != nil || *got != (note{"7", "abc", `"1"`}) {
		t.Errorf("%+v, %v", got, err)
	}
	_, err := call("a")
	if invalid, ok := errors.AsType[*courant.Error](err); !ok || invalid.Status != 400 || invalid.Name != "validation" ||
		len(invalid.Faults) != 1 || invalid.Faults[0].Attribute != "title" {
		t.Errorf("invalid: %v", err)
	}
	fails = &missingError{Detail: "gone", Room: "7"}
	_, err = call("abc")
	missing, ok := errors.AsType[*missingError](err)
	if known, _ := errors.AsType[*courant.Error](err); !ok || *missing != (missingError{"gone", "7"}) || known.Status != 404 || known.ID == "" {
		t.Errorf("declared: %v", err)
	}
}
