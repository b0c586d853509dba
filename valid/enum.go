package valid

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Enum checks that value is one of those allowed.
func Enum[T comparable](e *Errors, attribute string, value T, allowed ...T) {
	if slices.Contains(allowed, value) {
		return
	}
	texts := make([]string, len(allowed))
	for i, a := range allowed {
		if v := reflect.ValueOf(a); v.Kind() == reflect.String {
			texts[i] = strconv.Quote(v.String())
		} else {
			texts[i] = fmt.Sprint(a)
		}
	}
	e.Add(attribute, "Enum", oneOf(texts))
}

// EnumJSON checks that the JSON of value, as [encoding/json] writes it, is
// equal to one of those allowed: the same but for white space, the order of
// members and the escapes in strings; numbers must be written alike. It is for
// what [Enum] cannot compare: bytes, timestamps, Any, arrays and maps.
func EnumJSON(e *Errors, attribute string, value any, allowed ...string) {
	have, err := json.Marshal(value)
	if err == nil {
		have, err = canonical(have)
	}
	for _, text := range allowed {
		if err != nil {
			break
		}
		if want, wrong := canonical([]byte(text)); wrong == nil && bytes.Equal(have, want) {
			return
		}
	}
	e.Add(attribute, "Enum", oneOf(allowed))
}

// canonical returns the JSON in the one form that encoding/json writes.
func canonical(text []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber() // integers need not fit a float
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

// maxListed is how many of the allowed values a message lists.
const maxListed = 12

func oneOf(texts []string) string {
	if more := len(texts) - maxListed; more > 0 {
		return fmt.Sprintf("want one of %s and %d more", strings.Join(texts[:maxListed], ", "), more)
	}
	return "want one of " + strings.Join(texts, ", ")
}
