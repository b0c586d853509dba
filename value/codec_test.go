package value_test

import (
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/courant-dev/courant/value"
)

func codec[T any](t *testing.T, members ...string) *value.Codec[T] {
	t.Helper()
	c, err := value.NewCodec[T]()
	if err == nil && members != nil {
		c, err = c.Members(members...)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestStrictDecodingNamesWhatIsMissing(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string // paths
	}{
		{"everything that is required", `{}`, []string{"title", "owner", "wait", "named", "when", "tags", "rows", "scores", "waits", "blob", "any"}},
		{"the value itself", `null`, []string{""}},
		{"null attributes", `{"title":null,"owner":{"name":null},"wait":null,"named":null,"when":null,"tags":null,"rows":null,"scores":null,"waits":null,"blob":null,"any":null}`,
			[]string{"owner.name", "title", "wait", "named", "when", "tags", "rows", "scores", "waits", "blob"}},
		{"inside collections", `{"title":"","owner":{"name":"x"},"wait":"PT0S","named":"PT0S","when":"2026-03-04T05:06:07Z","tags":["a",null],"rows":[[1,null],null],` +
			`"scores":{"1":null},"waits":[],"blob":"","any":0,"subs":{"a b":{"children":[{"name":""}]}}}`,
			[]string{"tags[1]", "rows[0][1]", "rows[1]", `scores["1"]`, `subs["a b"].children[0].children`, `subs["a b"].name`}},
		{"not what a second member of the name brings", `{"title":"","owner":{},"owner":{"name":"x"},"wait":"PT0S","named":"PT0S","when":"2026-03-04T05:06:07Z","tags":[],"rows":[],` +
			`"scores":{},"waits":[],"blob":"","any":0,"subs":{"a":{},"a":{"name":"","children":[]}}}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var v *task
			err := codec[*task](t).Decode([]byte(c.in), &v, true)
			var have []string
			if missing, ok := err.(*value.MissingError); ok {
				have = missing.Paths
			} else if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(have, c.want) {
				t.Errorf("have %q\nwant %q", have, c.want)
			}
			if err := codec[*task](t).Decode([]byte(c.in), &v, false); err != nil {
				t.Errorf("without strict: %v", err)
			}
		})
	}
}

func TestMissingErrorIsShort(t *testing.T) {
	in := []byte("[" + strings.Repeat("null,", 1000) + "null]")
	var v []string
	missing, ok := codec[[]string](t).Decode(in, &v, true).(*value.MissingError)
	if !ok || len(missing.Paths) != 100 {
		t.Errorf("have %+v", missing)
	}
}

func TestMembers(t *testing.T) {
	t.Run("writes the named attributes in their order", func(t *testing.T) {
		got, err := codec[*part](t, "sizes", "name").Append([]byte("x"), &part{Name: "n", Sizes: []uint32{1}})
		if err != nil || string(got) != `x{"sizes":[1],"name":"n"}` {
			t.Errorf("have %s, %v", got, err)
		}
	})
	t.Run("writes nil as null", func(t *testing.T) {
		got, err := codec[*part](t, "name").Append(nil, nil)
		if err != nil || string(got) != `null` {
			t.Errorf("have %s, %v", got, err)
		}
	})
	t.Run("leaves the other attributes untouched", func(t *testing.T) {
		v := &task{Title: "before", Limit: 3}
		if err := codec[*task](t, "status", "blob").Decode([]byte(`{"title":"x","limit":4,"blob":"AA=="}`), &v, true); err != nil {
			t.Fatal(err)
		}
		if v.Title != "before" || v.Limit != 3 || v.Status != "open" || len(v.Blob) != 1 {
			t.Errorf("have %+v", v)
		}
	})
	t.Run("misses only the named attributes", func(t *testing.T) {
		var v *task
		err := codec[*task](t, "title", "tags").Decode([]byte(`{"tags":[]}`), &v, true)
		if err == nil || err.Error() != "missing required attribute title" || v == nil {
			t.Errorf("have %v, %v", err, v)
		}
	})
	t.Run("works for structs that are no pointers", func(t *testing.T) {
		var v part
		if err := codec[part](t, "name").Decode([]byte(`{"name":"x","sizes":[1]}`), &v, true); err != nil || v.Name != "x" || v.Sizes != nil {
			t.Errorf("have %+v, %v", v, err)
		}
	})
	for _, names := range [][]string{{"nme"}, {"name", "name"}} {
		whole := codec[*part](t)
		if _, err := whole.Members(names...); err == nil {
			t.Errorf("%q are no members of part", names)
		}
	}
	if _, err := codec[[]string](t).Members("a"); err == nil {
		t.Error("an array has no members")
	}
}

func TestDecodeKeepsWhatIsAbsent(t *testing.T) {
	v := &task{Title: "before", Owner: &part{Name: "o", Sizes: []uint32{1}}, Tags: tags{"a"}}
	before := v.Tags
	if err := codec[*task](t).Decode([]byte(`{"owner":{"name":"p"},"tags":["b"]}`), &v, false); err != nil {
		t.Fatal(err)
	}
	if v.Title != "before" || v.Owner.Name != "p" || v.Owner.Sizes != nil || before[0] != "a" {
		t.Errorf("have %+v, %v", v, before)
	}
}

func TestDefaultsAreNotShared(t *testing.T) {
	var a, b *task
	for _, v := range []**task{&a, &b} {
		if err := codec[*task](t).Decode([]byte(`{}`), v, false); err != nil {
			t.Fatal(err)
		}
	}
	a.Labels[0] = "changed"
	if b.Labels[0] != "a" {
		t.Error("two values share a default")
	}
}

func TestCodecOfValuesThatAreNoObjects(t *testing.T) {
	check(t, "text", `"text"`, value.KindString)
	check(t, email("a@b"), `"a@b"`, value.KindString)
	check(t, []string{"a"}, `["a"]`, value.KindArray)
	check(t, tags{"a"}, `["a"]`, value.KindArray)
	check(t, scores{1: 2}, `{"1":2}`, value.KindMap)
	check[any](t, "text", `"text"`, value.KindAny)
	check[any](t, nil, `null`, value.KindAny)
	check(t, []byte("a"), `"YQ=="`, value.KindBytes)
	check(t, true, `true`, value.KindBool)
	check(t, uint32(7), `7`, value.KindUint)
	check(t, float32(0.1), `0.1`, value.KindFloat)
	check(t, time.Second, `"PT1S"`, value.KindDuration)
	check(t, wait(time.Second), `"PT1S"`, value.KindDuration)
	check(t, moment, `"2026-03-04T05:06:07.08Z"`, value.KindTime)
	check(t, struct{}{}, `{}`, value.KindObject)
	check(t, &part{Name: "a"}, `{"name":"a"}`, value.KindObject)
	check(t, []*part{{Name: "a"}}, `[{"name":"a"}]`, value.KindArray)
}

func check[T any](t *testing.T, v T, want string, kind value.Kind) {
	t.Helper()
	c := codec[T](t)
	got, err := c.Append(nil, v)
	if err != nil || string(got) != want || c.Kind() != kind {
		t.Errorf("have %s, %v, kind %d; want %s, kind %d", got, err, c.Kind(), want, kind)
	}
	var back T
	if err := c.Decode(got, &back, true); err != nil || !reflect.DeepEqual(back, v) {
		t.Errorf("%s became %+v, %v", got, back, err)
	}
}

func TestTypesThatAreRefused(t *testing.T) {
	refused[chan int](t)
	refused[complex128](t)
	refused[[3]int64](t)
	refused[map[any]string](t)
	refused[struct{ part }](t)
	refused[struct {
		A string `json:"B"`
		B string
	}](t)
	refused[struct {
		A string `json:"a,string"`
	}](t)
	refused[struct {
		A int64 `json:"a" default:"1.5"`
	}](t)
}

func refused[T any](t *testing.T) {
	t.Helper()
	if _, err := value.NewCodec[T](); err == nil {
		t.Errorf("%T has a codec", *new(T))
	}
}

func TestCodecsMayBeUsedByManyGoroutines(t *testing.T) {
	in := &plain{Message: "a", Tags: []string{"b"}, Scores: map[string]float64{"x": 1, "y": 2}, ByNumber: map[int64]string{1: "a", 2: "b"}}
	want, err := value.EncodeJSON(in)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			c, err := value.NewCodec[*plain]()
			if err != nil {
				t.Error(err)
				return
			}
			for range 50 {
				var v *plain
				if err := c.Decode(want, &v, true); err == nil || err.Error() != "missing required attribute inner" {
					t.Errorf("have %v", err)
				}
				if got, err := c.Append(nil, v); err != nil || string(got) != string(want) {
					t.Errorf("have %s, %v", got, err)
				}
			}
		})
	}
	group.Wait()
}

func TestAppendDoesNotAllocate(t *testing.T) {
	c := codec[*short](t)
	dst, err := c.Append(nil, aShort)
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100, func() { dst, err = c.Append(dst[:0], aShort) }); n != 0 || err != nil {
		t.Errorf("%v allocations, %v", n, err)
	}
}
