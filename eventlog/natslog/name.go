package natslog

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
)

// plain are the bytes that may stand in any name.
const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// streamName returns the name of the stream that keeps a log. It is a directory
// on the server as well, so it has the readable part of the log's name and a hash
// of all of it, and does not rely on the case of letters.
func streamName(prefix, log string) string {
	const readable = 32
	name := strings.Map(func(r rune) rune {
		if r < 0x80 && strings.ContainsRune(plain, r) {
			return r
		}
		return '_'
	}, log)
	sum := sha256.Sum256([]byte(log))
	return prefix + "_" + name[:min(len(name), readable)] + "_" + hex.EncodeToString(sum[:8])
}

// token returns the topic as one token of a subject. Different topics give
// different tokens, none of which can be a wildcard or reach into another log.
func token(topic string) string {
	return escape(topic, func(i int) bool {
		b := topic[i]
		return b <= ' ' || b == 0x7f || b == '.' || b == '*' || b == '>' || b == '%'
	})
}

// headerValue returns text as the value of a header, which is trimmed and ends
// with its line. unescape reads it.
func headerValue(text string) string {
	return escape(text, func(i int) bool {
		b := text[i]
		return b < ' ' || b == 0x7f || b == '%' || b == ' ' && (i == 0 || i == len(text)-1)
	})
}

// escape writes the bytes at which special is true as % and two digits.
func escape(text string, special func(i int) bool) string {
	const digits = "0123456789ABCDEF"
	var out []byte
	for i := range len(text) {
		switch {
		case special(i):
			if out == nil {
				out = append(make([]byte, 0, len(text)+16), text[:i]...)
			}
			out = append(out, '%', digits[text[i]>>4], digits[text[i]&15])
		case out != nil:
			out = append(out, text[i])
		}
	}
	if out == nil {
		return text
	}
	return string(out)
}

func unescape(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if b, err := hex.DecodeString(text[i+1 : i+3]); err == nil {
				out = append(out, b[0])
				i += 2
				continue
			}
		}
		out = append(out, text[i])
	}
	return string(out)
}

// keyID returns the ID by which the server finds an entry of the same key again.
// It looks in the whole stream, so the ID is of the topic too.
func keyID(topic, key string) string {
	sum := sha256.Sum256([]byte(strconv.Itoa(len(topic)) + " " + topic + key))
	return base64.RawURLEncoding.EncodeToString(sum[:20])
}
