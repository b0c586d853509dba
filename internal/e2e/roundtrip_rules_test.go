package e2e

// rule is a type and rules for its values.
type rule struct {
	Name    string   // in Go
	Type    string   // in the design
	Rules   string   // in the design
	Go      string   // the type in Go
	Valid   []string // in Go
	Invalid []string // in Go
	Rule    string   // what the invalid values break
}

// IsKey reports whether values can be the keys of a map.
func (r rule) IsKey() bool { return r.Go == "string" || r.Go == "int64" || r.Go == "uint32" }

// IsList reports whether values are arrays or maps.
func (r rule) IsList() bool { return r.Go[0] == '[' && r.Go != "[]byte" || r.Go[0] == 'm' }

// Optional is what makes the value of an optional attribute of a value.
func (r rule) Optional() string { return row{Go: r.Go}.Optional() }

func formatRule(name, format string, valid, invalid []string) rule {
	return rule{name, "String", "Format(" + format + ")", "string", valid, invalid, "Format"}
}

var rules = []rule{
	formatRule("Date", "FormatDate", list(`"2024-02-29"`), list(`""`, `"2023-02-29"`, `"2024-2-9"`, `"2024-02-29T00:00:00Z"`)),
	formatRule("DateTime", "FormatDateTime", list(`"2006-01-02T15:04:05Z"`, `"2006-01-02T15:04:05.1-07:00"`), list(`""`, `"2006-01-02 15:04"`, `"2006-01-02T15:04:05"`)),
	formatRule("UUID", "FormatUUID", list(`"f81d4fae-7dec-11d0-a765-00a0c91e6bf6"`), list(`""`, `"f81d4fae7dec11d0a76500a0c91e6bf6"`, `"g81d4fae-7dec-11d0-a765-00a0c91e6bf6"`)),
	formatRule("Mail", "FormatEmail", list(`"a@example.com"`, `"o'neil+x@example.co.uk"`), list(`""`, `"a"`, `"a@"`, `"Ann <a@example.com>"`, `"a@example.com\n"`)),
	formatRule("Hostname", "FormatHostname", list(`"example.com"`, `"a-b.c1"`), list(`""`, `"-a.com"`, `"a b"`, `"a..b"`)),
	formatRule("IPv4", "FormatIPv4", list(`"127.0.0.1"`), list(`""`, `"127.0.0"`, `"::1"`, `"256.0.0.1"`)),
	formatRule("IPv6", "FormatIPv6", list(`"::1"`), list(`""`, `"127.0.0.1"`, `":::"`)),
	formatRule("IP", "FormatIP", list(`"::1"`, `"10.0.0.1"`), list(`""`, `"example.com"`)),
	formatRule("URI", "FormatURI", list(`"https://example.com/a?b#c"`, `"urn:isbn:1"`), list(`""`, `"/a"`, `"https://a b/"`)),
	formatRule("MAC", "FormatMAC", list(`"00:00:5e:00:53:01"`), list(`""`, `"00:00"`)),
	formatRule("CIDR", "FormatCIDR", list(`"10.0.0.0/8"`), list(`""`, `"10.0.0.0"`, `"10.0.0.0/33"`)),
	formatRule("Regexp", "FormatRegexp", list(`"^a+$"`, `""`), list(`"a("`)),
	formatRule("JSON", "FormatJSON", list(`"{}"`, `"1"`), list(`""`, `"{"`, `"{} {}"`)),
	formatRule("RFC1123", "FormatRFC1123", list(`"Mon, 02 Jan 2006 15:04:05 GMT"`), list(`""`, `"2006-01-02"`)),
	{"Match", "String", "Pattern(\"^[a-z`]+$\")", "string", list(`"abc"`, "\"`\""), list(`""`, `"a\n"`, `"A"`), "Pattern"},
	{"MinText", "String", "MinLength(2)", "string", list(`"ab"`, `"漢字"`), list(`""`, `"字"`), "MinLength"},
	{"MaxText", "String", "MaxLength(2)", "string", list(`""`, `"漢字"`), list(`"abc"`), "MaxLength"},
	{"MinBytes", "Bytes", "MinLength(2)", "[]byte", list(`[]byte("字")`), list(`[]byte("a")`, "[]byte{}"), "MinLength"},
	{"MaxBytes", "Bytes", "MaxLength(2)", "[]byte", list(`[]byte("ab")`, "[]byte{}"), list(`[]byte("字")`), "MaxLength"},
	{"MinList", "ArrayOf(Int)", "MinLength(1)", "[]int64", list("[]int64{0}"), list("[]int64{}"), "MinLength"},
	{"MaxList", "ArrayOf(Int)", "MaxLength(1)", "[]int64", list("[]int64{0}", "[]int64{}"), list("[]int64{1, 2}"), "MaxLength"},
	{"MinMap", "MapOf(String, Int)", "MinLength(1)", "map[string]int64", list("map[string]int64{``: 0}"), list("map[string]int64{}"), "MinLength"},
	{"MinInt", "Int", "Minimum(-1)", "int64", list("-1", "math.MaxInt64"), list("-2", "math.MinInt64"), "Minimum"},
	{"MaxInt", "Int", "Maximum(9223372036854775806)", "int64", list("0", "math.MaxInt64 - 1"), list("math.MaxInt64"), "Maximum"},
	{"MinUint", "UInt32", "Minimum(1)", "uint32", list("1"), list("0"), "Minimum"},
	{"MaxUint", "UInt64", `Maximum("18446744073709551614")`, "uint64", list("0"), list("math.MaxUint64"), "Maximum"},
	{"MinFloat", "Float64", "Minimum(0.5)", "float64", list("0.5"), list("0.4999", "-1e300"), "Minimum"},
	{"MaxFloat", "Float32", "Maximum(1)", "float32", list("1", "-1"), list("1.5"), "Maximum"},
	{"EnumInt", "Int", "Enum(1, -2)", "int64", list("1", "-2"), list("0", "2"), "Enum"},
	{"EnumFloat", "Float64", "Enum(0.5, 1)", "float64", list("0.5", "1"), list("0"), "Enum"},
	{"EnumBool", "Boolean", "Enum(true)", "bool", list("true"), list("false"), "Enum"},
	{"EnumText", `"Choice"`, "", "rules.Choice", list("rules.ChoiceOpen", `"done"`), list(`"Open"`, `""`), "Enum"},
	{"Both", "String", "Format(FormatDate); Pattern(`^20`); MinLength(10); MaxLength(10); Example(`2024-01-01`)", "string", list(`"2024-01-01"`), list(`"1999-01-01"`), "Pattern"},
}
