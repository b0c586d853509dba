package soak

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestScriptsOfFaultsAreRead(t *testing.T) {
	faults, err := ParseFaults("kill 5s-15s, reset 1s-3s 4,stall 2s-5s , half-open 10s, slow 3, latency 50ms, move 1s")
	if err != nil {
		t.Fatal(err)
	}
	const want = "[kill 5s-15s reset 1s-3s 4 stall 2s-5s 1 halfopen 10s 1 slow 3 latency 50ms move 1s 1]"
	if have := fmt.Sprint(faults); have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
}

func TestFaultsThatAreNoneAreRefused(t *testing.T) {
	for script, want := range map[string]string{
		"explode 5s":     `"explode": want one of backend, halfopen, kill`,
		"kill":           "no duration",
		"kill soon":      "want a duration such as 5s",
		"kill 5s 2":      `what is "2"?`,
		"reset 3s-1s":    "range such as 5s-15s",
		"reset 0s":       "want a duration",
		"reset 1s 0":     "want at least 1",
		"slow fast":      "slow 3",
		"latency 1ms 2s": `what is "2s"?`,
	} {
		if _, err := ParseFaults(script); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", script, err, want)
		}
	}
}

func TestConfigurationsThatCannotWorkAreRefused(t *testing.T) {
	good := func() Config {
		return Config{Events: []string{"http://localhost:1/{topic}"}, Publish: []string{"http://localhost:1/{topic}"}, Body: "{event}", Topics: 2}
	}
	for want, change := range map[string]func(*Config){
		"no URL to receive events from": func(c *Config) { c.Events = nil },
		"no URL to publish at":          func(c *Config) { c.Publish = nil },
		"must have {event}":             func(c *Config) { c.Body = "text" },
		"has no {topic}":                func(c *Config) { c.Events[0] = "http://localhost:1" },
		"want a URL such as":            func(c *Config) { c.Publish[0] = "localhost:1/{topic}" },
		"at least one client":           func(c *Config) { c.Clients = -1 },
		"needs a command to kill":       func(c *Config) { c.Faults = []Fault{{Kind: RestartServer}} },
		"start the backend itself":      func(c *Config) { c.Faults = []Fault{{Kind: RestartBackend}} },
		"negative":                      func(c *Config) { c.Rate = -1 },
		"named twice":                   func(c *Config) { c.TopicNames = []string{"a", "b", "a"} },
		"command is empty":              func(c *Config) { c.Backends = [][]string{{}} },
	} {
		c := good()
		change(&c)
		_, err := Run(t.Context(), c)
		if _, ok := errors.AsType[*ConfigError](err); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestHistogramIsRightToASixteenth(t *testing.T) {
	var h histogram
	for i := range 1000 {
		h.add(time.Duration(i+1) * time.Millisecond)
	}
	d := h.delays()
	within := func(have, want time.Duration) bool { return have >= want && have <= want+want/16+time.Millisecond }
	if d.Count != 1000 || d.Max != time.Second || !within(d.P50, 500*time.Millisecond) || !within(d.P99, 990*time.Millisecond) {
		t.Errorf("%+v", d)
	}
	for v := uint64(1); v < 1<<40; v += v/7 + 1 {
		if b := bucketOf(v); uint64(ceiling(b)) < v || b > 0 && uint64(ceiling(b-1)) >= v {
			t.Fatalf("%d is in bucket %d, which ends at %d", v, b, ceiling(b))
		}
	}
}
