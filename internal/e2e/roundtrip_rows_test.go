package e2e

import "strings"

// group is a service of the design rows, with a row for each type.
type group struct {
	Name string // of the service and its package
	Rows []row
}

// row is a type and values of it that must survive every journey.
type row struct {
	Name   string   // in Go; of the methods
	Type   string   // in the design
	Go     string   // the type in Go, as it is passed; ~ stands for the package
	Values []string // in Go
	Def    string   // a default in the design; empty for none
	GoDef  string   // the same in Go; empty: it is written the same
}

// IsScalar reports whether values fit in a path.
func (r row) IsScalar() bool { return r.Def != "" && r.Optional() != "" || r.Name == "Bytes" }

// Optional is what makes the value of an optional attribute of a value.
func (r row) Optional() string {
	for _, nilable := range []string{"[]", "map[", "any", "*", "~.Blob", "~.Thing", "~.Tags", "~.Pauses", "~.Matrix", "~.Scores", "~.Board"} {
		if strings.HasPrefix(r.Go, nilable) {
			return ""
		}
	}
	return "ref"
}

// IsChecked reports whether the zero value is not allowed as a default.
func (r row) IsChecked() bool { return r.Name == "Email" || r.Name == "Level" || r.Name == "Point" }

// Default is the default in Go.
func (r row) Default() string {
	if r.GoDef == "" {
		return r.Def
	}
	return r.GoDef
}

// texts are strings that travel badly where they are not escaped.
const texts = `"", " ", "a", "null", "true", "0", "größer 漢字 🎉", "a\nb", "a\r\nb\r", "\n", "\x00", "<a href=\"x\">&amp;</a>", ` +
	`"data: x\n\nevent: stream-end", "\u2028\u2029", "a,b;c=d/e?f#g%2F%20+ ", "..", "\\", "\ufeffx", "'"`

var groups = []group{
	{"scalars", []row{
		{"Bool", "Boolean", "bool", list("false", "true"), "true", ""},
		{"Int", "Int", "int64", list("0", "-1", "math.MaxInt64", "math.MinInt64"), "-7", ""},
		{"Int32", "Int32", "int32", list("0", "-1", "math.MaxInt32", "math.MinInt32"), "7", ""},
		{"Int64", "Int64", "int64", list("0", "-1", "math.MaxInt64", "math.MinInt64"), "math.MaxInt64", ""},
		{"Uint", "UInt", "uint64", list("0", "math.MaxUint64"), "uint64(math.MaxUint64)", ""},
		{"Uint32", "UInt32", "uint32", list("0", "math.MaxUint32"), "7", ""},
		{"Uint64", "UInt64", "uint64", list("0", "math.MaxUint64"), "7", ""},
		{"Float32", "Float32", "float32", list("0", "-0.1", "math.MaxFloat32", "1e-30", "1e21"), "0.5", ""},
		{"Float64", "Float64", "float64", list("0", "-0.1", "math.MaxFloat64", "math.SmallestNonzeroFloat64", "1e21", "123456789012345680"), "1", ""},
		{"String", "String", "string", list("`a`", texts), "`a \"b\" <\\>`", ""},
		{"Bytes", "Bytes", "[]byte", list("nil", "[]byte{}", "[]byte{0, 255, 254, '\\n'}", "[]byte(`<&>`)"), `[]byte("hi")`, ""},
		{"Any", "Any", "any", list(`"text"`, "true", "1.5", "[]any{}", `map[string]any{"a": []any{nil, "<&>"}}`, `""`), `Val{"a": 1}`, `map[string]any{"a": 1.0}`},
		{"Timestamp", "Timestamp", "time.Time", list("time.Time{}", "at", "at.In(time.FixedZone(``, -12600))", "time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC)"), `"2006-01-02T15:04:05Z"`, "time.Date(2006, 1, 2, 15, 4, 5, 0, time.UTC)"},
		{"Duration", "Duration", "time.Duration", list("0", "1", "-1500*time.Millisecond", "math.MaxInt64", "math.MinInt64", "36*time.Hour"), `"1m30s"`, "90 * time.Second"},
	}},
	{"users", []row{
		{"Flag", `"Flag"`, "~.Flag", list("false", "true"), "true", ""},
		{"Amount", `"Amount"`, "~.Amount", list("0", "-1", "math.MinInt64"), "3", ""},
		{"Ratio", `"Ratio"`, "~.Ratio", list("0", "-0.25"), "0.5", ""},
		{"Email", `"Email"`, "~.Email", list(`"a@example.com"`, `"o'neil+x@example.com"`), `"b@example.com"`, ""},
		{"State", `"State"`, "~.State", list("~.StateOpen", `"in_work"`, `"größer"`, "~.StateFunc"), `"in-work"`, ""},
		{"Level", `"Level"`, "~.Level", list("1", "1<<40"), "2", ""},
		{"Blob", `"Blob"`, "~.Blob", list("nil", "~.Blob{}", "~.Blob{255, 0}"), `[]byte("hi")`, ""},
		{"Moment", `"Moment"`, "~.Moment", list("~.Moment(at)"), "", ""},
		{"Pause", `"Pause"`, "~.Pause", list("0", "~.Pause(-time.Second)"), `"1s"`, "~.Pause(time.Second)"},
		{"Thing", `"Thing"`, "~.Thing", list(`"text"`, "[]any{}", "0.5"), "", ""},
		{"Tags", `"Tags"`, "~.Tags", list(`~.Tags{"a", "", "b,c"}`, "nil", "~.Tags{}"), `[]string{"x"}`, `~.Tags{"x"}`},
		{"Pauses", `"Pauses"`, "~.Pauses", list("~.Pauses{0, time.Hour}", "nil"), "", ""},
		{"Matrix", `"Matrix"`, "~.Matrix", list("~.Matrix{{1, 2}, {}, nil}", "nil", "~.Matrix{}"), "", ""},
		{"Scores", `"Scores"`, "~.Scores", list(`~.Scores{"a": 1, "": -1, "<\n>": 0}`, "nil", "~.Scores{}"), "", ""},
		{"Board", `"Board"`, "~.Board", list(`~.Board{"a@example.com": {{X: 1}, {Y: -1}}, "b@example.com": nil}`, "nil"), "", ""},
	}},
	{"objects", []row{
		{"Point", `"Point"`, "*~.Point", list("&~.Point{}", "&~.Point{X: math.MaxInt64, Y: -1}"), `Val{"x": 1, "y": 2}`, "&~.Point{X: 1, Y: 2}"},
		{"Node", `"Node"`, "*~.Node", list(
			"&~.Node{}",
			`&~.Node{Name: "a", Next: &~.Node{Name: "b"}, Children: []*~.Node{{Name: "c"}, {}}, Named: map[string]*~.Node{"d": {Name: "d"}}}`,
		), "", ""},
		{"Deep", `"Deep"`, "*~.Deep", list(
			"&~.Deep{State: ~.StateOpen, Inner: &~.DeepInner{}}",
			`&~.Deep{State: "", Pause: ref(time.Minute), Pauses: map[string][]time.Duration{"a": {1}, "b": nil}, Any: ref("<>"),
				Inner: &~.DeepInner{Points: []*~.Point{{X: 1}}, Kind: ref(~.DeepInnerKindB), Limit: 0}}`,
		), "", ""},
		{"Nothing", `"Nothing"`, "*~.Nothing", list("&~.Nothing{}", `&~.Nothing{Optional: ref("")}`), "", ""},
	}},
	{"arrays", []row{
		{"Bools", "ArrayOf(Boolean)", "[]bool", list("[]bool{true, false}", "nil", "[]bool{}"), "", ""},
		{"Ints", "ArrayOf(Int)", "[]int64", list("[]int64{0, -1, math.MaxInt64}", "nil", "[]int64{}"), "[]int{1, 2}", "[]int64{1, 2}"},
		{"Uints", "ArrayOf(UInt32)", "[]uint32", list("[]uint32{0, math.MaxUint32}", "nil"), "", ""},
		{"Floats", "ArrayOf(Float64)", "[]float64", list("[]float64{0, -1.5}", "nil"), "", ""},
		{"Strings", "ArrayOf(String)", "[]string", list("[]string{`a`, `b`}", "[]string{"+texts+"}", "nil", "[]string{}", "[]string{``}"), "[]string{}", ""},
		{"Blobs", "ArrayOf(Bytes)", "[][]byte", list("[][]byte{{1}, {}, nil}", "nil"), "", ""},
		{"Anys", "ArrayOf(Any)", "[]any", list("[]any{nil, `a`, 1.5, []any{}}", "nil"), "", ""},
		{"Times", "ArrayOf(Timestamp)", "[]time.Time", list("[]time.Time{at, {}}", "nil"), "", ""},
		{"Durations", "ArrayOf(Duration)", "[]time.Duration", list("[]time.Duration{0, 1, time.Hour}", "nil"), "", ""},
		{"Grid", "ArrayOf(ArrayOf(Int))", "[][]int64", list("[][]int64{{1, 2}, {}, nil}", "nil", "[][]int64{}"), "", ""},
		{"Points", `ArrayOf("Point")`, "[]*~.Point", list("[]*~.Point{{X: 1}, {}}", "nil", "[]*~.Point{}"), "", ""},
		{"Emails", `ArrayOf("Email")`, "[]~.Email", list("[]~.Email{`a@example.com`}", "nil"), "", ""},
		{"States", `ArrayOf("State")`, "[]~.State", list("[]~.State{~.StateOpen, `größer`}", "nil"), "", ""},
		{"Tables", "ArrayOf(MapOf(String, Int))", "[]map[string]int64", list("[]map[string]int64{{`a`: 1}, {}, nil}", "nil"), "", ""},
		{"Tagged", `ArrayOf("Tags")`, "[]~.Tags", list("[]~.Tags{{`a`}, {}, nil}", "nil"), "", ""},
	}},
	{"maps", []row{
		{"OfInt", "MapOf(String, Int)", "map[string]int64", list(`map[string]int64{"": 0, "a b": -1, "\n<\x00": 2}`, "nil", "map[string]int64{}"), `map[string]int{"a": 1}`, `map[string]int64{"a": 1}`},
		{"OfBytes", "MapOf(String, Bytes)", "map[string][]byte", list(`map[string][]byte{"a": {1}, "b": {}, "c": nil}`, "nil"), "", ""},
		{"OfDuration", "MapOf(String, Duration)", "map[string]time.Duration", list(`map[string]time.Duration{"a": time.Second}`, "nil"), "", ""},
		{"OfAny", "MapOf(String, Any)", "map[string]any", list(`map[string]any{"a": nil, "b": []any{}}`, "nil", "map[string]any{}"), "", ""},
		{"OfPoints", `MapOf(Int, ArrayOf("Point"))`, "map[int64][]*~.Point", list("map[int64][]*~.Point{-1: {{X: 1}}, 2: nil, 3: {}}", "nil"), "", ""},
		{"OfMaps", "MapOf(String, MapOf(String, ArrayOf(Int)))", "map[string]map[string][]int64", list(`map[string]map[string][]int64{"a": {"b": {1}, "c": nil}, "d": nil}`, "nil"), "", ""},
		{"ByInt", "MapOf(Int32, String)", "map[int32]string", list(`map[int32]string{-1: "a", 0: ""}`, "nil"), "", ""},
		{"ByUint", "MapOf(UInt64, String)", "map[uint64]string", list(`map[uint64]string{math.MaxUint64: "a"}`, "nil"), "", ""},
		{"ByBool", "MapOf(Boolean, String)", "map[bool]string", list(`map[bool]string{true: "a", false: "b"}`, "nil"), "", ""},
		{"ByFloat", "MapOf(Float64, String)", "map[float64]string", list(`map[float64]string{-0.5: "a", 1e21: "b"}`, "nil"), "", ""},
		{"ByTime", "MapOf(Timestamp, String)", "map[time.Time]string", list(`map[time.Time]string{at: "a"}`, "nil"), "", ""},
		{"ByDuration", "MapOf(Duration, String)", "map[time.Duration]string", list(`map[time.Duration]string{-1: "a", time.Hour: "b"}`, "nil"), "", ""},
		{"ByState", `MapOf("State", "State")`, "map[~.State]~.State", list(`map[~.State]~.State{~.StateOpen: "", "größer": "func"}`, "nil"), "", ""},
		{"ByPause", `MapOf("Pause", "Blob")`, "map[~.Pause]~.Blob", list("map[~.Pause]~.Blob{1: {1}, 2: nil}", "nil"), "", ""},
	}},
}

func list(values ...string) []string { return values }
