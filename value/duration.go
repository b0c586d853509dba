package value

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// FormatDuration returns d as an ISO 8601 duration of hours, minutes and
// seconds: "PT1H2M3.5S", "-PT1S", "PT0S".
func FormatDuration(d time.Duration) string { return string(appendDuration(nil, d)) }

func appendDuration(dst []byte, d time.Duration) []byte {
	if d == 0 {
		return append(dst, "PT0S"...)
	}
	n := uint64(d)
	if d < 0 {
		dst = append(dst, '-')
		n = -n
	}
	dst = append(dst, "PT"...)
	for _, unit := range []struct {
		size uint64
		name byte
	}{{uint64(time.Hour), 'H'}, {uint64(time.Minute), 'M'}} {
		if n >= unit.size {
			dst = strconv.AppendUint(dst, n/unit.size, 10)
			dst = append(dst, unit.name)
			n %= unit.size
		}
	}
	if n == 0 {
		return dst
	}
	dst = strconv.AppendUint(dst, n/uint64(time.Second), 10)
	if fraction := n % uint64(time.Second); fraction > 0 {
		end := len(dst)
		dst = strconv.AppendUint(dst, fraction+uint64(time.Second), 10) // a 1, then nine digits
		dst[end] = '.'
		for dst[len(dst)-1] == '0' {
			dst = dst[:len(dst)-1]
		}
	}
	return append(dst, 'S')
}

// durationUnits are the components of a duration in the order they must have.
var durationUnits = []struct {
	name byte
	time bool // stands after the T
	size uint64
}{
	{'W', false, 7 * 24 * uint64(time.Hour)},
	{'D', false, 24 * uint64(time.Hour)},
	{'H', true, uint64(time.Hour)},
	{'M', true, uint64(time.Minute)},
	{'S', true, uint64(time.Second)},
}

// ParseDuration reads an ISO 8601 duration, such as "PT1H30M", "P1DT12H",
// "P2W" or "-PT0.5S". A day is 24 hours and a week 7 days; years and months,
// which have no fixed length, are refused, and so is what a [time.Duration]
// cannot hold. Only the last component may have a fraction; digits below a
// nanosecond are cut off. Errors are [*Error] without a path.
func ParseDuration(s string) (time.Duration, error) {
	p := durationParser{rest: s}
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		p.rest = s[1:]
	}
	limit := uint64(1<<63 - 1)
	if negative {
		limit = 1 << 63
	}
	if reason := p.parse(limit); reason != "" {
		return 0, &Error{Message: fmt.Sprintf("want %s, have %s", reason, quote(s))}
	}
	if negative {
		return time.Duration(-p.total), nil
	}
	return time.Duration(p.total), nil
}

const anISODuration = "an ISO 8601 duration such as PT1M30S"

// durationParser reads the components of a duration.
type durationParser struct {
	rest     string
	total    uint64 // nanoseconds
	next     int    // the first of durationUnits that may follow
	inTime   bool   // the T was read
	fraction bool   // the last component was read
}

// parse returns what it wanted and did not have, or "".
func (p *durationParser) parse(limit uint64) (reason string) {
	if !strings.HasPrefix(p.rest, "P") || len(p.rest) == 1 || strings.HasSuffix(p.rest, "T") {
		return anISODuration
	}
	p.rest = p.rest[1:]
	for p.rest != "" {
		if p.rest[0] == 'T' && !p.inTime {
			p.inTime = true
			p.rest = p.rest[1:]
			continue
		}
		if reason := p.component(limit); reason != "" {
			return reason
		}
	}
	return ""
}

// component reads one number with its unit.
func (p *durationParser) component(limit uint64) (reason string) {
	whole := p.digits()
	var fraction string
	if p.rest != "" && (p.rest[0] == '.' || p.rest[0] == ',') {
		p.rest = p.rest[1:]
		if fraction = p.digits(); fraction == "" {
			return anISODuration
		}
	}
	if whole == "" || p.rest == "" || p.fraction {
		return anISODuration
	}
	name := p.rest[0]
	p.rest = p.rest[1:]
	if name == 'Y' || name == 'M' && !p.inTime {
		return "a duration without years and months, which have no fixed length"
	}
	for p.next < len(durationUnits) && (durationUnits[p.next].name != name || durationUnits[p.next].time != p.inTime) {
		p.next++
	}
	if p.next == len(durationUnits) {
		return anISODuration
	}
	size := durationUnits[p.next].size
	p.next++
	p.fraction = fraction != ""
	if !p.add(whole, fraction, size, limit) {
		return "a duration of at most 292 years"
	}
	return ""
}

// digits reads the digits that come next.
func (p *durationParser) digits() string {
	rest := strings.TrimLeft(p.rest, "0123456789")
	digits := p.rest[:len(p.rest)-len(rest)]
	p.rest = rest
	return digits
}

// add adds a component and reports whether the sum is within the limit.
func (p *durationParser) add(whole, fraction string, size, limit uint64) bool {
	n, err := strconv.ParseUint(whole, 10, 64)
	if err != nil {
		return false
	}
	high, part := bits.Mul64(n, size)
	if high != 0 || part > limit-p.total {
		return false
	}
	p.total += part
	if fraction == "" {
		return true
	}
	const most = 18 // digits; more do not change a nanosecond of a week, and 10^18 fits
	fraction = fraction[:min(len(fraction), most)]
	n, _ = strconv.ParseUint(fraction, 10, 64)
	scale := uint64(1)
	for range fraction {
		scale *= 10
	}
	high, low := bits.Mul64(n, size)
	part, _ = bits.Div64(high, low, scale) // n < scale, so the quotient is less than size
	if part > limit-p.total {
		return false
	}
	p.total += part
	return true
}
