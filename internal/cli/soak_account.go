package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/courant-dev/courant/internal/soak"
)

// soakTable is the account for people to read.
func soakTable(a *soak.Account, passed bool) string {
	var b strings.Builder
	line := func(name string, value any, format string, args ...any) {
		text := strings.TrimSuffix(fmt.Sprintf(format, args...), "; ")
		fmt.Fprintln(&b, strings.TrimRight(fmt.Sprintf("%-14s %15v   %s", name, value, text), " "))
	}
	fmt.Fprintf(&b, "run %s, seed %d: %s clients, %s topics, %v of publishing, %v until all was there\n\n", a.Run, a.Seed,
		grouped(int64(a.Clients)), grouped(int64(a.Topics)), shortly(a.Publishing), shortly(a.Settling))
	asked := ""
	if a.Rate > 0 {
		asked = fmt.Sprintf(" of %v asked for", a.Rate)
	}
	line("published", grouped(a.Published), "%.0f/s%s; %s by more than one attempt", perSecond(a.Published, a.Publishing), asked, grouped(a.Repeated))
	if a.Uncertain+a.Refused > 0 {
		line("uncertain", grouped(a.Uncertain), "may be there or not; %s refused", grouped(a.Refused))
	}
	line("expected", grouped(a.Expected), "at all clients")
	line("received", grouped(a.Received), "%.0f/s; %s of %s clients have everything", perSecond(a.Received, a.Publishing+a.Settling),
		grouped(int64(a.CompleteClients)), grouped(int64(a.Clients)))
	line("lost", grouped(a.Lost), "without an announcement; %s with one", grouped(a.LostAnnounced))
	line("doubled", grouped(a.Doubled), "%s of them where the publishing was repeated or uncertain", grouped(a.DoubledRepeated))
	line("out of order", grouped(a.OutOfOrder), "")
	line("gaps", grouped(a.Gaps), "announced; %s events came again after one", grouped(a.Replayed))
	if a.Strange+a.Foreign > 0 {
		line("strange", grouped(a.Strange), "of another topic, or never sent; %s events without a token of this run", grouped(a.Foreign))
	}
	line("delivery", shortly(a.Delivery.P50), "half of them; 99 %% %v, longest %v", shortly(a.Delivery.P99), shortly(a.Delivery.Max))
	line("publishing", shortly(a.Acceptance.P50), "half of them; 99 %% %v, longest %v", shortly(a.Acceptance.P99), shortly(a.Acceptance.Max))
	line("connections", grouped(a.Connections), "%d open at the end; %d clients ended by an answer", a.ConnectedClients, a.EndedClients)
	if m := a.Memory; m.Connected > 0 {
		line("memory", binary(m.PerConnection), "per connection: %s without clients, %s with all, %s at most",
			binary(m.Before), binary(m.Connected), binary(m.Peak))
	}
	if f := a.Faults; f != (soak.Faults{}) {
		line("faults", "", "%d kills, %d of a backend, %d resets, %d stalls, %d half-open, %d moves",
			f.Kills, f.BackendKills, f.Resets, f.Stalls, f.HalfOpens, f.Moves)
	}
	for _, part := range []struct {
		title string
		texts []string
	}{{"Ended by themselves", a.Crashes}, {"Errors, such as", a.Errors}, {"Wrong, such as", a.Examples}} {
		if len(part.texts) > 0 {
			fmt.Fprintf(&b, "\n%s:\n  %s\n", part.title, strings.Join(part.texts, "\n  "))
		}
	}
	fmt.Fprintf(&b, "\n%s\n", soakVerdict(a, passed))
	return b.String()
}

// soakVerdict is the account in one line, with what may be the reason.
func soakVerdict(a *soak.Account, passed bool) string {
	switch {
	case !passed && a.Passed():
		return "Failed: events were lost, though with an announcement."
	case passed && a.LostAnnounced > 0:
		return "Passed: what is missing was announced as a gap."
	case passed:
		return "Passed: every event is there, once, in order."
	case a.Published == 0:
		return "Failed: no event was published."
	case a.Received == 0 && a.Foreign > 0:
		return "Failed: events come, but none has its token in its data. Is what --body has for {event} part of the event?"
	case a.Received == 0:
		return "Failed: no event came. Do --events and --publish mean the same topic?"
	}
	return "Failed."
}

func perSecond(n int64, d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	return float64(n) / d.Seconds()
}

// grouped writes 1234567 as 1,234,567.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// shortly rounds to three digits.
func shortly(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for unit*1000 <= d {
		unit *= 10
	}
	return d.Round(unit)
}

// binary writes a number of bytes.
func binary(n int64) string {
	switch {
	case n < 10<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	case n < 10<<20:
		return fmt.Sprintf("%.0f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}
