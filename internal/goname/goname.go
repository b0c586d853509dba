// Package goname spells the names of a design in Go.
//
// It is shared by eval, which refuses designs whose names clash in Go, and by
// the generators, so that the two cannot disagree. It knows nothing of what a
// name stands for.
package goname

import (
	"fmt"
	"go/token"
	"strings"
	"unicode"
)

// initialisms are written in capitals, as the Go code review comments ask.
var initialisms = map[string]bool{
	"ACL": true, "API": true, "ASCII": true, "CPU": true, "CSS": true, "DNS": true, "EOF": true,
	"GUID": true, "HTML": true, "HTTP": true, "HTTPS": true, "ID": true, "IP": true, "JSON": true,
	"JWT": true, "MAC": true, "QPS": true, "RAM": true, "RPC": true, "SLA": true, "SMTP": true,
	"SQL": true, "SSE": true, "SSH": true, "TCP": true, "TLS": true, "TTL": true, "UDP": true,
	"UI": true, "UID": true, "UUID": true, "URI": true, "URL": true, "UTF8": true, "VM": true,
	"XML": true, "XSRF": true, "XSS": true,
}

// Exported returns the exported identifier for name, or "" when no letter or
// digit is in it:
//
//	user_id	UserID
//	startID	StartID
//	2fa	X2fa
func Exported(name string) string {
	var b strings.Builder
	for _, w := range words(name) {
		if up := strings.ToUpper(w); initialisms[up] {
			b.WriteString(up)
			continue
		}
		r := []rune(w)
		r[0] = unicode.ToUpper(r[0])
		b.WriteString(string(r))
	}
	id := b.String()
	if id != "" && !token.IsExported(id) {
		id = "X" + id // a digit or a letter without case
	}
	return id
}

// Package returns the name of the package of the service called name, or "":
//
//	chat rooms	chatrooms
//	type	typesvc
func Package(name string) string {
	pkg := strings.ToLower(strings.Join(words(name), ""))
	if pkg == "" {
		return ""
	}
	if !unicode.IsLetter([]rune(pkg)[0]) {
		pkg = "x" + pkg
	}
	if token.IsKeyword(pkg) || pkg == "main" || pkg == "init" {
		pkg += "svc"
	}
	return pkg
}

// Dir returns the name of the directory of the service called name, or "":
//
//	Chat Rooms	chat_rooms
func Dir(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.Join(words(name), "_")) {
		if r < unicode.MaxASCII {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "u%04x", r) // import paths are ASCII
		}
	}
	dir := b.String()
	if unusable[dir] {
		dir += "_svc"
	}
	return dir
}

// unusable are the names of directories that the go command passes by or
// refuses in an import path.
var unusable = map[string]bool{
	"vendor": true, "testdata": true, "con": true, "prn": true, "aux": true, "nul": true,
	"com1": true, "com2": true, "com3": true, "com4": true, "com5": true, "com6": true,
	"com7": true, "com8": true, "com9": true, "lpt1": true, "lpt2": true, "lpt3": true,
	"lpt4": true, "lpt5": true, "lpt6": true, "lpt7": true, "lpt8": true, "lpt9": true,
}

// words splits name at everything that is no letter or digit, and where a
// capital begins a new word.
func words(name string) []string {
	var out []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, string(word))
			word = nil
		}
	}
	rs := []rune(name)
	for i, r := range rs {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush()
			continue
		case unicode.IsUpper(r) && i > 0 && startsWord(rs, i):
			flush()
		}
		word = append(word, r)
	}
	flush()
	return out
}

// startsWord reports whether the capital at i begins a word: after a small
// letter or digit (startID), or as the last capital of a row (HTTPServer).
func startsWord(rs []rune, i int) bool {
	prev := rs[i-1]
	if unicode.IsLower(prev) || unicode.IsDigit(prev) {
		return true
	}
	return unicode.IsUpper(prev) && i+1 < len(rs) && unicode.IsLower(rs[i+1])
}
