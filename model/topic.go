package model

import "time"

// Topic says under which names the events of a method are published, and what
// its log keeps of them. No two methods of a design have the same pattern.
type Topic struct {
	Pattern    string        // such as "rooms/{room}"
	Attributes []string      // of the payload, as they stand in the pattern; each has a value in every payload
	MaxEvents  int           // 0 for the run time's default
	MaxAge     time.Duration // 0 for none
	OnGap      GapPolicy
}

// GapPolicy says what a client gets that resumes where the log has no longer
// what it missed.
type GapPolicy int

// The policies.
const (
	GapContinue GapPolicy = iota + 1 // told, then what is there; the default
	GapFail                          // an error
	GapRestart                       // told, then everything from the oldest event
)

var gapNames = [...]string{GapContinue: "continue", GapFail: "fail", GapRestart: "restart"}

// String returns the name of the policy.
func (p GapPolicy) String() string { return name(gapNames[:], int(p)) }

// MarshalText implements [encoding.TextMarshaler].
func (p GapPolicy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (p *GapPolicy) UnmarshalText(text []byte) (err error) {
	*p, err = parse[GapPolicy](gapNames[:], "gap policy", text)
	return err
}
