package eval

import (
	"cmp"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/courant-dev/courant/model"
)

// article returns k with its article.
func article(k model.Kind) string {
	if k == model.Int || k == model.Int32 || k == model.Int64 || k == model.Array || k == model.Object || k == model.Any {
		return "an " + k.String()
	}
	return "a " + k.String()
}

// bitsOf returns how many bits a number of kind k has.
func bitsOf(k model.Kind) int {
	if k == model.Int32 || k == model.UInt32 || k == model.Float32 {
		return 32
	}
	return 64
}

// numberJSON returns v as an exact number of kind k, or why it is none.
func numberJSON(v any, k model.Kind) (json, fault string) {
	text, ok := numberText(v)
	if !ok {
		return "", "want a number, have " + kindOf(v)
	}
	if !k.IsInteger() {
		f, err := strconv.ParseFloat(text, bitsOf(k))
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return "", text + " is no " + k.String()
		}
		return floatJSON(f, bitsOf(k)), ""
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && f == math.Trunc(f) && strings.ContainsAny(text, ".eE") {
		text = strconv.FormatFloat(f, 'f', 0, 64) // 1e3 is an integer, too
	}
	if k >= model.UInt {
		if n, err := strconv.ParseUint(text, 10, bitsOf(k)); err == nil {
			return strconv.FormatUint(n, 10), ""
		}
	} else if n, err := strconv.ParseInt(text, 10, bitsOf(k)); err == nil {
		return strconv.FormatInt(n, 10), ""
	}
	return "", text + " is no " + k.String()
}

// numberText returns the number that v is: a Go number, or a string of one.
func numberText(v any) (string, bool) {
	r := reflect.ValueOf(v)
	switch {
	case !r.IsValid():
		return "", false
	case r.CanInt():
		return strconv.FormatInt(r.Int(), 10), true
	case r.CanUint():
		return strconv.FormatUint(r.Uint(), 10), true
	case r.Kind() == reflect.Float32:
		return strconv.FormatFloat(r.Float(), 'g', -1, 32), true
	case r.Kind() == reflect.Float64:
		return strconv.FormatFloat(r.Float(), 'g', -1, 64), true
	case r.Kind() == reflect.String:
		_, err := strconv.ParseFloat(r.String(), 64)
		return r.String(), err == nil
	}
	return "", false
}

// floatJSON writes f as encoding/json does.
func floatJSON(f float64, bits int) string {
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return strconv.FormatFloat(f, format, -1, bits)
}

// compareNumbers compares exact numbers: integers as integers.
func compareNumbers(a, b model.Number) int {
	if i, err := strconv.ParseInt(string(a), 10, 64); err == nil {
		if j, err := strconv.ParseInt(string(b), 10, 64); err == nil {
			return cmp.Compare(i, j)
		}
	}
	if i, err := strconv.ParseUint(string(a), 10, 64); err == nil {
		if j, err := strconv.ParseUint(string(b), 10, 64); err == nil {
			return cmp.Compare(i, j)
		}
	}
	x, _ := strconv.ParseFloat(string(a), 64)
	y, _ := strconv.ParseFloat(string(b), 64)
	return cmp.Compare(x, y)
}
