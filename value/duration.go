package value

import "time"

// FormatDuration returns d as an ISO 8601 duration of hours, minutes and
// seconds: "PT1H2M3.5S", "-PT1S", "PT0S".
func FormatDuration(d time.Duration) string { return "PT0S" }

// ParseDuration reads an ISO 8601 duration, such as "PT1H30M", "P1DT12H",
// "P2W" or "-PT0.5S". A day is 24 hours and a week 7 days; years and months,
// which have no fixed length, are refused, and so is what a [time.Duration]
// cannot hold. Digits below a nanosecond are cut off.
func ParseDuration(s string) (time.Duration, error) { return 0, nil }
