package model

import "fmt"

// Kind says what sort of value a [DataType] describes.
type Kind int

// The kinds. The comment is the Go type of a value.
const (
	Boolean   Kind = iota + 1 // bool
	Int                       // int64
	Int32                     // int32
	Int64                     // int64
	UInt                      // uint64
	UInt32                    // uint32
	UInt64                    // uint64
	Float32                   // float32
	Float64                   // float64
	String                    // string
	Bytes                     // []byte, base64 in JSON and in text
	Any                       // any
	Timestamp                 // time.Time, RFC 3339
	Duration                  // time.Duration, ISO 8601
	Array                     // []T
	Map                       // map[K]V
	Object                    // a struct, by pointer
	User                      // a named type
)

var kindNames = [...]string{
	Boolean: "Boolean", Int: "Int", Int32: "Int32", Int64: "Int64", UInt: "UInt", UInt32: "UInt32",
	UInt64: "UInt64", Float32: "Float32", Float64: "Float64", String: "String", Bytes: "Bytes",
	Any: "Any", Timestamp: "Timestamp", Duration: "Duration", Array: "Array", Map: "Map",
	Object: "Object", User: "User",
}

// String returns the word of the design language.
func (k Kind) String() string { return name(kindNames[:], int(k)) }

// MarshalText implements [encoding.TextMarshaler].
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (k *Kind) UnmarshalText(text []byte) (err error) {
	*k, err = parse[Kind](kindNames[:], "kind", text)
	return err
}

// IsPrimitive reports whether values of the kind are neither a collection nor
// an object nor a user type.
func (k Kind) IsPrimitive() bool { return k >= Boolean && k <= Duration }

// IsInteger reports whether k is one of the six integer kinds.
func (k Kind) IsInteger() bool { return k >= Int && k <= UInt64 }

// IsNumber reports whether k is an integer or a float.
func (k Kind) IsNumber() bool { return k >= Int && k <= Float64 }

// Format is a well-known form of a String.
type Format int

// The formats. The comment is the standard that decides.
const (
	FormatDate     Format = iota + 1 // RFC 3339, full-date
	FormatDateTime                   // RFC 3339, date-time
	FormatUUID                       // RFC 9562
	FormatEmail                      // RFC 5322, addr-spec
	FormatHostname                   // RFC 1123
	FormatIPv4                       // RFC 791
	FormatIPv6                       // RFC 4291
	FormatIP                         // either
	FormatURI                        // RFC 3986, absolute
	FormatMAC                        // IEEE 802
	FormatCIDR                       // RFC 4632
	FormatRegexp                     // RE2
	FormatJSON                       // RFC 8259
	FormatRFC1123                    // RFC 1123 date
)

var formatNames = [...]string{
	FormatDate: "date", FormatDateTime: "date-time", FormatUUID: "uuid", FormatEmail: "email",
	FormatHostname: "hostname", FormatIPv4: "ipv4", FormatIPv6: "ipv6", FormatIP: "ip",
	FormatURI: "uri", FormatMAC: "mac", FormatCIDR: "cidr", FormatRegexp: "regexp",
	FormatJSON: "json", FormatRFC1123: "rfc1123",
}

// String returns the format's name in JSON Schema where it has one.
func (f Format) String() string { return name(formatNames[:], int(f)) }

// MarshalText implements [encoding.TextMarshaler].
func (f Format) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (f *Format) UnmarshalText(text []byte) (err error) {
	*f, err = parse[Format](formatNames[:], "format", text)
	return err
}

func name(names []string, i int) string {
	if i < 0 || i >= len(names) {
		return fmt.Sprintf("(%d)", i)
	}
	return names[i]
}

func parse[T ~int](names []string, what string, text []byte) (T, error) {
	for i, n := range names {
		if n == string(text) {
			return T(i), nil
		}
	}
	return 0, fmt.Errorf("model: unknown %s %q", what, text)
}
