package courant_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/courant-dev/courant"
)

type listPayload struct {
	Days    []int64  `json:"days"`
	Tags    []string `json:"tags"`
	Words   []string `json:"words,omitzero"`
	Numbers []int64  `json:"numbers" default:"[1,2]"`
}

func lists() *courant.UnaryMethod[*listPayload, courant.None] {
	return &courant.UnaryMethod[*listPayload, courant.None]{
		Name: "lists.send",
		HTTP: courant.UnaryHTTP{
			Routes: []courant.Route{{Verb: "GET", Path: "/lists"}},
			Request: courant.Request{
				Params: []courant.Param{
					{In: courant.InQuery, Attribute: "days", Name: "day"},
					{In: courant.InHeader, Attribute: "tags", Name: "X-Tag"},
					{In: courant.InQuery, Attribute: "words", Name: "word"},
					{In: courant.InQuery, Attribute: "numbers", Name: "number"},
				},
				Body: courant.Nothing(),
			},
		},
	}
}

// TestListsOutsideOfABody: a list without elements is a valid value of a
// required attribute, and is sent as nothing.
func TestListsOutsideOfABody(t *testing.T) {
	var got *listPayload
	mux := http.NewServeMux()
	courant.HandleUnary(mux, lists(), func(_ context.Context, p *listPayload) (courant.None, error) {
		got = p
		return courant.None{}, nil
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	c := courant.NewClient(server.URL)
	tests := []struct{ sent, want listPayload }{
		{listPayload{}, listPayload{Days: []int64{}, Tags: []string{}, Numbers: []int64{1, 2}}},
		{listPayload{Days: []int64{}, Tags: []string{}, Words: []string{}, Numbers: []int64{3}},
			listPayload{Days: []int64{}, Tags: []string{}, Numbers: []int64{3}}},
		{listPayload{Days: []int64{0}, Tags: []string{"", "b"}, Words: []string{""}, Numbers: []int64{0}},
			listPayload{Days: []int64{0}, Tags: []string{"", "b"}, Words: []string{""}, Numbers: []int64{0}}},
	}
	for _, tt := range tests {
		if _, err := courant.CallUnary(t.Context(), c, lists(), &tt.sent); err != nil || !reflect.DeepEqual(*got, tt.want) {
			t.Errorf("sent %#v\ngot %#v, %v", tt.sent, got, err)
		}
	}
	_, err := courant.CallUnary(t.Context(), c, lists(), &listPayload{Numbers: []int64{}})
	if err == nil || !strings.Contains(err.Error(), "numbers: an array without elements cannot travel") {
		t.Errorf("an empty list in place of a default: %v", err)
	}
}
