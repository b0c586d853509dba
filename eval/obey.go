package eval

import (
	"encoding/json"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/courant-dev/courant/model"
)

// obey returns how the primitive value text breaks the rules r, or "".
func obey(text string, k model.Kind, r model.Rules) string {
	if r.Enum != nil {
		known := false
		for _, v := range r.Enum {
			known = known || v.JSON == text
		}
		if !known {
			return text + " is not in the Enum"
		}
	}
	if r.Minimum != "" && compareNumbers(model.Number(text), r.Minimum) < 0 {
		return text + " is below the minimum " + string(r.Minimum)
	}
	if r.Maximum != "" && compareNumbers(model.Number(text), r.Maximum) > 0 {
		return text + " is above the maximum " + string(r.Maximum)
	}
	if k != model.String && k != model.Bytes {
		return ""
	}
	var s string
	if json.Unmarshal([]byte(text), &s) != nil {
		return ""
	}
	if k == model.Bytes {
		return obeyLength(len(s)/4*3-strings.Count(s, "="), r)
	}
	if r.Format != 0 && !hasFormat(s, r.Format) {
		return text + " has not the format " + r.Format.String()
	}
	if r.Pattern != "" {
		if re, err := regexp.Compile(r.Pattern); err == nil && !re.MatchString(s) {
			return text + " does not match the pattern " + r.Pattern
		}
	}
	return obeyLength(utf8.RuneCountInString(s), r)
}

// obeyLength returns how a length breaks r, or "".
func obeyLength(n int, r model.Rules) string {
	if r.MinLength != nil && n < *r.MinLength {
		return "its length " + strconv.Itoa(n) + " is below the minimum " + strconv.Itoa(*r.MinLength)
	}
	if r.MaxLength != nil && n > *r.MaxLength {
		return "its length " + strconv.Itoa(n) + " is above the maximum " + strconv.Itoa(*r.MaxLength)
	}
	return ""
}

// hasFormat reports whether s has the format f, as far as a constant of a
// design is worth checking: the full check is that of package valid.
func hasFormat(s string, f model.Format) bool {
	switch f {
	case model.FormatDate:
		return parses(time.DateOnly, s)
	case model.FormatDateTime:
		return parses(time.RFC3339Nano, s)
	case model.FormatRFC1123:
		return parses(time.RFC1123, s) || parses(time.RFC1123Z, s)
	case model.FormatIP, model.FormatIPv4, model.FormatIPv6:
		ip, err := netip.ParseAddr(s)
		return err == nil && (f == model.FormatIP || ip.Is4() == (f == model.FormatIPv4))
	case model.FormatCIDR:
		_, err := netip.ParsePrefix(s)
		return err == nil
	case model.FormatRegexp:
		_, err := regexp.Compile(s)
		return err == nil
	case model.FormatJSON:
		return json.Valid([]byte(s))
	case model.FormatUUID:
		return isHex(s, '-', 8, 4, 4, 4, 12)
	case model.FormatMAC:
		return isHex(s, ':', 2, 2, 2, 2, 2, 2) || isHex(s, '-', 2, 2, 2, 2, 2, 2)
	case model.FormatEmail:
		at := strings.LastIndexByte(s, '@')
		return at > 0 && at < len(s)-1 && !strings.ContainsAny(s, " \t\r\n")
	case model.FormatURI:
		scheme, rest, ok := strings.Cut(s, ":")
		return ok && scheme != "" && rest != "" && !strings.ContainsAny(s, " \t\r\n")
	case model.FormatHostname:
		return s != "" && len(s) < 254 && !strings.ContainsAny(s, " /:@_\t\r\n") && !strings.Contains(s, "..")
	}
	return true
}

func parses(layout, s string) bool {
	_, err := time.Parse(layout, s)
	return err == nil
}

// isHex reports whether s is groups of hexadecimal digits of the given sizes
// with sep between them.
func isHex(s string, sep byte, sizes ...int) bool {
	groups := strings.Split(s, string(sep))
	if len(groups) != len(sizes) {
		return false
	}
	for i, g := range groups {
		if len(g) != sizes[i] || strings.Trim(g, "0123456789abcdefABCDEF") != "" {
			return false
		}
	}
	return true
}
