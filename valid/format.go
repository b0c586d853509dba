package valid

// FormatDate checks that value is a full-date of RFC 3339: 2006-01-02.
func FormatDate[S ~string](e *Errors, attribute string, value S) {
}

// FormatDateTime checks that value is a date-time of RFC 3339: 2006-01-02T15:04:05Z.
func FormatDateTime[S ~string](e *Errors, attribute string, value S) {
}

// FormatUUID checks that value is a UUID of RFC 9562 in its text form.
func FormatUUID[S ~string](e *Errors, attribute string, value S) {
}

// FormatEmail checks that value is an address of RFC 5322 without a display name: a@example.com.
func FormatEmail[S ~string](e *Errors, attribute string, value S) {
}

// FormatHostname checks that value is a host name of RFC 1123.
func FormatHostname[S ~string](e *Errors, attribute string, value S) {
}

// FormatIPv4 checks that value is an IPv4 address.
func FormatIPv4[S ~string](e *Errors, attribute string, value S) {
}

// FormatIPv6 checks that value is an IPv6 address.
func FormatIPv6[S ~string](e *Errors, attribute string, value S) {
}

// FormatIP checks that value is an IPv4 or IPv6 address.
func FormatIP[S ~string](e *Errors, attribute string, value S) {
}

// FormatURI checks that value is an absolute URI of RFC 3986.
func FormatURI[S ~string](e *Errors, attribute string, value S) {
}

// FormatMAC checks that value is an IEEE 802 address of 6, 8 or 20 bytes.
func FormatMAC[S ~string](e *Errors, attribute string, value S) {
}

// FormatCIDR checks that value is an address and prefix length of RFC 4632: 10.0.0.0/8.
func FormatCIDR[S ~string](e *Errors, attribute string, value S) {
}

// FormatRegexp checks that value is a regular expression of RE2.
func FormatRegexp[S ~string](e *Errors, attribute string, value S) {
}

// FormatJSON checks that value is JSON text.
func FormatJSON[S ~string](e *Errors, attribute string, value S) {
}

// FormatRFC1123 checks that value is a date of RFC 1123: Mon, 02 Jan 2006 15:04:05 GMT.
func FormatRFC1123[S ~string](e *Errors, attribute string, value S) {
}
