package trip_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
)

// place is where values travel.
type place string

const (
	inBody   place = "body"
	inQuery  place = "query"
	inHeader place = "header"
	inPath   place = "path"
)

// echo sends each value on its journey to a method that answers with it.
func echo[T any](t *testing.T, w *wire, name string, in place, values []T, call func(context.Context, T) (T, error)) {
	t.Helper()
	for _, v := range values {
		got, err := call(t.Context(), v)
		switch {
		case in != inBody && isVague(reflect.ValueOf(v)):
		case err != nil && refuses(in, reflect.ValueOf(v), err):
		case err != nil:
			t.Errorf("%s: %s: %v", name, show(v), err)
		default:
			compare(t, name, v, got)
			if in == inBody && isGenerated(reflect.TypeFor[T]()) {
				comparePlain(t, name, v, w.answer)
			}
		}
	}
}

// isVague reports whether v has a list that may be absent and has no elements:
// in a query and a header that is no different from no list.
func isVague(v reflect.Value) bool {
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return false
	}
	object := v.Elem()
	for i := range object.NumField() {
		tag := object.Type().Field(i).Tag
		mayBeAbsent := strings.Contains(tag.Get("json"), ",omit") || tag.Get("default") != ""
		list := object.Field(i)
		if mayBeAbsent && list.Kind() == reflect.Slice && list.Len() == 0 && list.Type().Elem().Kind() != reflect.Uint8 {
			return true
		}
	}
	return false
}

// without calls a method with v, but for its attribute default.
func without[T any](t *testing.T, w *wire, v T, call func(context.Context, T) (T, error)) T {
	t.Helper()
	w.without = "default"
	defer func() { w.without = "" }()
	got, err := call(t.Context(), v)
	if err != nil {
		t.Errorf("without the default: %v", err)
		got = reflect.New(reflect.TypeFor[T]().Elem()).Interface().(T)
	}
	return got
}

// receive reads a stream to its end.
func receive[E any, S interface {
	Recv() (E, error)
	Close() error
}](t *testing.T, name string, want []E, open func(context.Context) (S, error),
) {
	t.Helper()
	stream, err := open(t.Context())
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	defer stream.Close()
	for i, v := range want {
		got, err := stream.Recv()
		if err != nil {
			t.Errorf("%s: event %d, %s: %v", name, i, show(v), err)
			return
		}
		compare(t, name, v, got)
	}
	if got, err := stream.Recv(); !errors.Is(err, io.EOF) {
		t.Errorf("%s: at the end: %s, %v", name, show(got), err)
	}
}

// lines returns what arrives of values as the bare data of an event: the only
// line break is LF, and Bytes that are nil are empty.
func lines[T any](values []T) []T {
	var out []T
	for _, v := range values {
		switch r := reflect.ValueOf(&v).Elem(); {
		case r.Kind() == reflect.Slice && r.IsNil() && r.Type().Elem().Kind() == reflect.Uint8:
			r.SetBytes([]byte{})
		case r.Kind() == reflect.String:
			r.SetString(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(r.String()))
		}
		out = append(out, v)
	}
	return out
}

// sendAll is a method that streams.
func sendAll[E any](s interface {
	Send(E) error
	Close() error
}, events []E,
) error {
	for _, e := range events {
		if err := s.Send(e); err != nil {
			return err
		}
	}
	return s.Close()
}

// refuses reports whether err says truly that some of v cannot travel there.
func refuses(in place, v reflect.Value, err error) bool {
	var texts []string
	leaves(v, &texts)
	for _, text := range texts {
		bad := map[place]bool{
			inHeader: strings.ContainsAny(text, "\n\r\x00") || strings.TrimSpace(text) != text,
			inPath:   text == "" || text == ".." || text == ".",
		}[in]
		inAnswer := in == inHeader && strings.HasPrefix(err.Error(), "internal (500 ")
		if bad && (inAnswer || strings.Contains(err.Error(), " cannot travel in a "+string(in))) {
			return true
		}
	}
	return false
}

// leaves gathers the strings in v.
func leaves(v reflect.Value, texts *[]string) {
	switch kind := v.Kind(); {
	case kind == reflect.String:
		*texts = append(*texts, v.String())
	case kind == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		*texts = append(*texts, string(v.Bytes()))
	case kind == reflect.Pointer, kind == reflect.Interface:
		if !v.IsNil() {
			leaves(v.Elem(), texts)
		}
	case kind == reflect.Slice:
		for i := range v.Len() {
			leaves(v.Index(i), texts)
		}
	case kind == reflect.Map:
		for it := v.MapRange(); it.Next(); {
			leaves(it.Key(), texts)
			leaves(it.Value(), texts)
		}
	case kind == reflect.Struct:
		for i := range v.NumField() {
			leaves(v.Field(i), texts)
		}
	}
}

// isGenerated reports whether plain encoding/json must be right for t.
func isGenerated(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return strings.HasPrefix(t.PkgPath(), "example.com/")
}

// comparePlain compares the JSON of the wire with that of encoding/json.
func comparePlain[T any](t *testing.T, name string, v T, wire []byte) {
	t.Helper()
	plain, err := json.Marshal(v)
	if err != nil {
		t.Errorf("%s: json.Marshal of %s: %v", name, show(v), err)
		return
	}
	if have, want := canonical(t, plain), canonical(t, wire); have != want {
		t.Errorf("%s: json.Marshal of %s\nis  %s\nnot %s", name, show(v), have, want)
	}
	var got T
	if err := json.Unmarshal(wire, &got); err != nil {
		t.Errorf("%s: json.Unmarshal of %s: %v", name, wire, err)
		return
	}
	compare(t, name+" through json.Unmarshal", v, got)
}

// canonical returns the JSON with sorted members and numbers as they are.
func canonical(t *testing.T, data []byte) string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Errorf("%s: %v", data, err)
	}
	text, _ := json.Marshal(v)
	return string(text)
}

func show(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
