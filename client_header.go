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
