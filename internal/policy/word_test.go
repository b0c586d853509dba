package policy

import (
	"strings"
	"testing"
	"unicode"
)

// otherWords are not ours: on the right is the word that means the same here.
// ARCHITECTURE.md says what our words mean; words that mean something else as
// well (message, channel, name, since) are left to reviewers.
var otherWords = map[string]string{
	"expr": "design or model", "ir": "model",
	"endpoint": "method", "action": "method",
	"cursor": "last event ID or position", "chunk": "frame", "packet": "frame",
	"marshal": "encode", "unmarshal": "decode", "serialize": "encode", "deserialize": "decode",
	"subject": "topic", "history": "log",
	"emit": "publish or append", "broadcast": "publish", "dispatch": "publish",
	"catchup": "replay", "recovery": "replay",
	"hole":   "gap",
	"broker": "hub", "listener": "subscription",
	"ping": "heartbeat", "keepalive": "heartbeat",
	"kill": "drain", "disconnect": "cut",
}

// givenNames come from interfaces of the standard library.
var givenNames = map[string]bool{
	"MarshalJSON": true, "UnmarshalJSON": true, "MarshalText": true, "UnmarshalText": true,
}

func TestNamesKeepToTheVocabulary(t *testing.T) {
	r := load(t)
	for _, f := range r.files {
		if f.isTest() {
			continue
		}
		for _, e := range exported(f.ast) {
			if givenNames[e.name] {
				continue
			}
			for _, w := range split(e.name) {
				if ours := otherWords[w]; ours != "" {
					t.Errorf("%s: %s: the word here is %s, not %s", r.set.Position(e.node.Pos()), e.name, ours, w)
				}
			}
		}
	}
}

// split returns the words of a name in small letters: HTTPServerID is http,
// server and id.
func split(name string) []string {
	var out []string
	rs := []rune(name)
	start := 0
	for i := 1; i < len(rs); i++ {
		starts := unicode.IsUpper(rs[i]) && (!unicode.IsUpper(rs[i-1]) || i+1 < len(rs) && unicode.IsLower(rs[i+1]))
		if starts {
			out = append(out, strings.ToLower(string(rs[start:i])))
			start = i
		}
	}
	return append(out, strings.ToLower(string(rs[start:])))
}
