package courant

import (
	"net/http"
	"strings"
)

// isEventStream reports whether the media type is text/event-stream, whatever
// its parameters: the standard decodes as UTF-8 even where a charset says
// otherwise (HTML, § 9.2.2).
func isEventStream(contentType string) bool {
	essence, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.Trim(essence, " \t\r\n"), "text/event-stream")
}

// codingOf returns what the answer is compressed with; empty if it is not.
// http.Transport has taken the field away where it undoes that itself.
func codingOf(header http.Header) string {
	coding := header.Get("Content-Encoding")
	if strings.EqualFold(coding, "identity") {
		return ""
	}
	return coding
}

func setDefault(header http.Header, name, value string) {
	if header.Get(name) == "" {
		header.Set(name, value)
	}
}

// fitsHeader reports whether id can be the value of a header field
// (RFC 9110, § 5.5).
func fitsHeader(id string) bool {
	for i := range len(id) {
		if id[i] < ' ' && id[i] != '\t' || id[i] == 0x7f {
			return false
		}
	}
	return true
}
