package valid

import (
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strings"
)

// The formats that name a person, a host or a place in a network.

// FormatEmail checks that value is an address of RFC 5322 without a display
// name: "ada@example.com".
func FormatEmail[S ~string](e *Errors, attribute string, value S) {
	format(e, attribute, "an email address", isEmail(string(value)))
}

// FormatHostname checks that value is a host name of RFC 1123: labels of
// letters, digits and inner hyphens, of 1 to 63 characters each, 253 in all.
func FormatHostname[S ~string](e *Errors, attribute string, value S) {
	format(e, attribute, "a host name", isHostname(string(value)))
}

// FormatIPv4 checks that value is an IPv4 address: "192.0.2.1".
func FormatIPv4[S ~string](e *Errors, attribute string, value S) {
	ip, err := netip.ParseAddr(string(value))
	format(e, attribute, "an IPv4 address", err == nil && ip.Is4())
}

// FormatIPv6 checks that value is an IPv6 address without a zone:
// "2001:db8::1".
func FormatIPv6[S ~string](e *Errors, attribute string, value S) {
	ip, err := netip.ParseAddr(string(value))
	format(e, attribute, "an IPv6 address", err == nil && ip.Is6() && ip.Zone() == "")
}

// FormatIP checks that value is an IPv4 or an IPv6 address.
func FormatIP[S ~string](e *Errors, attribute string, value S) {
	ip, err := netip.ParseAddr(string(value))
	format(e, attribute, "an IP address", err == nil && ip.Zone() == "")
}

// FormatCIDR checks that value is an address with the length of a prefix, of
// RFC 4632 or RFC 4291: "192.0.2.0/24".
func FormatCIDR[S ~string](e *Errors, attribute string, value S) {
	_, err := netip.ParsePrefix(string(value))
	format(e, attribute, "a network such as 192.0.2.0/24", err == nil)
}

// FormatMAC checks that value is an IEEE 802 address of 6, 8 or 20 bytes:
// "00:00:5e:00:53:01", also with hyphens or in groups with dots.
func FormatMAC[S ~string](e *Errors, attribute string, value S) {
	_, err := net.ParseMAC(string(value))
	format(e, attribute, "a MAC address", err == nil)
}

// FormatURI checks that value is an absolute URI of RFC 3986: one with a
// scheme.
func FormatURI[S ~string](e *Errors, attribute string, value S) {
	format(e, attribute, "an absolute URI", isURI(string(value)))
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	// ParseAddress takes names, comments and white space too.
	return err == nil && (a.Address == s || a.String() == "<"+s+">")
}

func isHostname(s string) bool {
	if len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if len(label) == 0 || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, b := range []byte(label) {
			if !isLetter(b) && !isDigit(b) && b != '-' {
				return false
			}
		}
	}
	return true
}

func isURI(s string) bool {
	for _, b := range []byte(s) {
		if b <= ' ' || b >= 0x7f || strings.IndexByte("\"<>\\^`{|}", b) >= 0 {
			return false // RFC 3986 has no such characters, package url takes some
		}
	}
	u, err := url.Parse(s)
	return err == nil && u.IsAbs()
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
func isDigit(b byte) bool  { return '0' <= b && b <= '9' }
