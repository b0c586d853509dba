package value_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/courant-dev/courant/value"
)

func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range []string{
		`{"message":"a\u00e9\ud83d\ude00","timestamp":-5,"small":1,"count":2,"ratio":1.5e-3,"single":1,"done":true,"at":"2026-03-04T05:06:07Z","data":"//4="}`,
		`{"note":"n","limit":1,"seen":null,"any":{"a":[1,"x",null,true]},"tags":["a","b"],"scores":{"a":1},"by_number":{"-5":"x"},"more":{"x":1}}`,
		`{"parts":[null,{"name":"a","sizes":[1]}],"inner":{"name":"b"},"last":{"last":{}}}`,
		`null`, ` [1, 2`, `{"any":1e999}`, `{"x":"\ud800"}`, `{"small":2147483648}`, `{"at":"2026-02-30T00:00:00Z"}`, "{\"message\":\"\xff\"}", `{"data":"AA\n=="}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var want plain
		wantErr := json.Unmarshal(data, &want)
		var got plain
		err := value.DecodeJSON(data, &got)
		if json.Valid(data) && hasTwins(data) {
			return // encoding/json merges them, and finds names in another case
		}
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: have %v, encoding/json %v", data, err, wantErr)
		}
		if err == nil && !reflect.DeepEqual(got, want) {
			t.Errorf("%q:\nhave %+v\nwant %+v", data, got, want)
		}
	})
}

// hasTwins reports whether a name occurs twice in an object, or in another case
// than plain has it.
func hasTwins(data []byte) bool {
	d := json.NewDecoder(bytes.NewReader(data))
	type level struct {
		object, value bool // value: a value comes next
		names         map[string]bool
	}
	var stack []*level
	for {
		token, err := d.Token()
		if err != nil {
			return false
		}
		var top *level
		if len(stack) > 0 {
			top = stack[len(stack)-1]
		}
		if name, ok := token.(string); ok && top != nil && top.object && !top.value {
			folded := strings.ToLower(strings.NewReplacer("ſ", "s", "K", "k").Replace(name))
			if top.names[folded] || folded != name {
				return true
			}
			top.names[folded] = true
			top.value = true
			continue
		}
		if top != nil {
			top.value = false
		}
		switch token {
		case json.Delim('{'):
			stack = append(stack, &level{object: true, names: map[string]bool{}})
		case json.Delim('['):
			stack = append(stack, &level{})
		case json.Delim('}'), json.Delim(']'):
			stack = stack[:len(stack)-1]
		}
	}
}
