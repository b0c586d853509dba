package value_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant/value"
)

func TestFormatDuration(t *testing.T) {
	for in, want := range map[time.Duration]string{
		0:                         "PT0S",
		time.Second:               "PT1S",
		-time.Second:              "-PT1S",
		time.Hour:                 "PT1H",
		26 * time.Hour:            "PT26H",
		time.Hour + time.Second/2: "PT1H0.5S",
		time.Hour + 2*time.Minute + 3*time.Second + 500*time.Millisecond: "PT1H2M3.5S",
		1:              "PT0.000000001S",
		-1:             "-PT0.000000001S",
		10_000_000_010: "PT10.00000001S",
		math.MaxInt64:  "PT2562047H47M16.854775807S",
		math.MinInt64:  "-PT2562047H47M16.854775808S",
	} {
		if got := value.FormatDuration(in); got != want {
			t.Errorf("%d: have %s, want %s", in, got, want)
		}
		if back, err := value.ParseDuration(want); err != nil || back != in {
			t.Errorf("%s: have %d, %v", want, back, err)
		}
	}
}

func TestParseDuration(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"PT0S":                                  0,
		"P0D":                                   0,
		"-PT0S":                                 0,
		"+PT1S":                                 time.Second,
		"P1W":                                   7 * 24 * time.Hour,
		"P1DT2H":                                26 * time.Hour,
		"P1W2D":                                 9 * 24 * time.Hour,
		"PT90M":                                 90 * time.Minute,
		"PT1,5S":                                1500 * time.Millisecond,
		"PT1.5H":                                90 * time.Minute,
		"P0.5D":                                 12 * time.Hour,
		"PT0.1M":                                6 * time.Second,
		"PT007S":                                7 * time.Second,
		"PT1H0.5S":                              time.Hour + time.Second/2,
		"PT0.9999999999999999999999999999S":     999999999,
		"P15250.2W":                             9223320960 * time.Second,
		"PT9223372036.854775807S":               math.MaxInt64,
		"-PT9223372036.854775808S":              math.MinInt64,
		"PT" + strings.Repeat("0", 1000) + "1S": time.Second,
		"PT0.000000000000000000000000000000000000000000001S": 0,
	} {
		if got, err := value.ParseDuration(in); err != nil || got != want {
			t.Errorf("%s: have %d, %v, want %d", in, got, err, want)
		}
	}
}

func TestParseDurationErrors(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "such as",
		"P":                        "such as",
		"-":                        "such as",
		"PT":                       "such as",
		"P1DT":                     "such as",
		"1s":                       "such as",
		"pt1s":                     "such as",
		"PT1":                      "such as",
		"PTS":                      "such as",
		"PT.5S":                    "such as",
		"PT1.S":                    "such as",
		"PT-1S":                    "such as",
		"PT1S1M":                   "such as",
		"PT1S1S":                   "such as",
		"PT1.5M1S":                 "such as",
		"P1H":                      "such as",
		"PT1D":                     "such as",
		"PT1HT1M":                  "such as",
		" PT1S":                    "such as",
		"PT1S ":                    "such as",
		"P1Y":                      "years and months",
		"P1M":                      "years and months",
		"P1M2D":                    "years and months",
		"PT9223372036.854775808S":  "at most 292 years",
		"-PT9223372036.854775809S": "at most 292 years",
		"P99999999999999999999D":   "at most 292 years",
		"P15251W":                  "at most 292 years",
		"PT2562047H48M":            "at most 292 years",
	} {
		if got, err := value.ParseDuration(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: have %v, %v, want …%s…", in, got, err, want)
		}
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, seed := range []string{"PT0S", "-P1W2DT3H4M5.000000006S", "P1Y", "PT1,5H", "PT9223372036.854775808S", "P.5D", "+P1D"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := value.ParseDuration(s)
		if err != nil {
			return
		}
		text := value.FormatDuration(d)
		if back, err := value.ParseDuration(text); err != nil || back != d {
			t.Errorf("%q is %d, which is written %s and read %d, %v", s, d, text, back, err)
		}
		if strings.HasPrefix(s, "-") != (d < 0) && d != 0 {
			t.Errorf("%q has another sign than %d", s, d)
		}
	})
}
