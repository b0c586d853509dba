package trip_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

var at = time.Date(2006, 1, 2, 15, 4, 5, 678901234, time.UTC)

// ref returns a pointer to v: an optional attribute that is there.
func ref[T any](v T) *T { return &v }

// compare fails the test unless got is what a receiver should have of want: the
// same, where a list that is required and nil is empty.
func compare(t *testing.T, name string, want, got any) {
	t.Helper()
	if wrong := differ(reflect.ValueOf(want), reflect.ValueOf(got), true); wrong != "" {
		t.Errorf("%s: %s\nhave %s\nwant %s", name, wrong, show(got), show(want))
	}
}

// differ says how got is not what it should be, or "".
func differ(want, got reflect.Value, required bool) string {
	if want.IsValid() != got.IsValid() || want.IsValid() && want.Type() != got.Type() {
		return fmt.Sprintf("have %v, want %v", got, want)
	}
	switch want.Kind() {
	case reflect.Pointer, reflect.Interface:
		if want.IsNil() || got.IsNil() {
			return unless(want.IsNil() == got.IsNil(), "have nil: %v, want nil: %v", got.IsNil(), want.IsNil())
		}
		return differ(want.Elem(), got.Elem(), true)
	case reflect.Slice, reflect.Map:
		if got.IsNil() != (want.IsNil() && !required) {
			return fmt.Sprintf("have nil: %v, want nil: %v", got.IsNil(), want.IsNil() && !required)
		}
		if want.Len() != got.Len() {
			return fmt.Sprintf("have %d elements, want %d", got.Len(), want.Len())
		}
		return differInside(want, got)
	case reflect.Struct:
		return differStruct(want, got)
	}
	return unless(want.Equal(got), "have %v, want %v", got, want)
}

func differInside(want, got reflect.Value) string {
	if want.Kind() == reflect.Slice {
		for i := range want.Len() {
			if wrong := differ(want.Index(i), got.Index(i), true); wrong != "" {
				return fmt.Sprintf("element %d: %s", i, wrong)
			}
		}
		return ""
	}
	for it := want.MapRange(); it.Next(); {
		if wrong := differ(it.Value(), got.MapIndex(it.Key()), true); wrong != "" {
			return fmt.Sprintf("element %v: %s", it.Key(), wrong)
		}
	}
	return ""
}

func differStruct(want, got reflect.Value) string {
	timeType := reflect.TypeFor[time.Time]()
	if want.CanConvert(timeType) {
		w, g := want.Convert(timeType).Interface().(time.Time), got.Convert(timeType).Interface().(time.Time)
		_, wantOffset := w.Zone()
		_, gotOffset := g.Zone()
		return unless(w.Equal(g) && wantOffset == gotOffset, "have %v, want %v", g, w)
	}
	for i := range want.NumField() {
		f := want.Type().Field(i)
		if wrong := differ(want.Field(i), got.Field(i), !strings.Contains(f.Tag.Get("json"), ",omit")); wrong != "" {
			return f.Name + ": " + wrong
		}
	}
	return ""
}

func unless(ok bool, format string, args ...any) string {
	if ok {
		return ""
	}
	return fmt.Sprintf(format, args...)
}
