package soak

import (
	"fmt"
	"strings"
	"time"
)

// Account says what became of the events. Of what concerns clients, an event
// counts once per client.
type Account struct {
	Run        string        `json:"run"`
	Seed       uint64        `json:"seed"`
	Topics     int           `json:"topics"`
	Clients    int           `json:"clients"`
	Rate       float64       `json:"rate"`          // that was asked for, events a second; 0: as many as could be
	Publishing time.Duration `json:"publishing_ns"` // how long
	Settling   time.Duration `json:"settling_ns"`   // after that, until all clients had everything

	Published int64 `json:"published"` // certainly
	Repeated  int64 `json:"repeated"`  // of these, by more than one attempt
	Uncertain int64 `json:"uncertain"` // there, or not
	Refused   int64 `json:"refused"`   // certainly not published

	Expected         int64 `json:"expected"`
	Received         int64 `json:"received"` // of them; each once
	Lost             int64 `json:"lost"`     // without an announcement
	LostAnnounced    int64 `json:"lost_announced"`
	Doubled          int64 `json:"doubled"`
	DoubledRepeated  int64 `json:"doubled_repeated"` // of these, where the publishing was repeated or uncertain
	OutOfOrder       int64 `json:"out_of_order"`
	Gaps             int64 `json:"gaps"`     // announced
	Replayed         int64 `json:"replayed"` // again, after a gap was announced
	Strange          int64 `json:"strange"`  // of another topic, or never sent
	Foreign          int64 `json:"foreign"`  // events without a token of this run
	Controls         int64 `json:"controls"` // event types with the prefix stream-
	CompleteClients  int   `json:"complete_clients"`
	EndedClients     int64 `json:"ended_clients"`
	ConnectedClients int   `json:"connected_clients"` // at the end
	Connections      int64 `json:"connections"`       // that were made

	Delivery   Delays   `json:"delivery"` // from the request that publishes to the first arrival
	Acceptance Delays   `json:"publish"`  // until the request is answered
	Memory     Memory   `json:"memory"`   // of the servers
	Faults     Faults   `json:"faults"`   // that happened
	Crashes    []string `json:"crashes"`  // of commands, by themselves
	Errors     []string `json:"errors"`   // the first few different ones
	Examples   []string `json:"examples"` // of what went wrong, the first few
}

// Memory is the resident memory of the server processes in bytes; 0 if unknown.
type Memory struct {
	Before        int64 `json:"before"`    // without clients
	Connected     int64 `json:"connected"` // with all of them, and no event yet
	Peak          int64 `json:"peak"`      // looked at each second
	PerConnection int64 `json:"per_connection"`
}

// Faults are how often faults happened.
type Faults struct {
	Kills        int64 `json:"kills"`
	BackendKills int64 `json:"backend_kills"`
	Resets       int64 `json:"resets"`
	Stalls       int64 `json:"stalls"`
	HalfOpens    int64 `json:"half_opens"`
	Moves        int64 `json:"moves"`
}

// Passed reports whether all events are accounted for: none was lost without an
// announcement, doubled, out of order or strange, at least one was published, and
// no command ended by itself.
func (a *Account) Passed() bool {
	return a.Published > 0 && a.Lost == 0 && a.Doubled == 0 && a.OutOfOrder == 0 && a.Strange == 0 && len(a.Crashes) == 0
}

func (e *engine) account(publishing, settling time.Duration) *Account {
	a := &Account{
		Run: e.run, Seed: e.config.Seed, Topics: len(e.topics), Clients: len(e.clients), Rate: e.config.Rate,
		Publishing: publishing, Settling: settling,
		Published: e.counted[certain].Load() + e.counted[repeated].Load(),
		Repeated:  e.counted[repeated].Load(), Uncertain: e.counted[uncertain].Load(), Refused: e.counted[refused].Load(),
		Strange: e.strange.Load(), Foreign: e.foreign.Load(), Controls: e.controls.Load(),
		EndedClients: e.ended.Load(), ConnectedClients: e.connectedNow(),
		Delivery: e.delivery.delays(), Acceptance: e.publishing.delays(), Memory: e.memory,
		Faults: Faults{
			Kills: e.faults.kills.Load(), BackendKills: e.faults.backendKills.Load(), Resets: e.faults.resets.Load(),
			Stalls: e.faults.stalls.Load(), HalfOpens: e.faults.halfOpens.Load(), Moves: e.faults.moves.Load(),
		},
	}
	a.Memory.Peak = max(e.peak.Load(), a.Memory.Connected)
	for _, p := range append(e.servers, e.backends...) {
		for _, err := range p.crashed() {
			a.Crashes = append(a.Crashes, fmt.Sprintf("%s: %v", strings.Join(p.args, " "), err))
		}
	}
	expected := map[place]int64{}
	for _, c := range e.clients {
		e.addClient(a, c, expected)
	}
	a.Errors, a.Examples = e.errors.list(), e.examples.list()
	return a
}

// place is an event of a topic.
type place struct {
	topic *topic
	n     int64
}

// addClient adds the account of one client. The events that had to arrive are
// counted once for each place where accounts begin.
func (e *engine) addClient(a *Account, c *client, expected map[place]int64) {
	counts, loss := c.track.account()
	at := place{c.topic, c.track.begins()}
	n, ok := expected[at]
	if !ok {
		n = c.topic.ledger.published(at.n, c.topic.ledger.begun.Load())
		expected[at] = n
	}
	a.Expected += n
	a.Received += n - loss.silent - loss.announced
	a.Lost += loss.silent
	a.LostAnnounced += loss.announced
	a.Doubled += counts.doubled
	a.DoubledRepeated += counts.doubledAgain
	a.OutOfOrder += counts.late
	a.Gaps += counts.gaps
	a.Replayed += counts.replayed
	a.Connections += c.connections.Load()
	if loss.silent+loss.announced == 0 {
		a.CompleteClients++
	}
	for _, n := range loss.examples {
		e.examples.note(fmt.Sprintf("client %d, %s: event %d, sent at %v, never came", c.number, c.topic.name, n,
			c.topic.ledger.sent(n).Round(time.Millisecond)))
	}
}
