package value_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant/value"
)

func TestDecodeJSON(t *testing.T) {
	defaults := task{Limit: 10, Status: "open", Labels: []string{"a", "b"}, Timeout: 30 * time.Second}
	with := func(change func(*task)) *task {
		v := defaults
		change(&v)
		return &v
	}
	for _, c := range []struct {
		name string
		in   string
		want any // a pointer
	}{
		{"absent attributes, which get their defaults", `{}`, &defaults},
		{"null attributes, which are absent ones", `{"limit":null,"labels":null,"title":null,"tags":null}`, &defaults},
		{"null, of which all is absent", `null`, &defaults},
		{"defaults that are overridden by zero values", `{"limit":0,"status":"","labels":[],"timeout":"PT0S"}`, &task{Labels: []string{}}},
		{"defaults in a nested object", `{"sub":{}}`, with(func(v *task) { v.Sub = &defaults })},
		{"names in another case, which are others", `{"Title":"a","TITLE":"b"}`, &defaults},
		{"names with escapes", `{"\u0074itle":"a"}`, with(func(v *task) { v.Title = "a" })},
		{"unknown members", ` { "x" : [ { "a" : [ ] } , -1.5e+3 , "\ud83d\ude00" , true , null ] , "title" : "a" } `, with(func(v *task) { v.Title = "a" })},
		{"a member twice, of which the last one counts", `{"owner":{"name":"a","sizes":[1]},"owner":{"name":"b"}}`, with(func(v *task) { v.Owner = &part{Name: "b"} })},
		{"a member and then null, which is none", `{"limit":5,"limit":null}`, &defaults},
		{"durations", `{"wait":"PT1S","named":"PT2S","pause":"P1D","waits":["PT0.5S"]}`, with(func(v *task) {
			v.Wait, v.Named, v.Pause, v.Waits = time.Second, wait(2*time.Second), new(24*time.Hour), []time.Duration{500 * time.Millisecond}
		})},
		{"a named timestamp", `{"when":"2026-03-04T05:06:07.08Z"}`, with(func(v *task) { v.When = when(moment) })},
		{"collections", `{"tags":["a"],"rows":[[1],[]],"scores":{"-1":18446744073709551615},"blob":"//4=","flags":{"true":"y"}}`, with(func(v *task) {
			v.Tags, v.Rows, v.Scores, v.Blob, v.Flags = tags{"a"}, [][]int64{{1}, {}}, scores{-1: 1<<64 - 1}, blob{0xff, 0xfe}, map[bool]string{true: "y"}
		})},
		{"any", `{"any":{"a":[1,"b",null]}}`, with(func(v *task) { v.Any = map[string]any{"a": []any{1.0, "b", nil}} })},
		{"a recursive type", `{"subs":{"k":{"name":"a","children":[{"name":"b"},null]}}}`, with(func(v *task) {
			v.Subs = map[string]*node{"k": {Name: "a", Children: []*node{{Name: "b"}, nil}}}
		})},
		{"a bare string", `"a\n\ud83d\ude00\ud83dx\u2028\/"`, new("a\n😀\ufffdx\u2028/")},
		{"text that is no UTF-8", "\"a\xffb\"", new("a\ufffdb")},
		{"null into a slice", `null`, new([]string(nil))},
		{"the smallest integer", `-9223372036854775808`, new(int64(-1 << 63))},
		{"an integer that no float holds", `9007199254740993`, new(int64(9007199254740993))},
		{"a float", `-1.25e2`, new(-125.0)},
		{"duration keys", `{"PT1S":1}`, new(map[time.Duration]int64{time.Second: 1})},
		{"timestamp keys", `{"2026-03-04T05:06:07.08Z":1}`, new(map[time.Time]int64{moment: 1})},
		{"named keys", `{"a":1}`, new(map[email]int64{"a": 1})},
		{"raw JSON", `{"a": {"b" :1}}`, new(map[string]json.RawMessage{"a": json.RawMessage(`{"b" :1}`)})},
		{"an empty array", `[ ]`, new([]string{})},
		{"an empty object", `{ }`, new(map[string]int64{})},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := reflect.New(reflect.TypeOf(c.want).Elem())
			data := []byte(c.in)
			if err := value.DecodeJSON(data, got.Interface()); err != nil {
				t.Fatal(err)
			}
			clear(data) // nothing may refer to it
			if !reflect.DeepEqual(got.Interface(), c.want) {
				t.Errorf("have %+v\nwant %+v", got.Elem(), reflect.ValueOf(c.want).Elem())
			}
		})
	}
}

func TestDecodeJSONErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		into any
		in   string
		want string
	}{
		{"another type", &task{}, `{"title":5}`, `title: want a string, have a number`},
		{"deep inside", &plain{}, `{"last":{"parts":[null,{"name":[]}]}}`, `last.parts[1].name: want a string, have an array`},
		{"in a map", &plain{}, `{"scores":{"a b":{}}}`, `scores["a b"]: want a number, have an object`},
		{"a string for an integer", &plain{}, `{"timestamp":"abc"}`, `timestamp: want an integer, have a string`},
		{"a fraction for an integer", &plain{}, `{"timestamp":1.0}`, `timestamp: want an integer, have 1.0`},
		{"an exponent for an integer", &plain{}, `{"timestamp":1e2}`, `timestamp: want an integer, have 1e2`},
		{"an integer that is too large", &plain{}, `{"small":2147483648}`, `small: want an integer of 32 bits, have 2147483648`},
		{"a negative unsigned integer", &plain{}, `{"count":-1}`, `count: want an integer that is not negative, have "-1"`},
		{"a float that is too large", &plain{}, `{"single":1e39}`, `single: want a number of 32 bits, have 1e39`},
		{"a boolean as text", &plain{}, `{"done":"true"}`, `done: want a boolean, have a string`},
		{"no object", &plain{}, `[]`, `want an object, have an array`},
		{"no array", &plain{}, `{"tags":true}`, `tags: want an array, have a boolean`},
		{"no base64", &plain{}, `{"data":"?"}`, `data: want base64, have "?"`},
		{"a number for base64", &plain{}, `{"data":1}`, `data: want base64 text, have a number`},
		{"no timestamp", &plain{}, `{"at":"yesterday"}`, `at: want an RFC 3339 timestamp, have "yesterday"`},
		{"no duration", &task{}, `{"wait":"1s"}`, `wait: want an ISO 8601 duration such as PT1M30S, have "1s"`},
		{"a number for a duration", &task{}, `{"wait":1}`, `wait: want an ISO 8601 duration, have a number`},
		{"a key of another type", &plain{}, `{"by_number":{"x":""}}`, `by_number["x"]: its key: want an integer, have "x"`},
		{"a long text, which is cut", &task{}, `{"wait":"` + strings.Repeat("é", 1000) + `"}`, `wait: want an ISO 8601 duration such as PT1M30S, have "` + strings.Repeat("é", 20) + `…"`},
		{"nothing", &plain{}, ` `, `invalid JSON: unexpected end`},
		{"garbage behind", &plain{}, `{} x`, `invalid JSON: unexpected 'x' at byte 3`},
		{"a comma too many", &plain{}, `{"message":"",}`, `invalid JSON: unexpected '}' at byte 14`},
		{"a comma too many in an array", &plain{}, `{"tags":["a",]}`, `tags[1]: invalid JSON: unexpected ']' at byte 13`},
		{"a missing comma", &plain{}, `{"x":1 "y":2}`, `invalid JSON: unexpected '"' at byte 7`},
		{"a control character", &plain{}, "{\"message\":\"a\nb\"}", `message: invalid JSON: unexpected '\n' at byte 13`},
		{"a wrong escape", &plain{}, `{"message":"\x"}`, `message: invalid JSON: unexpected 'x' at byte 13`},
		{"a leading zero", &plain{}, `{"small":01}`, `small: invalid JSON: unexpected '1' at byte 10`},
		{"half a literal", &plain{}, `{"done":tru}`, `done: invalid JSON: unexpected '}' at byte 11`},
		{"no pointer", plain{}, `{}`, `want a pointer to decode into, have value_test.plain`},
		{"a nil pointer", (*plain)(nil), `{}`, `want a pointer to decode into, have *value_test.plain`},
		{"a default that is none", &struct {
			A int64 `json:"a" default:"x"`
		}{}, `{}`, "value: struct { A int64 \"json:\\\"a\\\" default:\\\"x\\\"\" }.a: its default \"x\": invalid JSON: unexpected 'x' at byte 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := value.DecodeJSON([]byte(c.in), c.into)
			if _, ok := err.(*value.Error); !ok || err.Error() != c.want {
				t.Errorf("have %v (%T)\nwant %s", err, err, c.want)
			}
		})
	}
}

func TestNestingIsLimited(t *testing.T) {
	for _, c := range []struct {
		name               string
		into               any
		open, inner, close string
		most               int // times open
	}{
		{"unknown members", &node{}, `{"x":`, `1`, `}`, 10000},
		{"arrays in any", new(any), `[`, ``, `]`, 10000},
		{"a recursive type", &node{}, `{"name":"","children":[`, ``, `]}`, 5000},
	} {
		t.Run(c.name, func(t *testing.T) {
			nested := func(n int) []byte {
				return []byte(strings.Repeat(c.open, n) + c.inner + strings.Repeat(c.close, n))
			}
			if err := value.DecodeJSON(nested(c.most), c.into); err != nil {
				t.Error(err)
			}
			if n, ok := c.into.(*node); ok && n.Children != nil {
				out, err := value.EncodeJSON(n)
				if err != nil || !bytes.Equal(out, nested(c.most)) {
					t.Errorf("what was read cannot be written: %v", err)
				}
			}
			err := value.DecodeJSON(nested(c.most+1), c.into)
			if err == nil || !strings.Contains(err.Error(), "nested deeper than 10000 levels") || len(err.Error()) > 400 {
				t.Errorf("have %.500v", err)
			}
		})
	}
}

func TestGeneratedMethodsUnderEncodingJSON(t *testing.T) {
	full := &task{
		Title: "a", Owner: &part{Name: "o"}, Wait: time.Second, Named: wait(time.Minute), Pause: new(time.Hour), When: when(moment),
		Tags: tags{"x"}, Extra: []string{}, Rows: [][]int64{{1}}, Scores: scores{1: 2}, Waits: []time.Duration{1}, Blob: blob("b"),
		Limit: 1, Status: "done", Labels: []string{"l"}, Timeout: time.Second, Any: "any", Flags: map[bool]string{true: "t"},
		Sub: &task{Tags: tags{}, Rows: [][]int64{}, Scores: scores{}, Waits: []time.Duration{}, Blob: blob{}, Labels: []string{}},
	}
	t.Run("both ways", func(t *testing.T) {
		data, err := json.Marshal(full)
		if err != nil {
			t.Fatal(err)
		}
		own, _ := value.EncodeJSON(full)
		if !bytes.Equal(data, own) {
			t.Errorf("encoding/json writes %s\nEncodeJSON %s", data, own)
		}
		var back *task
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(back, full) {
			t.Errorf("have %+v\nwant %+v", back, full)
		}
	})
	t.Run("inside types of the user", func(t *testing.T) {
		type own struct {
			Wait wait   `json:"wait"`
			Tags tags   `json:"tags"`
			Node *node  `json:"node"`
			All  []task `json:"all,omitempty"`
			When when   `json:"when"`
		}
		data, err := json.Marshal(own{Node: &node{}})
		want := `{"wait":"PT0S","tags":[],"node":{"name":"","children":[]},"when":"0001-01-01T00:00:00Z"}`
		if err != nil || string(data) != want {
			t.Errorf("have %s, %v\nwant %s", data, err, want)
		}
		var back own
		if err := json.Unmarshal([]byte(`{"wait":"PT1S","tags":["a"],"node":{"name":"n"},"all":[{}],"when":"2026-03-04T05:06:07.08Z"}`), &back); err != nil {
			t.Fatal(err)
		}
		if back.Wait != wait(time.Second) || len(back.Tags) != 1 || back.Node.Name != "n" || back.All[0].Limit != 10 || time.Time(back.When) != moment {
			t.Errorf("have %+v", back)
		}
	})
	t.Run("errors name the attribute", func(t *testing.T) {
		err := json.Unmarshal([]byte(`{"owner":{"name":1}}`), &task{})
		if err == nil || err.Error() != "owner.name: want a string, have a number" {
			t.Errorf("have %v", err)
		}
	})
}
