package peers_test

import (
	"encoding/base64"
	"slices"
	"strconv"
	"testing"

	"github.com/courant-dev/courant/eventlog"
)

// A gapCase is a way to a last event ID that a log cannot go on after. The client
// has that of the third notice, which it has received, or the one that id makes of
// it.
type gapCase struct {
	name    string
	backend func(*testing.T) *backend
	method  string // of the design: its policy
	id      func(t *testing.T, newest string) string
	lose    when // the log loses all that it has
	notices int  // that are published while the client is away, or before it comes with an ID
	reason  string
	then    outcome
}

// when says where the client is.
type when int

const (
	never when = iota
	away       // the client has no connection
	there      // it has one
)

// outcome is what comes of a gap.
type outcome int

const (
	goesOn     outcome = iota // with the next notice
	beginsAnew                // with the oldest notice that the log has
	fails
)

var gapCases = []gapCase{
	{name: "memory log started again", backend: memory, method: "watch", lose: away, notices: 2, reason: "epoch", then: beginsAnew},
	{name: "memory log started again, and empty", backend: memory, method: "watch", lose: away, reason: "epoch", then: beginsAnew},
	{name: "deleted stream", backend: natsServer, method: "watch", lose: away, notices: 2, reason: "epoch", then: beginsAnew},
	{name: "deleted stream of a connected client", backend: natsServer, method: "watch", lose: there, reason: "epoch", then: beginsAnew},
	{name: "FLUSHALL", backend: redisServer, method: "watch", lose: away, notices: 2, reason: "epoch", then: beginsAnew},
	{name: "FLUSHALL under a connected client", backend: redisServer, method: "watch", lose: there, reason: "epoch", then: beginsAnew},

	{name: "trimmed memory log", backend: memory, method: "watch", notices: 20, reason: "trimmed", then: beginsAnew},
	{name: "trimmed embedded NATS", backend: embeddedNATS, method: "watch", notices: 20, reason: "trimmed", then: beginsAnew},
	{name: "trimmed NATS server", backend: natsServer, method: "watch", notices: 20, reason: "trimmed", then: beginsAnew},
	{name: "trimmed Redis", backend: redisServer, method: "watch", notices: 20, reason: "trimmed", then: beginsAnew},

	{name: "trimmed behind the beginning of a memory log", backend: memory, method: "watch", id: beginning, notices: 20, reason: "trimmed", then: beginsAnew},
	{name: "trimmed behind the beginning of embedded NATS", backend: embeddedNATS, method: "watch", id: beginning, notices: 20, reason: "trimmed", then: beginsAnew},
	{name: "trimmed behind the beginning of a NATS server", backend: natsServer, method: "watch", id: beginning, notices: 20, reason: "trimmed", then: beginsAnew},
	{name: "trimmed behind the beginning of Redis", backend: redisServer, method: "watch", id: beginning, notices: 20, reason: "trimmed", then: beginsAnew},

	{name: "ID from the future of a memory log", backend: memory, method: "watch", id: future, reason: "unknown", then: goesOn},
	{name: "ID from the future of embedded NATS", backend: embeddedNATS, method: "watch", id: future, reason: "unknown", then: goesOn},
	{name: "ID from the future of Redis", backend: redisServer, method: "watch", id: future, reason: "unknown", then: goesOn},
	{name: "ID of another topic", backend: memory, method: "watch", id: foreign, reason: "unknown", then: goesOn},
	{name: "ID of another format", backend: memory, method: "watch", id: older, reason: "unknown", then: goesOn},
	{name: "garbage", backend: memory, method: "watch", id: garbage, reason: "unknown", then: goesOn},

	{name: "memory log started again, strict", backend: memory, method: "strict", lose: away, notices: 2, then: fails},
	{name: "FLUSHALL under a connected client, strict", backend: redisServer, method: "strict", lose: there, then: fails},
	{name: "garbage, strict", backend: memory, method: "strict", id: garbage, then: fails},
	{name: "memory log started again, afresh", backend: memory, method: "afresh", lose: away, notices: 2, reason: "epoch", then: beginsAnew},
	{name: "garbage, afresh", backend: memory, method: "afresh", id: garbage, reason: "unknown", then: beginsAnew},
}

// beginning is the ID of a client that came when there was no notice.
func beginning(t *testing.T, newest string) string {
	at, err := eventlog.ParseID("watch/"+hall, newest)
	if err != nil {
		t.Fatal(err)
	}
	at.Offset = 0
	return string(eventlog.AppendID(nil, "watch/"+hall, at))
}

// future is the ID of a notice that is yet to come.
func future(t *testing.T, newest string) string { return moved(t, newest, "watch/"+hall, 1000) }

// foreign is the ID that the notice would have on another board.
func foreign(t *testing.T, newest string) string { return moved(t, newest, "watch/kitchen", 0) }

// moved is the ID of a notice in the hall, with another topic or offset.
func moved(t *testing.T, id, topic string, further uint64) string {
	t.Helper()
	at, err := eventlog.ParseID("watch/"+hall, id)
	if err != nil {
		t.Fatal(err)
	}
	at.Offset += further
	return string(eventlog.AppendID(nil, topic, at))
}

// older is the ID that a version before the first would have made.
func older(t *testing.T, newest string) string {
	t.Helper()
	token, err := base64.RawURLEncoding.DecodeString(newest)
	if err != nil {
		t.Fatal(err)
	}
	token[0]-- // the format
	return base64.RawURLEncoding.EncodeToString(token)
}

// garbage is what no version makes.
func garbage(*testing.T, string) string { return `{"ü": 'x"` }

func TestEveryGapIsTold(t *testing.T) {
	page := open(t, serve(t, &counter{}, watchersPage).URL)
	for _, tt := range gapCases {
		t.Run(tt.name, func(t *testing.T) {
			t.Run("Go", func(t *testing.T) { tt.run(t, watchInGo) })
			t.Run("Chromium", func(t *testing.T) { tt.run(t, watchOn(page)) })
			if tt.id != nil {
				t.Run("Chromium/query", func(t *testing.T) { tt.run(t, askOn(page)) })
			}
		})
	}
}

// wantLines waits until the watcher has received as much, and wants just that.
func wantLines(t *testing.T, w watcher, want []string) {
	t.Helper()
	if got := w.received(t, len(want)); !slices.Equal(got, want) {
		t.Fatalf("received\n%q, want\n%q", got, want)
	}
}

// run has a client watch, from before the gap until long after it.
func (tt gapCase) run(t *testing.T, watch watch) {
	b := openBoards(t, tt.backend(t), tt.method)
	b.publish(3)
	asked, want := b.newest, []string{"1", "2", "3"}
	if tt.id != nil {
		b.publish(tt.notices)
		asked, want = tt.id(t, b.newest), nil
		b.greeter.id = asked
	}
	b.serve()
	w := watch(t, b)
	if tt.id == nil {
		wantLines(t, w, want)
	}
	switch {
	case tt.lose == there:
		b.backend.lose()
	case tt.lose == away:
		b.restart(b.backend.lose, tt.notices)
	case tt.id == nil:
		b.restart(nil, tt.notices)
	}
	if tt.then == fails {
		wantLines(t, w, append(want, w.failure(tt.lose == there)...))
		return
	}
	w.received(t, len(want)+1)
	kept, oldest := b.kept()
	want = append(want, "gap "+tt.reason+" "+asked+" "+oldest)
	if tt.then == beginsAnew {
		want = append(want, kept...)
	}
	wantLines(t, w, want)

	b.publish(1)
	want = append(want, strconv.Itoa(b.count))
	wantLines(t, w, want)
	b.restart(nil, 1) // after which no gap is told again
	wantLines(t, w, append(want, strconv.Itoa(b.count)))
}
