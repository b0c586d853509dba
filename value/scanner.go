package value

import (
	"fmt"
	"unicode/utf8"
)

// The scanner half of decoder: JSON's syntax (RFC 8259), nothing of Go types.

// space skips white space.
func (d *decoder) space() {
	for d.pos < len(d.data) {
		switch d.data[d.pos] {
		case ' ', '\t', '\n', '\r':
			d.pos++
		default:
			return
		}
	}
}

// peek skips white space and returns the byte after it, or 0 at the end.
func (d *decoder) peek() byte {
	d.space()
	if d.pos == len(d.data) {
		return 0
	}
	return d.data[d.pos]
}

// syntax is the error that what stands at the current place is no JSON.
func (d *decoder) syntax() error {
	if d.pos >= len(d.data) {
		return d.fail("invalid JSON: unexpected end")
	}
	r, _ := utf8.DecodeRune(d.data[d.pos:])
	return d.fail(fmt.Sprintf("invalid JSON: unexpected %q at byte %d", r, d.pos))
}

// literal reads true, false or null.
func (d *decoder) literal(text string) error {
	for i := range len(text) {
		if d.pos == len(d.data) || d.data[d.pos] != text[i] {
			return d.syntax()
		}
		d.pos++
	}
	return nil
}

// number reads a number and returns its text.
func (d *decoder) number() (text []byte, isInteger bool, err error) {
	start := d.pos
	if d.pos < len(d.data) && d.data[d.pos] == '-' {
		d.pos++
	}
	if d.pos < len(d.data) && d.data[d.pos] == '0' {
		d.pos++
	} else if !d.digits() {
		return nil, false, d.syntax()
	}
	isInteger = true
	if d.pos < len(d.data) && d.data[d.pos] == '.' {
		d.pos++
		isInteger = false
		if !d.digits() {
			return nil, false, d.syntax()
		}
	}
	if d.pos < len(d.data) && d.data[d.pos]|0x20 == 'e' {
		d.pos++
		isInteger = false
		if d.pos < len(d.data) && (d.data[d.pos] == '+' || d.data[d.pos] == '-') {
			d.pos++
		}
		if !d.digits() {
			return nil, false, d.syntax()
		}
	}
	return d.data[start:d.pos], isInteger, nil
}

// digits reads digits and reports whether there was one.
func (d *decoder) digits() bool {
	start := d.pos
	for d.pos < len(d.data) && '0' <= d.data[d.pos] && d.data[d.pos] <= '9' {
		d.pos++
	}
	return d.pos > start
}

// text reads a string, which must come next, and returns its characters. They
// are a part of data or of d.scratch, and valid until the next call.
func (d *decoder) text() ([]byte, error) {
	d.pos++
	start := d.pos
	ascii := true
	for {
		d.pos += plainPrefix(d.data[d.pos:])
		if d.pos == len(d.data) {
			return nil, d.syntax()
		}
		switch b := d.data[d.pos]; {
		case b == '"':
			text := d.data[start:d.pos]
			if ascii || utf8.Valid(text) {
				d.pos++
				return text, nil
			}
			d.pos = start
			return d.unescape()
		case b == '\\':
			d.pos = start
			return d.unescape()
		case b < utf8.RuneSelf:
			return nil, d.syntax()
		}
		ascii = false
		for d.pos < len(d.data) && d.data[d.pos] >= utf8.RuneSelf {
			d.pos++
		}
	}
}

// enter counts a level of nesting and moves behind the bracket.
func (d *decoder) enter() error {
	if d.depth == maxDepth {
		return d.fail(fmt.Sprintf("nested deeper than %d levels", maxDepth))
	}
	d.depth++
	d.pos++
	return nil
}

// more moves to the next element of an array or an object, which the closing
// bracket ends. It reports whether there is one.
func (d *decoder) more(first bool, closing byte) (bool, error) {
	switch b := d.peek(); {
	case b == closing:
		d.pos++
		d.depth--
		return false, nil
	case first:
		return true, nil
	case b == ',':
		d.pos++
		return true, nil
	}
	return false, d.syntax()
}

// member reads the name of a member and the colon after it.
func (d *decoder) member() (name []byte, err error) {
	if d.peek() != '"' {
		return nil, d.syntax()
	}
	if name, err = d.text(); err != nil {
		return nil, err
	}
	if d.peek() != ':' {
		return nil, d.syntax()
	}
	d.pos++
	return name, nil
}

// skip reads one value of any type and forgets it.
func (d *decoder) skip() (err error) {
	switch b := d.peek(); b {
	case '"':
		_, err = d.text()
	case 't':
		err = d.literal("true")
	case 'f':
		err = d.literal("false")
	case 'n':
		err = d.literal("null")
	case '{', '[':
		if err = d.enter(); err != nil {
			return err
		}
		for first := true; ; first = false {
			ok, err := d.more(first, b+2) // the closing bracket of both is two after
			if !ok || err != nil {
				return err
			}
			if b == '{' {
				if _, err := d.member(); err != nil {
					return err
				}
			}
			if err := d.skip(); err != nil {
				return err
			}
		}
	default:
		_, _, err = d.number()
	}
	return err
}
