package natslog

import (
	"errors"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/courant-dev/courant/eventlog"
)

func TestAcknowledgementsAreRead(t *testing.T) {
	for text, want := range map[string]ack{
		`{"stream":"s","seq":42}`:                      {Last: 42},
		`{"stream":"s","seq":42,"duplicate": true}`:    {Stream: "s", Last: 42},
		`{"seq":42,"stream":"s"}`:                      {Stream: "s", Last: 42},
		`{"stream":"s","seq":7,"batch":"b","count":3}`: {Stream: "s", Last: 7, Batch: "b", Count: 3},
		`{"stream":"s","seq":18446744073709551615}`:    {Last: 1<<64 - 1},
		`{"stream":"other","seq":1}`:                   {Stream: "other", Last: 1},
		`{"stream":"s","domain":"d","seq":1}`:          {Stream: "s", Last: 1},
		"{\"stream\":\"s\", \"seq\":1}\n":              {Stream: "s", Last: 1},
	} {
		if got, err := readAck([]byte(text), usualAck("s")); got != want || err != nil {
			t.Errorf("%s: got %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "{}", `{"stream":"s","seq":}`, `{"stream":"s","seq":-1}`} {
		if got, err := readAck([]byte(text), usualAck("s")); !errors.Is(err, jetstream.ErrInvalidJSAck) {
			t.Errorf("%q: got %+v, %v", text, got, err)
		}
	}
	var api *jetstream.APIError
	if _, err := readAck([]byte(`{"stream":"s", "error":{"code":503,"err_code":10023}}`), usualAck("s")); !errors.As(err, &api) || api.Code != 503 {
		t.Errorf("got %v", err)
	}
}

// TestUsualAcknowledgement notices when the server answers in another way, which would
// only make appends slower.
func TestUsualAcknowledgement(t *testing.T) {
	l := openLog(t, eventlog.Limits{})
	a := &appending{Log: l, inc: l.current.Load()}
	got, err := a.request(t.Context(), &nats.Msg{Subject: a.inc.subject + "t"})
	if want := (ack{Last: 1}); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}
