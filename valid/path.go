package valid

import (
	"fmt"
	"strconv"
	"strings"
)

// Index names an element of an array: Index("tags", 3) is `tags[3]`.
func Index(attribute string, i int) string {
	return attribute + "[" + strconv.Itoa(i) + "]"
}

// maxKey is how many runes of a key a path shows.
const maxKey = 40

// Key names a value of a map: Key("scores", "a b") is `scores["a b"]`. Long
// keys are cut.
func Key[K comparable](attribute string, key K) string {
	text := fmt.Sprint(key)
	if runes := []rune(text); len(runes) > maxKey {
		text = string(runes[:maxKey]) + "…"
	}
	return attribute + "[" + strconv.Quote(text) + "]"
}

// join puts the path of an attribute in front of the path of one inside it.
func join(outer, inner string) string {
	if outer == "" || inner == "" || strings.HasPrefix(inner, "[") {
		return outer + inner
	}
	return outer + "." + inner
}
