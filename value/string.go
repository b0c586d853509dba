package value

import "unicode/utf8"

const hexDigits = "0123456789abcdef"

// isPlain tells the ASCII bytes that stand for themselves in a JSON string.
var isPlain = func() (plain [utf8.RuneSelf]bool) {
	for b := range plain {
		plain[b] = b >= ' ' && b != '"' && b != '\\'
	}
	return plain
}()

// plainPrefix returns how many bytes at the beginning of s surely stand for
// themselves in a JSON string. It looks at eight at a time: none of them is
// less than a space, a quote, a backslash, or no ASCII.
func plainPrefix[S string | []byte](s S) int {
	const (
		each = 0x0101010101010101
		high = 0x80 * each
	)
	n := 0
	for len(s)-n >= 8 {
		b := s[n : n+8]
		w := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		// A difference has its high bit set where it is negative. A borrow only
		// spoils bytes behind one that is found anyway.
		if (w|(w-' '*each)|((w^'"'*each)-each)|((w^'\\'*each)-each))&high != 0 {
			break
		}
		n += 8
	}
	for n < len(s) && s[n] < utf8.RuneSelf && isPlain[s[n]] {
		n++
	}
	return n
}

// appendString appends s as a JSON string. What is no UTF-8 becomes U+FFFD;
// U+2028 and U+2029 are escaped because they end lines in old JavaScript.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := plainPrefix(s); i < len(s); i += plainPrefix(s[i:]) {
		b := s[i]
		if b < utf8.RuneSelf {
			dst = append(dst, s[start:i]...)
			dst = appendEscape(dst, b)
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			dst = append(append(dst, s[start:i]...), `\ufffd`...)
			start = i + size
		case r == '\u2028' || r == '\u2029':
			dst = append(append(dst, s[start:i]...), `\u202`...)
			dst = append(dst, hexDigits[r&0xF])
			start = i + size
		}
		i += size
	}
	return append(append(dst, s[start:]...), '"')
}

func appendEscape(dst []byte, b byte) []byte {
	switch b {
	case '"', '\\':
		return append(dst, '\\', b)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&0xF])
}
