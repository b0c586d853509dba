package value_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant/value"
)

var moment = time.Date(2026, 3, 4, 5, 6, 7, 80_000_000, time.UTC)

func TestEncodeJSON(t *testing.T) {
	for _, c := range []struct {
		name string
		in   any
		want string
	}{
		{"nil", nil, `null`},
		{"a bare string", "a<b>&\u2028\xff\x01\n", `"a<b>&\u2028\ufffd\u0001\n"`},
		{"a named string", email("x"), `"x"`},
		{"the largest integers", []any{int64(math.MinInt64), uint64(math.MaxUint64)}, `[-9223372036854775808,18446744073709551615]`},
		{"a duration", 90*time.Minute + 500*time.Millisecond, `"PT1H30M0.5S"`},
		{"a named duration", wait(time.Second), `"PT1S"`},
		{"a named timestamp", when(moment), `"2026-03-04T05:06:07.08Z"`},
		{"a nil slice", []string(nil), `[]`},
		{"a named nil slice", tags(nil), `[]`},
		{"a nil map", map[string]int64(nil), `{}`},
		{"nil bytes", []byte(nil), `""`},
		{"bytes", []byte{0xff, 0xfe}, `"//4="`},
		{"nil slices inside slices", [][]string{nil, {"a"}}, `[[],["a"]]`},
		{"nil slices inside maps", map[string][]int64{"b": nil, "a": {1}}, `{"a":[1],"b":[]}`},
		{"durations in a map", map[string]time.Duration{"a": time.Second}, `{"a":"PT1S"}`},
		{"a nil pointer", (*part)(nil), `null`},
		{"a nil pointer in a slice", []*part{nil}, `[null]`},
		{"a pointer to a pointer", new(new(int64(1))), `1`},
		{"a recursive type", &node{Name: "a", Children: []*node{{Name: "b"}}}, `{"name":"a","children":[{"name":"b","children":[]}]}`},
		{"integer keys, in the order of their text", map[int64]string{10: "a", 9: "b", -1: "c"}, `{"-1":"c","10":"a","9":"b"}`},
		{"unsigned keys", map[uint32]bool{7: true}, `{"7":true}`},
		{"boolean keys", map[bool]string{true: "y", false: "n"}, `{"false":"n","true":"y"}`},
		{"float keys", map[float64]string{1.5: "a", 1e21: "b"}, `{"1.5":"a","1e+21":"b"}`},
		{"duration keys", map[time.Duration]string{time.Second: "a"}, `{"PT1S":"a"}`},
		{"timestamp keys", map[time.Time]string{moment: "a"}, `{"2026-03-04T05:06:07.08Z":"a"}`},
		{"named keys that need escapes", map[email]string{"a\"b": "x"}, `{"a\"b":"x"}`},
		{"any, without escapes for HTML", []any{"<", map[string]any{"a": "&"}, nil, 1.5, true, 3}, `["<",{"a":"&"},null,1.5,true,3]`},
		{"any, a type with methods", []any{tags(nil)}, `[[]]`},
		{"raw JSON", map[string]json.RawMessage{"a": json.RawMessage(`{"b": 1}`)}, `{"a":{"b":1}}`},
		{"an empty struct", struct{}{}, `{}`},
		{"optional attributes that are empty", &part{Sizes: []uint32{}}, `{"name":"","sizes":[]}`},
		{"the zero value of every attribute", task{}, `{"title":"","owner":null,"wait":"PT0S","named":"PT0S","when":"0001-01-01T00:00:00Z",` +
			`"tags":[],"rows":[],"scores":{},"waits":[],"blob":"","limit":0,"status":"","labels":[],"timeout":"PT0S","any":null}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := value.EncodeJSON(c.in)
			if err != nil || string(got) != c.want {
				t.Errorf("have %s, %v\nwant %s", got, err, c.want)
			}
			if c.in == nil {
				return
			}
			var viaStandard bytes.Buffer // encoding/json calls the methods
			if err := json.NewEncoder(&viaStandard).Encode(c.in); err != nil {
				if _, ok := errors.AsType[*json.UnsupportedTypeError](err); !ok { // keys that encoding/json does not know
					t.Error(err)
				}
			}
		})
	}
}

func TestEncodeJSONNamesWhatHasNoJSON(t *testing.T) {
	cycle := &node{Name: "a"}
	cycle.Children = []*node{cycle}
	for _, c := range []struct {
		name, path, message string
		in                  any
	}{
		{"NaN", `last.scores["a"]`, "NaN has no JSON", &plain{Last: &plain{Scores: map[string]float64{"a": math.NaN()}}}},
		{"infinity in an array", "[1]", "+Inf has no JSON", []float32{1, float32(math.Inf(1))}},
		{"NaN as a key", "", "NaN has no JSON", map[float64]string{math.NaN(): ""}},
		{"NaN in any", "any", "NaN has no JSON", &plain{Any: math.NaN()}},
		{"a channel in any", "any", "json: unsupported type: chan int", &plain{Any: make(chan int)}},
		{"a year that RFC 3339 cannot write", "at", "RFC 3339 has no timestamp with such a year or zone", &plain{At: moment.AddDate(10000, 0, 0)}},
		{"a channel", "", "value: chan int has no JSON", make(chan int)},
		{"a function in a struct", "", "value: struct { F func() }.F: func() has no JSON", struct{ F func() }{}},
		{"keys that are objects", "", "value: map[struct {}]int: struct {} cannot be the key of a map", map[struct{}]int(nil)},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := value.AppendJSON([]byte("before"), c.in)
			e, ok := err.(*value.Error)
			if !ok || e.Path != c.path || e.Message != c.message {
				t.Errorf("have %#v, want %s: %s", err, c.path, c.message)
			}
			if string(out) != "before" {
				t.Errorf("dst is %q", out)
			}
		})
	}
	t.Run("a circle", func(t *testing.T) {
		_, err := value.EncodeJSON(cycle)
		if err == nil || !strings.Contains(err.Error(), "nested deeper") || len(err.Error()) > 400 {
			t.Errorf("have %.500v", err)
		}
	})
}

// standard is what encoding/json writes without escapes for HTML.
func standard(t *testing.T, v any) string {
	t.Helper()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func FuzzAppendJSON(f *testing.F) {
	f.Add("a", int64(1), uint64(2), 1.5, true, []byte("x"), uint8(3))
	f.Add("<>&\u2028\u2029\x00\x7f\xff\"\\\b\f\n\r\t💧\xed\xa0\x80", int64(math.MinInt64), uint64(math.MaxUint64), 1e-7, false, []byte(nil), uint8(255))
	f.Add("", int64(0), uint64(0), 1e21, false, []byte{}, uint8(0))
	f.Fuzz(func(t *testing.T, s string, i int64, u uint64, x float64, b bool, data []byte, bits uint8) {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			x = 0
		}
		v := plain{
			Message: s, Timestamp: i, Small: int32(i), Count: u, Ratio: x, Single: float32(u) / 3, Done: b,
			At: time.Unix(i%1e10, i%1e9).UTC(), Data: append([]byte{}, data...), Tags: []string{}, Any: x,
			Scores: map[string]float64{s: x, "b": -x}, ByNumber: map[int64]string{i: s, 9: "", 10: ""}, Parts: []*part{nil, {Name: email(s)}},
		}
		for n, set := range []func(){
			func() { v.Note = &s },
			func() { v.Limit = &i },
			func() { v.Seen = new(v.At.In(time.FixedZone("", int(i%50000)/60*60))) },
			func() { v.Any = map[string]any{s: []any{x, s, nil, u}} },
			func() { v.Tags = []string{s, "", s} },
			func() { v.More = map[string]any{"a": s, s: 1} },
			func() { v.Inner = &part{Sizes: []uint32{uint32(u)}} },
			func() { last := v; v.Last = &last },
		} {
			if bits&(1<<n) != 0 {
				set()
			}
		}
		got, err := value.AppendJSON(nil, &v)
		if want := standard(t, &v); err != nil || string(got) != want {
			t.Errorf("have %s, %v\nwant %s", got, err, want)
		}
	})
}
