package valid

import (
	"encoding/json"
	"regexp"
	"strings"
	"time"
)

// The formats of times, names and text.

// format records that a value does not have a format.
func format(e *Errors, attribute, what string, ok bool) {
	if !ok {
		e.Add(attribute, "Format", "want "+what)
	}
}

// FormatDate checks that value is a full-date of RFC 3339: "2006-01-02".
func FormatDate[S ~string](e *Errors, attribute string, value S) {
	_, err := time.Parse(time.DateOnly, string(value))
	format(e, attribute, "a date such as 2006-01-02", err == nil)
}

// FormatDateTime checks that value is a date-time of RFC 3339:
// "2006-01-02T15:04:05Z". A leap second is not one.
func FormatDateTime[S ~string](e *Errors, attribute string, value S) {
	format(e, attribute, "a date and time such as 2006-01-02T15:04:05Z", isDateTime(string(value)))
}

// FormatRFC1123 checks that value is a date of RFC 1123:
// "Mon, 02 Jan 2006 15:04:05 GMT", or with a zone such as +0100.
func FormatRFC1123[S ~string](e *Errors, attribute string, value S) {
	_, err := time.Parse(time.RFC1123, string(value))
	if err != nil {
		_, err = time.Parse(time.RFC1123Z, string(value))
	}
	format(e, attribute, "a date such as Mon, 02 Jan 2006 15:04:05 GMT", err == nil)
}

// FormatUUID checks that value is a UUID of RFC 9562 in its text form:
// "f81d4fae-7dec-11d0-a765-00a0c91e6bf6".
func FormatUUID[S ~string](e *Errors, attribute string, value S) {
	format(e, attribute, "a UUID", isUUID(string(value)))
}

// FormatRegexp checks that value is a regular expression of RE2.
func FormatRegexp[S ~string](e *Errors, attribute string, value S) {
	_, err := regexp.Compile(string(value))
	format(e, attribute, "a regular expression", err == nil)
}

// FormatJSON checks that value is JSON text of RFC 8259.
func FormatJSON[S ~string](e *Errors, attribute string, value S) {
	format(e, attribute, "JSON", json.Valid([]byte(value)))
}

func isDateTime(s string) bool {
	if len(s) < len("2006-01-02T15:04:05Z") || s[len("2006-01-02T15")] != ':' || strings.Contains(s, ",") {
		return false // Parse takes an hour of one digit and a comma
	}
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, b := range []byte(s) {
		switch i {
		case 8, 13, 18, 23:
			if b != '-' {
				return false
			}
		default:
			if !isDigit(b) && (b|0x20 < 'a' || b|0x20 > 'f') {
				return false
			}
		}
	}
	return true
}
