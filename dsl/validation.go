package dsl

import "github.com/courant-dev/courant/eval"

// The words of this file are rules: they say what a value must satisfy besides
// its type. They stand in Attribute, in a Type that is no object, in Payload,
// Result and StreamingResult, and in ArrayOf, Key and Elem for the parts of a
// collection. Payloads that break a rule are answered with status 400, all
// broken rules named at once.

// Enum lists the only values allowed, of a String, a number or a Boolean. A
// String with an Enum becomes a Go type with a constant per value.
//
//	Attribute("status", String, func() { Enum("open", "done") })
//
//go:noinline
func Enum(values ...any) { eval.Record("Enum", values...) }

// The formats that [Format] knows, with the standard that decides.
const (
	FormatDate     eval.FormatName = "date"      // RFC 3339, full-date
	FormatDateTime eval.FormatName = "date-time" // RFC 3339, date-time
	FormatUUID     eval.FormatName = "uuid"      // RFC 9562
	FormatEmail    eval.FormatName = "email"     // RFC 5322, addr-spec
	FormatHostname eval.FormatName = "hostname"  // RFC 1123
	FormatIPv4     eval.FormatName = "ipv4"      // RFC 791
	FormatIPv6     eval.FormatName = "ipv6"      // RFC 4291
	FormatIP       eval.FormatName = "ip"        // either
	FormatURI      eval.FormatName = "uri"       // RFC 3986, absolute
	FormatMAC      eval.FormatName = "mac"       // IEEE 802
	FormatCIDR     eval.FormatName = "cidr"      // RFC 4632
	FormatRegexp   eval.FormatName = "regexp"    // RE2
	FormatJSON     eval.FormatName = "json"      // RFC 8259
	FormatRFC1123  eval.FormatName = "rfc1123"   // a date of RFC 1123
)

// Format says that a String has a well-known form.
//
//	Attribute("email", String, func() { Format(FormatEmail) })
//
// For a point in time, the type [Timestamp] is better than a format.
//
//go:noinline
func Format(format eval.FormatName) { eval.Record("Format", format) }

// Pattern is a regular expression, in the syntax of Go's package regexp, that
// a String matches somewhere; ^ and $ tie it to the ends.
//
//	Attribute("slug", String, func() { Pattern("^[a-z-]+$") })
//
//go:noinline
func Pattern(pattern string) { eval.Record("Pattern", pattern) }

// Minimum is the least value allowed of a number.
//
//	Attribute("limit", Int, func() { Minimum(1) })
//
//go:noinline
func Minimum(value any) { eval.Record("Minimum", value) }

// Maximum is the greatest value allowed of a number.
//
//	Attribute("limit", Int, func() { Maximum(100) })
//
//go:noinline
func Maximum(value any) { eval.Record("Maximum", value) }

// MinLength is the least length allowed: in runes of a String, in bytes of
// Bytes, in elements of a collection.
//
//	Attribute("title", String, func() { MinLength(1) })
//
//go:noinline
func MinLength(length int) { eval.Record("MinLength", length) }

// MaxLength is the greatest length allowed, counted as by [MinLength].
//
//	Attribute("title", String, func() { MaxLength(80) })
//
//go:noinline
func MaxLength(length int) { eval.Record("MaxLength", length) }
