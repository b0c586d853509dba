package eval

import (
	"strconv"
	"strings"
	"time"
)

// durationOf returns the duration that v is: a time.Duration, or a text such
// as "1m30s".
func durationOf(v any) (time.Duration, bool) {
	switch v := v.(type) {
	case time.Duration:
		return v, true
	case string:
		if strings.HasPrefix(v, "PT") {
			v = strings.ToLower(v[2:]) // PT1M30S is what travels
		}
		d, err := time.ParseDuration(v)
		return d, err == nil
	}
	return 0, false
}

// durationJSON returns v as an ISO 8601 duration, or why it is none.
func durationJSON(v any) (text, fault string) {
	d, ok := durationOf(v)
	if !ok {
		return "", "want a time.Duration or a text such as \"1m30s\", have " + kindOf(v)
	}
	return quoteJSON(isoDuration(d)), ""
}

// isoDuration writes d with hours, minutes and seconds:
//
//	90 * time.Second	PT1M30S
//	0	PT0S
func isoDuration(d time.Duration) string {
	if d == 0 {
		return "PT0S"
	}
	n, sign := uint64(d), ""
	if d < 0 {
		n, sign = -n, "-"
	}
	out := sign + "PT"
	if h := n / uint64(time.Hour); h > 0 {
		out += strconv.FormatUint(h, 10) + "H"
	}
	n %= uint64(time.Hour)
	if m := n / uint64(time.Minute); m > 0 {
		out += strconv.FormatUint(m, 10) + "M"
	}
	n %= uint64(time.Minute)
	if n > 0 {
		out += strconv.FormatUint(n/uint64(time.Second), 10)
		if frac := n % uint64(time.Second); frac > 0 {
			digits := strconv.FormatUint(frac+uint64(time.Second), 10)[1:]
			out += "." + strings.TrimRight(digits, "0")
		}
		out += "S"
	}
	return out
}
