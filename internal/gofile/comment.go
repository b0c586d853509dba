package gofile

import "strings"

// width is the length of a filled line, its slashes included.
const width = 79

// comment returns text as a comment. Lines of prose are filled; lines that are
// indented, or begin a list, stay as they are.
func comment(text string) string {
	text = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\uFFFD").Replace(text))
	if text == "" {
		return ""
	}
	var b strings.Builder
	var prose []string
	flush := func() {
		fill(&b, prose)
		prose = nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRight(line, " \t")
		if line == "" || strings.ContainsRune(" \t-*#|>", rune(line[0])) {
			flush()
			b.WriteString(strings.TrimRight("// "+line, " ") + "\n")
			continue
		}
		prose = append(prose, strings.Fields(line)...)
	}
	flush()
	return b.String()
}

// fill writes words in lines of at most width, unless a word is longer.
func fill(b *strings.Builder, words []string) {
	column := 0
	for _, w := range words {
		switch {
		case column == 0:
			b.WriteString("// ")
			column = 3
		case column+1+len(w) > width:
			b.WriteString("\n// ")
			column = 3
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(w)
		column += len(w)
	}
	if column > 0 {
		b.WriteByte('\n')
	}
}
