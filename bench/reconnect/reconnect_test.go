package main

import (
	"os"
	"slices"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if serveIfAsked() {
		return
	}
	os.Exit(m.Run())
}

// TestAllComeBackSpread cuts streams both ways. What is looked at is how long
// each means to wait, and not when it comes: that depends on the machine.
func TestAllComeBackSpread(t *testing.T) {
	for _, how := range []cut{reset, restart} {
		p := plan{
			streams: 500, cut: how, down: 100 * time.Millisecond, every: 300 * time.Millisecond,
			timeout: time.Minute, progress: func(text string) { t.Log(text) },
		}
		r, err := p.run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Log(r)
		if err := r.verdict(); err != nil {
			t.Error(err)
		}
		if len(r.delays) != p.streams {
			t.Errorf("%d first attempts of %d streams", len(r.delays), p.streams)
		}
		// 50 are expected in each tenth of the second; 20 and 80 are four and a half deviations off.
		if counts := histogram(r.delays); len(counts) != 10 || slices.Min(counts) < 20 || slices.Max(counts) > 80 {
			t.Errorf("first attempts are not spread over a second: %v", counts)
		}
	}
}
