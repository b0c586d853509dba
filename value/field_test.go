package value_test

import (
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/courant-dev/courant/value"
)

// request has one attribute of each kind that travels as text.
type request struct {
	Text     string         `json:"text"`
	Named    email          `json:"named"`
	Flag     bool           `json:"flag"`
	Int      int64          `json:"int"`
	Small    *int32         `json:"small,omitzero"`
	Uint     uint64         `json:"uint"`
	Float    float64        `json:"float"`
	Data     []byte         `json:"data"`
	At       time.Time      `json:"at"`
	Seen     *time.Time     `json:"seen,omitzero"`
	Wait     time.Duration  `json:"wait"`
	Pause    wait           `json:"pause"`
	Last     string         `json:"last,omitzero"`
	Limit    int64          `json:"limit" default:"10"`
	List     []int64        `json:"list"`
	Waits    []wait         `json:"waits,omitzero"`
	Keys     [][]byte       `json:"keys,omitzero"`
	Rows     [][]int64      `json:"rows"`
	Owner    *part          `json:"owner"`
	Map      map[string]int `json:"map"`
	Any      any            `json:"any"`
	Statuses []email        `json:"statuses,omitzero"`
}

func fieldOf[T any](t *testing.T, name string) *value.Field[T] {
	t.Helper()
	f, err := value.FieldOf[T](name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestTexts(t *testing.T) {
	full := &request{
		Text: "a b,", Named: "n", Flag: true, Int: math.MinInt64, Small: new(int32(-3)), Uint: math.MaxUint64, Float: 1e21, Data: []byte{255, 254}, At: moment, Seen: &moment,
		Wait: time.Second, Pause: wait(time.Minute), Last: "7", Limit: 5, List: []int64{1, -2}, Waits: []wait{0}, Keys: [][]byte{{1}},
		Rows: [][]int64{{1}, {}}, Owner: &part{Name: "o"}, Map: map[string]int{"a": 1}, Any: "x", Statuses: []email{},
	}
	for _, c := range []struct {
		name   string
		in     *request
		want   []string
		absent bool
	}{
		{name: "text", in: full, want: []string{"a b,"}},
		{name: "text", in: &request{}, want: []string{""}},
		{name: "named", in: full, want: []string{"n"}},
		{name: "flag", in: full, want: []string{"true"}},
		{name: "int", in: full, want: []string{"-9223372036854775808"}},
		{name: "small", in: full, want: []string{"-3"}},
		{name: "small", in: &request{}, absent: true},
		{name: "uint", in: full, want: []string{"18446744073709551615"}},
		{name: "float", in: full, want: []string{"1e+21"}},
		{name: "data", in: full, want: []string{"//4="}},
		{name: "at", in: full, want: []string{"2026-03-04T05:06:07.08Z"}},
		{name: "seen", in: full, want: []string{"2026-03-04T05:06:07.08Z"}},
		{name: "seen", in: &request{}, absent: true},
		{name: "wait", in: full, want: []string{"PT1S"}},
		{name: "pause", in: full, want: []string{"PT1M"}},
		{name: "last", in: full, want: []string{"7"}},
		{name: "last", in: &request{}, absent: true},
		{name: "limit", in: full, want: []string{"5"}},
		{name: "list", in: full, want: []string{"1", "-2"}},
		{name: "waits", in: full, want: []string{"PT0S"}},
		{name: "waits", in: &request{}, absent: true},
		{name: "keys", in: full, want: []string{"AQ=="}},
		{name: "rows", in: full, want: []string{"[[1],[]]"}},
		{name: "owner", in: full, want: []string{`{"name":"o"}`}},
		{name: "owner", in: &request{}, absent: true},
		{name: "map", in: full, want: []string{`{"a":1}`}},
		{name: "any", in: full, want: []string{`"x"`}},
		{name: "any", in: &request{}, want: []string{"null"}},
		{name: "statuses", in: full, want: []string{}},
		{name: "text", in: nil, absent: true},
	} {
		t.Run(fmt.Sprintf("%s %q", c.name, c.want), func(t *testing.T) {
			f := fieldOf[*request](t, c.name)
			got, present, err := f.Texts(c.in)
			if err != nil || present == c.absent || f.IsPresent(c.in) == c.absent || !reflect.DeepEqual(got, c.want) {
				t.Fatalf("have %q, %v, %v", got, present, err)
			}
			if c.absent {
				return
			}
			var back *request
			if err := f.ParseTexts(got, &back); err != nil {
				t.Fatal(err)
			}
			again, _, err := f.Texts(back)
			if err != nil || !reflect.DeepEqual(again, got) {
				t.Errorf("%q became %q, %v", got, again, err)
			}
		})
	}
}

func TestParseTextErrors(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"int", "abc", `int: want an integer, have "abc"`},
		{"int", "", `int: want an integer, have ""`},
		{"int", "1.0", `int: want an integer, have "1.0"`},
		{"int", "9223372036854775808", `int: want an integer of 64 bits, have 9223372036854775808`},
		{"uint", "-1", `uint: want an integer that is not negative, have "-1"`},
		{"float", "NaN", `float: want a number, have "NaN"`},
		{"float", "0x1p4", `float: want a number, have "0x1p4"`},
		{"float", "1e999", `float: want a number of 64 bits, have 1e999`},
		{"float", "", `float: want a number, have ""`},
		{"flag", "1", `flag: want true or false, have "1"`},
		{"data", "a-b_", `data: want base64, have "a-b_"`},
		{"at", "2026-03-04", `at: want an RFC 3339 timestamp, have "2026-03-04"`},
		{"wait", "1s", `wait: want an ISO 8601 duration such as PT1M30S, have "1s"`},
		{"owner", `{"name":1}`, `owner.name: want a string, have a number`},
		{"rows", `[[1],["a"]]`, `rows[1][0]: want an integer, have a string`},
		{"any", "abc", `any: invalid JSON: unexpected 'a' at byte 0`},
	} {
		t.Run(c.name+" "+c.in, func(t *testing.T) {
			var v *request
			err := fieldOf[*request](t, c.name).ParseText(c.in, &v)
			if _, ok := err.(*value.Error); !ok || err.Error() != c.want {
				t.Errorf("have %v\nwant %s", err, c.want)
			}
		})
	}
	t.Run("an element of a list", func(t *testing.T) {
		var v *request
		err := fieldOf[*request](t, "list").ParseTexts([]string{"1", "x"}, &v)
		if err == nil || err.Error() != `list[1]: want an integer, have "x"` {
			t.Errorf("have %v", err)
		}
	})
	t.Run("several texts for one value", func(t *testing.T) {
		var v *request
		err := fieldOf[*request](t, "int").ParseTexts([]string{"1", "2"}, &v)
		if err == nil || err.Error() != `int: want one value, have 2` {
			t.Errorf("have %v", err)
		}
	})
	t.Run("the value itself", func(t *testing.T) {
		var v int64
		err := fieldOf[int64](t, "").ParseText("x", &v)
		if err == nil || err.Error() != `want an integer, have "x"` {
			t.Errorf("have %v", err)
		}
	})
}

func TestFieldOfTheValueItself(t *testing.T) {
	text := fieldOf[string](t, "")
	if got, present, err := text.AppendText([]byte("x"), ""); string(got) != "x" || !present || err != nil || !text.IsRequired() {
		t.Errorf("have %q, %v, %v", got, present, err)
	}
	list := fieldOf[tags](t, "")
	if got, present, err := list.Texts(tags{"a", "b"}); len(got) != 2 || !present || err != nil || !list.IsList() {
		t.Errorf("have %q, %v, %v", got, present, err)
	}
	var v any
	free := fieldOf[any](t, "")
	if err := free.DecodeJSON([]byte("[1]"), &v, true); err != nil {
		t.Fatal(err)
	}
	if got, err := free.AppendJSON(nil, v); err != nil || string(got) != "[1]" {
		t.Errorf("have %s, %v", got, err)
	}
	object := fieldOf[*part](t, "")
	if got, err := object.AppendJSON(nil, nil); err != nil || string(got) != "null" {
		t.Errorf("have %s, %v", got, err)
	}
}

func TestFieldProperties(t *testing.T) {
	for _, c := range []struct {
		name                    string
		kind                    value.Kind
		required, deflt, isList bool
	}{
		{"text", value.KindString, true, false, false},
		{"small", value.KindInt, false, false, false},
		{"last", value.KindString, false, false, false},
		{"limit", value.KindInt, false, true, false},
		{"list", value.KindArray, true, false, true},
		{"rows", value.KindArray, true, false, false},
		{"owner", value.KindObject, true, false, false},
		{"pause", value.KindDuration, true, false, false},
		{"any", value.KindAny, true, false, false},
	} {
		f := fieldOf[*request](t, c.name)
		if f.Name() != c.name || f.Kind() != c.kind || f.IsRequired() != c.required || f.HasDefault() != c.deflt || f.IsList() != c.isList {
			t.Errorf("%s: kind %d, required %v, default %v, list %v", f.Name(), f.Kind(), f.IsRequired(), f.HasDefault(), f.IsList())
		}
	}
	if _, err := value.FieldOf[*request]("txt"); err == nil || err.Error() != `value: value_test.request has no attribute "txt"` {
		t.Errorf("have %v", err)
	}
	if _, err := value.FieldOf[[]string]("a"); err == nil {
		t.Error("an array has no attributes")
	}
}

func TestSetDefault(t *testing.T) {
	var v *request
	if !fieldOf[*request](t, "limit").SetDefault(&v) || v.Limit != 10 {
		t.Errorf("have %+v", v)
	}
	if fieldOf[*request](t, "int").SetDefault(&v) {
		t.Error("int has no default")
	}
}

func TestFieldJSON(t *testing.T) {
	for _, c := range []struct{ name, in, want, err string }{
		{"owner", `{"name":"a"}`, `{"name":"a"}`, ""},
		{"owner", `{}`, `{"name":""}`, "missing required attribute owner.name"},
		{"owner", `null`, `null`, "missing required attribute owner"},
		{"small", `null`, `null`, ""},
		{"limit", `null`, `10`, ""},
		{"any", `null`, `null`, ""},
		{"wait", `"PT1S"`, `"PT1S"`, ""},
		{"wait", `1`, `"PT0S"`, "wait: want an ISO 8601 duration, have a number"},
		{"int", `1 2`, `1`, "int: invalid JSON: unexpected '2' at byte 2"},
	} {
		t.Run(c.name+" "+c.in, func(t *testing.T) {
			f := fieldOf[*request](t, c.name)
			var v *request
			err := f.DecodeJSON([]byte(c.in), &v, true)
			if err == nil && c.err != "" || err != nil && err.Error() != c.err {
				t.Errorf("have %v, want %s", err, c.err)
			}
			if got, err := f.AppendJSON(nil, v); err != nil || string(got) != c.want {
				t.Errorf("have %s, %v, want %s", got, err, c.want)
			}
		})
	}
	t.Run("an error names the attribute", func(t *testing.T) {
		_, err := fieldOf[*request](t, "float").AppendJSON(nil, &request{Float: math.NaN()})
		if err == nil || err.Error() != "float: NaN has no JSON" {
			t.Errorf("have %v", err)
		}
	})
}

func FuzzParseText(f *testing.F) {
	for _, seed := range []string{"", "a", "true", "-1", "1e5", "0x1", "AA==", "2026-03-04T05:06:07+01:00", "PT1.5S", `{"name":"a"}`, "[[1]]", "null"} {
		f.Add(seed)
	}
	names := []string{"text", "flag", "int", "small", "uint", "float", "data", "at", "wait", "rows", "owner", "map", "any"}
	fields := make([]*value.Field[*request], len(names))
	for i, name := range names {
		field, err := value.FieldOf[*request](name)
		if err != nil {
			f.Fatal(err)
		}
		fields[i] = field
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, field := range fields {
			var v, back *request
			if field.ParseText(s, &v) != nil {
				continue
			}
			text, present, err := field.AppendText(nil, v)
			if err != nil || !present && field.Name() != "owner" {
				t.Fatalf("%s: %q was read and cannot be written: %v", field.Name(), s, err)
			}
			if !present {
				continue
			}
			if err := field.ParseText(string(text), &back); err != nil {
				t.Fatalf("%s: %q was written and cannot be read: %v", field.Name(), text, err)
			}
			if again, _, _ := field.AppendText(nil, back); string(again) != string(text) {
				t.Errorf("%s: %q became %q", field.Name(), text, again)
			}
		}
	})
}
