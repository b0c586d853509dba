package soak

import (
	"testing"
	"time"
)

func TestPublishingThatIsCutIsAccountedFor(t *testing.T) {
	for name, c := range map[string]struct {
		server *plainServer
		key    string
		want   func(*Account) bool
	}{
		"without a key it is uncertain": {
			&plainServer{hangsUp: 10}, "",
			func(a *Account) bool {
				return a.Passed() && a.Uncertain == 50 && a.Published == 450 && a.Expected == 4*450
			},
		},
		"with a key it is repeated": {
			&plainServer{hangsUp: 10, keys: true}, "Idempotency-Key",
			func(a *Account) bool {
				return a.Passed() && a.Repeated >= 50 && a.Published == 500 && a.Expected == 4*500
			},
		},
		"with a key that is not looked at it is doubled": {
			&plainServer{hangsUp: 10}, "Idempotency-Key",
			func(a *Account) bool {
				return !a.Passed() && a.Repeated > 0 && a.Doubled == 4*a.Repeated && a.DoubledRepeated == a.Doubled && a.Lost == 0
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := plainConfig(c.server.start(t))
			config.KeyHeader = c.key
			if a := mustSoak(t, config); !c.want(a) {
				t.Errorf("%+v", a)
			}
		})
	}
}

func TestClientsThatComeLaterNeedNotKnowWhatWasBefore(t *testing.T) {
	for name, c := range map[string]struct {
		server    *plainServer
		fromStart bool
		want      func(*Account) bool
	}{
		"the next event comes first": {&plainServer{}, false, func(a *Account) bool { return a.Passed() && a.Expected < 4*500 && a.Received == a.Expected }},
		"all are sent again":         {&plainServer{whole: true}, false, func(a *Account) bool { return a.Passed() && a.Expected < 4*500 && a.Doubled == 0 }},
		"all must be sent again":     {&plainServer{whole: true}, true, func(a *Account) bool { return a.Passed() && a.Received == 4*500 }},
		"all must be, and are not":   {&plainServer{}, true, func(a *Account) bool { return !a.Passed() && a.Expected == 4*500 && a.Lost > 0 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := plainConfig(c.server.start(t))
			config.Ramp, config.FromStart = 700*time.Millisecond, c.fromStart
			if a := mustSoak(t, config); !c.want(a) {
				t.Errorf("%+v", a)
			}
		})
	}
}
