package main

import (
	"os"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if playRole() {
		return
	}
	os.Exit(m.Run())
}

// TestEveryoneHasEveryEvent has two servers on one log, whose subscribers are all
// cut and come back.
func TestEveryoneHasEveryEvent(t *testing.T) {
	p := &plan{
		subscribers: 150, events: 20, pace: 50, missed: 10, away: 500 * time.Millisecond, timeout: time.Minute,
		progress: func(text string) { t.Log(text) },
	}
	r, err := p.run(t.Context(), fleet{2, inNATS})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.complete(); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + table([]*result{r}))
	if len(r.backs) != r.all() {
		t.Errorf("%d of %d have come back", len(r.backs), r.all())
	}
}
