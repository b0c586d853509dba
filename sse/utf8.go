package sse

import (
	"encoding/binary"
	"slices"
	"unicode/utf8"
)

const replacement = "\uFFFD"

// decodeUTF8 returns b as text, with one U+FFFD for each maximal subpart of an
// ill-formed sequence, as the WHATWG Encoding standard's UTF-8 decoder does.
// It returns b itself where that is well-formed. (bytes.ToValidUTF8 makes one
// of a whole run, and ranging over a string one of each byte.)
//
// It may be used on parts of a stream that are divided at ASCII bytes: these
// end a sequence anyhow.
func decodeUTF8(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	out := make([]byte, 0, len(b)+len(b)/2)
	for start := 0; ; {
		i := start
		for i < len(b) {
			if b[i] < utf8.RuneSelf {
				i++
				continue
			}
			r, size := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			i += size
		}
		out = append(out, b[start:i]...)
		if i == len(b) {
			return out
		}
		out = append(out, replacement...)
		start = i + subpart(b[i:])
	}
}

// subpart returns the length of the ill-formed sequence that b begins with: the
// longest prefix that could have become a well-formed one, or one byte. (The
// Encoding standard, § 8.1.1; the Unicode standard, § 3.9, table 3-7.)
func subpart(b []byte) int {
	low, high := byte(0x80), byte(0xBF) // of the second byte
	need := 0                           // bytes after the first one
	switch lead := b[0]; {
	case lead >= 0xC2 && lead <= 0xDF:
		need = 1
	case lead >= 0xE0 && lead <= 0xEF:
		need = 2
		switch lead {
		case 0xE0:
			low = 0xA0
		case 0xED:
			high = 0x9F
		}
	case lead >= 0xF0 && lead <= 0xF4:
		need = 3
		switch lead {
		case 0xF0:
			low = 0x90
		case 0xF4:
			high = 0x8F
		}
	}
	n := 1
	for n <= need && n < len(b) && low <= b[n] && b[n] <= high {
		low, high = 0x80, 0xBF
		n++
	}
	return n
}

// lastWide returns the place of the last byte of b that is not ASCII, or -1.
func lastWide(b []byte) int {
	const high = 0x8080808080808080
	for len(b) >= 32 {
		s := b[len(b)-32:]
		w := binary.LittleEndian.Uint64(s) | binary.LittleEndian.Uint64(s[8:]) |
			binary.LittleEndian.Uint64(s[16:]) | binary.LittleEndian.Uint64(s[24:])
		if w&high != 0 {
			break
		}
		b = b[:len(b)-32]
	}
	for i, c := range slices.Backward(b) {
		if c >= utf8.RuneSelf {
			return i
		}
	}
	return -1
}
