package value

import (
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// appendText appends the text of v, a value of the plan's type.
func (p *plan) appendText(dst []byte, v reflect.Value) ([]byte, error) {
	switch p.kind {
	case kindPointer:
		if v.IsNil() {
			return dst, errors.New("nil has no text")
		}
		return p.elem.appendText(dst, v.Elem())
	case KindString:
		return append(dst, v.String()...), nil
	case KindBytes:
		return base64.StdEncoding.AppendEncode(dst, v.Bytes()), nil
	case KindDuration:
		return appendDuration(dst, time.Duration(v.Int())), nil
	case KindTime:
		n := len(dst)
		dst, err := appendTime(dst, timeOf(v))
		if err != nil {
			return dst, err
		}
		return append(dst[:n], dst[n+1:len(dst)-1]...), nil // without the quotes
	}
	return p.append(dst, v, 0) // numbers and booleans are the same in both
}

// parseText reads v, a settable value of the plan's type, from its text.
func (p *plan) parseText(s string, v reflect.Value) error {
	switch p.kind {
	case kindPointer:
		if v.IsNil() {
			v.Set(reflect.New(p.typ.Elem()))
		}
		return p.elem.parseText(s, v.Elem())
	case KindString:
		if !utf8.ValidString(s) {
			return fmt.Errorf("want UTF-8, have %s", quote(s))
		}
		v.SetString(s)
		return nil
	case KindBool:
		if s != "true" && s != "false" {
			return fmt.Errorf("want true or false, have %s", quote(s))
		}
		v.SetBool(s == "true")
		return nil
	case KindInt, KindUint:
		return p.parseInteger(s, v)
	case KindFloat:
		return p.parseFloat(s, v)
	case KindBytes:
		b, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return fmt.Errorf("want base64, have %s", quote(s))
		}
		v.SetBytes(b)
		return nil
	case KindTime:
		return parseTime([]byte(s), v)
	case KindDuration:
		d, err := ParseDuration(s)
		if err == nil {
			v.SetInt(int64(d))
		}
		return err
	}
	d := decoder{data: []byte(s)}
	return d.document(p, v)
}

func (p *plan) parseInteger(s string, v reflect.Value) (err error) {
	bits := p.typ.Bits()
	if p.kind == KindInt {
		var n int64
		if n, err = strconv.ParseInt(s, 10, bits); err == nil {
			v.SetInt(n)
			return nil
		}
	} else {
		var n uint64
		if n, err = strconv.ParseUint(s, 10, bits); err == nil {
			v.SetUint(n)
			return nil
		}
	}
	switch {
	case errors.Is(err, strconv.ErrRange):
		return fmt.Errorf("want an integer of %d bits, have %s", bits, cut(s))
	case p.kind == KindUint && strings.HasPrefix(s, "-"):
		return fmt.Errorf("want an integer that is not negative, have %s", quote(s))
	}
	return fmt.Errorf("want an integer, have %s", quote(s))
}

func (p *plan) parseFloat(s string, v reflect.Value) error {
	if s == "" || strings.Trim(s, "+-.0123456789eE") != "" { // ParseFloat knows "inf", "nan" and hexadecimals too
		return fmt.Errorf("want a number, have %s", quote(s))
	}
	f, err := strconv.ParseFloat(s, p.typ.Bits())
	if err != nil {
		if errors.Is(err, strconv.ErrRange) {
			return fmt.Errorf("want a number of %d bits, have %s", p.typ.Bits(), cut(s))
		}
		return fmt.Errorf("want a number, have %s", quote(s))
	}
	v.SetFloat(f)
	return nil
}

func parseTime(text []byte, v reflect.Value) error {
	var t time.Time
	if err := t.UnmarshalText(text); err != nil {
		return fmt.Errorf("want an RFC 3339 timestamp, have %s", quote(string(text)))
	}
	if v.Type() == timeType {
		*v.Addr().Interface().(*time.Time) = t
	} else {
		v.Set(reflect.ValueOf(t).Convert(v.Type()))
	}
	return nil
}
