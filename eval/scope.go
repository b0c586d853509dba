package eval

import (
	"math/bits"
	"strings"
)

// scope is a set of places where a word may stand.
type scope uint32

// The places.
const (
	inTop scope = 1 << iota
	inAPI
	inServer
	inHost
	inService
	inMethod
	inHTTPAPI
	inHTTPService
	inHTTPMethod
	inResponse
	inErrorResponse
	inParams
	inHeaders
	inResponseHeaders
	inBody
	inSSE
	inFiles
	inType
	inAttribute
	inPayload
	inResult
	inStreamingResult
	inError
	inArrayOf
	inMapOf
	inKey
	inElem
	inExample
	inTopic
)

// Places that go together.
const (
	inHTTP  = inHTTPAPI | inHTTPService | inHTTPMethod
	inValue = inType | inAttribute | inPayload | inResult | inStreamingResult | inError
	inItem  = inArrayOf | inKey | inElem
	inAny   = inValue | inItem
)

var scopeNames = [...]string{
	"at the top of a design", "in API", "in Server", "in Host", "in Service", "in Method",
	"in the HTTP of the API", "in the HTTP of a service", "in the HTTP of a method",
	"in Response", "in the Response of an error", "in Params", "in Headers",
	"in the Headers of a Response", "in Body", "in ServerSentEvents", "in Files",
	"in Type", "in Attribute", "in Payload", "in Result", "in StreamingResult", "in Error",
	"in ArrayOf", "in MapOf", "in Key", "in Elem", "in Example", "in Topic",
}

// String returns the places as they stand in a message.
func (s scope) String() string {
	var names []string
	for ; s != 0; s &= s - 1 {
		name := scopeNames[bits.TrailingZeros32(uint32(s))]
		if len(names) > 0 {
			name = strings.TrimPrefix(name, "in ")
		}
		names = append(names, name)
	}
	n := len(names)
	if n < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
}

// opens returns the place that the function of c is.
func opens(w word, c *Call, in scope) scope {
	switch c.Word {
	case "HTTP":
		switch in {
		case inAPI:
			return inHTTPAPI
		case inService:
			return inHTTPService
		}
		return inHTTPMethod
	case "Response":
		if in == inHTTPMethod && !namesError(c) {
			return inResponse
		}
		return inErrorResponse
	case "Headers":
		if in == inResponse {
			return inResponseHeaders
		}
	}
	return w.opens
}

// namesError reports whether a Response is that of an error.
func namesError(c *Call) bool {
	for _, a := range c.Args {
		if _, ok := a.(string); ok {
			return true
		}
	}
	return false
}
