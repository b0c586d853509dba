package openapi

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// formats are the examples of the formats. Names and addresses are those that
// are set aside for documentation.
var formats = map[model.Format]string{
	model.FormatDate: "2026-01-15", model.FormatDateTime: sampleTime,
	model.FormatUUID: "3f2b8c1e-6d4a-4e7b-9c05-1a2f3e4d5c6b", model.FormatEmail: "ada@example.com",
	model.FormatHostname: "www.example.com", model.FormatIPv4: "192.0.2.1", model.FormatIPv6: "2001:db8::1",
	model.FormatIP: "192.0.2.1", model.FormatURI: "https://www.example.com/", model.FormatMAC: "00:00:5e:00:53:01",
	model.FormatCIDR: "192.0.2.0/24", model.FormatRegexp: "^[a-z]+$", model.FormatJSON: `{"answer":42}`,
	model.FormatRFC1123: "Thu, 15 Jan 2026 09:30:00 GMT",
}

// texts are the examples of strings by the last word of the name.
var texts = map[string]string{
	"address": "12 St James's Square", "author": "Ada Lovelace", "body": "Hello, world", "city": "London",
	"color": "#1f77b4", "comment": "Looks good", "content": "Hello, world", "country": "GB",
	"currency": "EUR", "date": "2026-01-15", "description": "A short description", "email": "ada@example.com",
	"file": "notes.txt", "filename": "notes.txt", "host": "www.example.com", "hostname": "www.example.com",
	"id": "n7x2k9", "ip": "192.0.2.1", "key": "key", "language": "en", "lang": "en", "link": "https://www.example.com/",
	"locale": "en-GB", "mail": "ada@example.com", "message": "Hello, world", "name": "Ada", "note": "Remember the milk",
	"path": "docs/index.html", "phone": "+441632960961", "query": "tea", "room": "lobby", "tag": "tea",
	"text": "Hello, world", "timezone": "Europe/London", "title": "A short title", "token": "t0ken",
	"uri": "https://www.example.com/", "url": "https://www.example.com/", "user": "ada", "username": "ada",
	"uuid": "3f2b8c1e-6d4a-4e7b-9c05-1a2f3e4d5c6b", "version": "1.0.0",
}

// sampleString returns a string that satisfies the rules, or nil.
func sampleString(name string, r model.Rules) json.RawMessage {
	if s, ok := formats[r.Format]; ok {
		if satisfies(s, r) {
			return quote(s)
		}
		return nil
	}
	s, ok := fit(sampleText(name), r)
	if ok && satisfies(s, r) {
		return quote(s)
	}
	if r.Pattern == "" {
		return nil
	}
	s = matching(r.Pattern, r)
	if !satisfies(s, r) {
		return nil
	}
	return quote(s)
}

// sampleText returns the usual text for the name.
func sampleText(name string) string {
	if s, ok := texts[lastWord(name)]; ok {
		return s
	}
	if words := words(name); len(words) > 0 {
		return strings.Join(words, " ")
	}
	return "text"
}

// words returns the words of a name in small letters.
func words(name string) []string {
	return strings.FieldsFunc(goname.Dir(name), func(r rune) bool { return r == '_' })
}

func lastWord(name string) string {
	words := words(name)
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

// singular is the name of an element of the collection with the name.
func singular(name string) string {
	switch one, ok := strings.CutSuffix(name, "ies"); {
	case ok:
		return one + "y"
	case strings.HasSuffix(name, "ss"):
		return name
	}
	return strings.TrimSuffix(name, "s")
}

// fit makes a text as long as the rules want it: cut, or repeated.
func fit(s string, r model.Rules) (string, bool) {
	if r.MinLength != nil && utf8.RuneCountInString(s) < *r.MinLength {
		const longest = 1000
		if *r.MinLength > longest {
			return "", false
		}
		s = strings.Repeat(s+" ", *r.MinLength)
		s = strings.TrimSuffix(string([]rune(s)[:*r.MinLength]), " ")
		s += strings.Repeat(".", *r.MinLength-utf8.RuneCountInString(s))
	}
	if r.MaxLength != nil && utf8.RuneCountInString(s) > *r.MaxLength {
		s = string([]rune(s)[:*r.MaxLength])
	}
	return s, true
}

// satisfies reports whether s has the length and the pattern of the rules.
func satisfies(s string, r model.Rules) bool {
	n := utf8.RuneCountInString(s)
	if r.MinLength != nil && n < *r.MinLength || r.MaxLength != nil && n > *r.MaxLength {
		return false
	}
	if r.Pattern == "" {
		return true
	}
	re, err := regexp.Compile(r.Pattern)
	return err == nil && re.MatchString(s)
}
