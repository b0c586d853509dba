package soak

import (
	"fmt"
	"slices"
	"testing"
)

func TestTokensAreFoundAnywhere(t *testing.T) {
	tokens := newTokens("ab12cd")
	for data, want := range map[string][]string{
		`{"text":"` + tokens.of(3, 1041) + `"}`:               {"3/1041"},
		`<` + tokens.of(0, 0) + `><` + tokens.of(12, 7) + `>`: {"0/0", "12/7"},
		tokens.of(1, 2) + tokens.of(1, 3):                     {"1/2", "1/3"},
		padded(tokens.of(1, 2), 64):                           {"1/2"},
		newTokens("ab12ce").of(1, 2):                          nil,
		"soak-ab12cd-1-":                                      nil,
		"soak-ab12cd-soak-ab12cd-4-5":                         {"4/5"},
		"soak-ab12cd-" + fmt.Sprint(uint64(1<<63)) + "0-1":    nil,
		"": nil,
	} {
		var have []string
		tokens.find([]byte(data), func(topic int, n int64) { have = append(have, fmt.Sprintf("%d/%d", topic, n)) })
		if !slices.Equal(have, want) {
			t.Errorf("%q: %v, want %v", data, have, want)
		}
	}
}

func TestTokensAreFilledUp(t *testing.T) {
	if n := len(padded("soak-1-2-3", 160)); n != 160 {
		t.Errorf("%d bytes", n)
	}
	if s := padded("soak-1-2-3", 4); s != "soak-1-2-3" {
		t.Errorf("%q", s)
	}
}
