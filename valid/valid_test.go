package valid_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant/valid"
)

type name string
type count int32

func TestChecks(t *testing.T) {
	broken := valid.Pattern("(")
	letters := valid.Pattern("^[a-é]+$")
	for _, c := range []struct {
		name  string
		check func(e *valid.Errors)
		want  string // empty: it holds
	}{
		{"minimum, equal", func(e *valid.Errors) { valid.Minimum(e, "a", int64(1), 1) }, ""},
		{"minimum, less", func(e *valid.Errors) { valid.Minimum(e, "a", int64(0), 1) }, "a: want at least 1, have 0"},
		{"minimum of a named type", func(e *valid.Errors) { valid.Minimum(e, "a", count(0), 1) }, "a: want at least 1, have 0"},
		{"minimum of NaN", func(e *valid.Errors) { valid.Minimum(e, "a", math.NaN(), 1) }, "a: want at least 1, have NaN"},
		{"minimum of a fraction", func(e *valid.Errors) { valid.Minimum(e, "a", 0.1, 0.25) }, "a: want at least 0.25, have 0.1"},
		{"maximum, equal", func(e *valid.Errors) { valid.Maximum(e, "a", uint64(math.MaxUint64), math.MaxUint64) }, ""},
		{"maximum, more", func(e *valid.Errors) { valid.Maximum(e, "a", uint64(math.MaxUint64), 1) }, "a: want at most 1, have 18446744073709551615"},
		{"exclusive minimum, equal", func(e *valid.Errors) { valid.ExclusiveMinimum(e, "a", 1, 1) }, "a: want more than 1, have 1"},
		{"exclusive minimum, more", func(e *valid.Errors) { valid.ExclusiveMinimum(e, "a", 2, 1) }, ""},
		{"exclusive maximum, equal", func(e *valid.Errors) { valid.ExclusiveMaximum(e, "a", 1.5, 1.5) }, "a: want less than 1.5, have 1.5"},
		{"exclusive maximum, less", func(e *valid.Errors) { valid.ExclusiveMaximum(e, "a", 1, 2) }, ""},
		{"a length counts code points", func(e *valid.Errors) { valid.MinLength(e, "a", "éé", 3) }, "a: want at least 3 characters, have 2"},
		{"a length that is long enough", func(e *valid.Errors) { valid.MinLength(e, "a", name("ééé"), 3) }, ""},
		{"a length that is too long", func(e *valid.Errors) { valid.MaxLength(e, "a", name("ab"), 1) }, "a: want at most 1 character, have 2"},
		{"a length of more bytes than characters", func(e *valid.Errors) { valid.MaxLength(e, "a", "ééé", 3) }, ""},
		{"too few elements", func(e *valid.Errors) { valid.MinLen(e, "a", 0, 1) }, "a: want at least 1 element, have 0"},
		{"too many elements", func(e *valid.Errors) { valid.MaxLen(e, "a", 3, 2) }, "a: want at most 2 elements, have 3"},
		{"a length within the limits", func(e *valid.Errors) { valid.MinLen(e, "a", 1, 1); valid.MaxLen(e, "a", 1, 1) }, ""},
		{"enum of a named string", func(e *valid.Errors) { valid.Enum(e, "a", name("x"), "y", "z") }, `a: want one of "y", "z"`},
		{"enum of numbers", func(e *valid.Errors) { valid.Enum(e, "a", 3, 1, 2) }, "a: want one of 1, 2"},
		{"enum that has the value", func(e *valid.Errors) { valid.Enum(e, "a", 2, 1, 2) }, ""},
		{"enum of many", func(e *valid.Errors) { valid.Enum(e, "a", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14) }, "a: want one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more"},
		{"enum of bytes", func(e *valid.Errors) { valid.EnumJSON(e, "a", []byte("a"), `"YQ=="`) }, ""},
		{"enum of any", func(e *valid.Errors) {
			valid.EnumJSON(e, "a", map[string]any{"b": 1, "a": "é"}, `{"a": "\u00e9", "b":1}`)
		}, ""},
		{"enum of a large integer", func(e *valid.Errors) { valid.EnumJSON(e, "a", int64(9007199254740993), "9007199254740992") }, "a: want one of 9007199254740992"},
		{"enum of what has no JSON", func(e *valid.Errors) { valid.EnumJSON(e, "a", math.NaN(), "1") }, "a: want one of 1"},
		{"a pattern that matches", func(e *valid.Errors) { valid.Match(e, "a", name("bé"), letters) }, ""},
		{"a pattern that does not", func(e *valid.Errors) { valid.Match(e, "a", strings.Repeat("X", 1000), letters) }, "a: want a match of ^[a-é]+$"},
		{"a pattern that does not compile", func(e *valid.Errors) { valid.Match(e, "a", "", broken) }, "a: error parsing regexp: missing closing ): `(`"},
		{"an object that is there", func(e *valid.Errors) { valid.Required(e, "a", &struct{}{}) }, ""},
		{"an object that is not", func(e *valid.Errors) { valid.Required[struct{}](e, "a", nil) }, "a: is required"},
		{"another error of an inner Validate", func(e *valid.Errors) { e.Nested("a", errors.New("wrong")) }, "a: wrong"},
		{"no error of an inner Validate", func(e *valid.Errors) { e.Nested("a", nil) }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var e valid.Errors
			c.check(&e)
			have := ""
			if err := e.Err(); err != nil {
				have = err.Error()
			}
			if have != c.want {
				t.Errorf("have %q\nwant %q", have, c.want)
			}
		})
	}
}

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		name  string
		check func(*valid.Errors, string, string)
		good  []string
		bad   []string
	}{
		{"date", valid.FormatDate[string], []string{"2024-02-29"}, []string{"", "2023-02-29", "2024-2-9", "2024-02-29T00:00:00Z", "24-02-29"}},
		{"date-time", valid.FormatDateTime[string], []string{"2024-02-29T23:59:59Z", "2024-02-29T23:59:59.123456789+02:00"}, []string{"", "2024-02-29", "2024-02-29 23:59:59Z", "2024-02-29T1:59:59Z", "2024-02-29T1:59:59.5Z", "2024-02-29T23:59:59+25:00", "2024-02-29T23:59:59,5Z", "2024-02-29T23:59:59"}},
		{"uuid", valid.FormatUUID[string], []string{"f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", "00000000-0000-0000-0000-000000000000"}, []string{"", "f81d4fae7dec11d0a76500a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bfg", "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}", "f81d4fae-7dec-11d0-a765-00a0c91e6bf\n"}},
		{"email", valid.FormatEmail[string], []string{"ada@example.com", "a.b+c@sub.example.com", `"a b"@example.com`, "ada@localhost", "é@example.com"}, []string{"", "ada", "@example.com", "ada@", "Ada <ada@example.com>", "<ada@example.com>", " ada@example.com", "ada@example.com (Ada)", "a@b@c", "a@b, c@d", "a@b\r\nBcc: c@d"}},
		{"hostname", valid.FormatHostname[string], []string{"localhost", "a-b.example.com", "3com.com", strings.Repeat("a", 63) + ".com"}, []string{"", "-a.com", "a-.com", "a..b", "a_b", "a b", "é.com", strings.Repeat("a", 64), strings.Repeat("a.", 126) + "aa", "a."}},
		{"ipv4", valid.FormatIPv4[string], []string{"192.0.2.1"}, []string{"", "::1", "192.0.2", "192.0.2.256", "::ffff:192.0.2.1", "01.2.3.4"}},
		{"ipv6", valid.FormatIPv6[string], []string{"::1", "2001:db8::1", "::ffff:192.0.2.1"}, []string{"", "192.0.2.1", "fe80::1%eth0", "[::1]"}},
		{"ip", valid.FormatIP[string], []string{"192.0.2.1", "::1"}, []string{"", "a", "fe80::1%eth0"}},
		{"uri", valid.FormatURI[string], []string{"https://example.com/a?b=c#d", "urn:isbn:0451450523", "mailto:ada@example.com"}, []string{"", "/a", "example.com", "http://a b", "http://[::1", "://x", "http://é", "http://x/{y}", "http://x\n"}},
		{"mac", valid.FormatMAC[string], []string{"00:00:5e:00:53:01", "00-00-5e-00-53-01", "0000.5e00.5301"}, []string{"", "00:00:5e:00:53", "00:00:5e:00:53:zz"}},
		{"cidr", valid.FormatCIDR[string], []string{"192.0.2.0/24", "2001:db8::/32", "10.0.0.1/8"}, []string{"", "192.0.2.0", "192.0.2.0/33", "192.0.2.0/-1"}},
		{"regexp", valid.FormatRegexp[string], []string{"", "^a+$"}, []string{"(", `\8`}},
		{"json", valid.FormatJSON[string], []string{"{}", " 1 ", `"a"`}, []string{"", "{", "{a:1}", "1 2"}},
		{"rfc1123", valid.FormatRFC1123[string], []string{"Mon, 02 Jan 2006 15:04:05 GMT", "Mon, 02 Jan 2006 15:04:05 +0100"}, []string{"", "2006-01-02", "Mon, 02 Jan 2006"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, s := range c.good {
				var e valid.Errors
				if c.check(&e, "a", s); e.Err() != nil {
					t.Errorf("%q: %v", s, e)
				}
			}
			for _, s := range c.bad {
				var e valid.Errors
				if c.check(&e, "a", s); len(e) != 1 || e[0].Rule != "Format" || e[0].Attribute != "a" || e[0].Message == "" {
					t.Errorf("%q: have %v", s, e)
				}
			}
		})
	}
}

func TestPaths(t *testing.T) {
	inner := valid.Errors{
		{Attribute: "", Rule: "Format", Message: "m"},
		{Attribute: "name", Rule: "Format", Message: "m"},
		{Attribute: "[2]", Rule: "Format", Message: "m"},
	}
	var e valid.Errors
	e.Nested("a", inner)
	e.Nested("", inner)
	e.Nested(valid.Index(valid.Index("b", 1), 2), fmt.Errorf("wrapped: %w", inner))
	e.Nested(valid.Key("c", 5), inner)
	e.Nested(valid.Key("d", strings.Repeat("é", 100)), inner[:1])
	e.Nested(valid.Key("e", name("x\"y")), inner[:1])
	e.Nested(valid.Key("f", time.Second), inner[:1])
	var have []string
	for _, err := range e {
		have = append(have, err.Attribute)
	}
	want := `a a.name a[2]  name [2] b[1][2] b[1][2].name b[1][2][2] c["5"] c["5"].name c["5"][2] d["` + strings.Repeat("é", 40) + `…"] e["x\"y"] f["1s"]`
	if got := strings.Join(have, " "); got != want {
		t.Errorf("have %s\nwant %s", got, want)
	}
}

func TestErrors(t *testing.T) {
	var e valid.Errors
	if e.Err() != nil {
		t.Error("the zero Errors is no error")
	}
	e.Add("a", "Rule", "m")
	e.Add("", "Rule", "n")
	err := fmt.Errorf("payload: %w", e.Err())
	if got := err.Error(); got != "payload: a: m; n" {
		t.Errorf("have %q", got)
	}
	if list, ok := errors.AsType[valid.Errors](err); !ok || len(list) != 2 {
		t.Errorf("have %v", list)
	}
	if one, ok := errors.AsType[*valid.Error](err); !ok || one.Attribute != "a" {
		t.Errorf("have %v", one)
	}
	for range 10 * valid.MaxErrors {
		e.Add("a", "Rule", "m")
	}
	if len(e) != valid.MaxErrors {
		t.Errorf("have %d errors", len(e))
	}
}

func TestChecksThatHoldDoNotAllocate(t *testing.T) {
	letters := valid.Pattern("^[a-z]+$")
	author := &Author{Name: "Ada", Email: "ada@example.com"}
	if n := testing.AllocsPerRun(100, func() {
		var e valid.Errors
		valid.MinLength(&e, "a", author.Name, 1)
		valid.MaxLength(&e, "a", author.Name, 3)
		valid.Minimum(&e, "a", 2.5, 1)
		valid.Enum(&e, "a", author.Name, "Bob", "Ada")
		valid.Match(&e, "a", name("abc"), letters)
		valid.FormatUUID(&e, "a", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
		valid.FormatHostname(&e, "a", "example.com")
		valid.Required(&e, "a", author)
		if e.Err() != nil {
			t.Error(e)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
