package value

import (
	"unicode/utf16"
	"unicode/utf8"
)

// unescape reads the rest of a string, from behind its first quote, into
// d.scratch. As in encoding/json, what is no UTF-8 and surrogates without
// their partner become U+FFFD.
func (d *decoder) unescape() ([]byte, error) {
	out := d.scratch[:0]
	for {
		n := plainPrefix(d.data[d.pos:])
		out = append(out, d.data[d.pos:d.pos+n]...)
		if d.pos += n; d.pos == len(d.data) {
			return nil, d.syntax()
		}
		b := d.data[d.pos]
		switch {
		case b == '"':
			d.pos++
			d.scratch = out
			return out, nil
		case b == '\\':
			d.pos++
			var err error
			if out, err = d.escape(out); err != nil {
				return nil, err
			}
		case b < utf8.RuneSelf:
			return nil, d.syntax()
		default:
			r, size := utf8.DecodeRune(d.data[d.pos:])
			out = utf8.AppendRune(out, r)
			d.pos += size
		}
	}
}

// escape reads what stands behind a backslash.
func (d *decoder) escape(out []byte) ([]byte, error) {
	if d.pos == len(d.data) {
		return nil, d.syntax()
	}
	b := d.data[d.pos]
	switch b {
	case '"', '\\', '/':
	case 'b':
		b = '\b'
	case 'f':
		b = '\f'
	case 'n':
		b = '\n'
	case 'r':
		b = '\r'
	case 't':
		b = '\t'
	case 'u':
		return d.escapedRune(out)
	default:
		return nil, d.syntax()
	}
	d.pos++
	return append(out, b), nil
}

// escapedRune reads u and four digits, and a second such escape where the two
// are a pair of surrogates.
func (d *decoder) escapedRune(out []byte) ([]byte, error) {
	r, err := d.hex()
	if err != nil {
		return nil, err
	}
	if utf16.IsSurrogate(r) {
		behind := d.pos
		if d.pos+1 < len(d.data) && d.data[d.pos] == '\\' && d.data[d.pos+1] == 'u' {
			d.pos++
			second, err := d.hex()
			if err != nil {
				return nil, err
			}
			if pair := utf16.DecodeRune(r, second); pair != utf8.RuneError {
				return utf8.AppendRune(out, pair), nil
			}
		}
		d.pos = behind // what follows stands for itself
	}
	return utf8.AppendRune(out, r), nil // AppendRune writes U+FFFD for a surrogate
}

// hex reads u and four hexadecimal digits.
func (d *decoder) hex() (r rune, err error) {
	d.pos++
	for range 4 {
		if d.pos == len(d.data) {
			return 0, d.syntax()
		}
		b := d.data[d.pos]
		switch {
		case '0' <= b && b <= '9':
			b -= '0'
		case 'a' <= b|0x20 && b|0x20 <= 'f':
			b = b | 0x20 - 'a' + 10
		default:
			return 0, d.syntax()
		}
		r = r<<4 | rune(b)
		d.pos++
	}
	return r, nil
}
