package courant_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/sse"
)

func TestContinues(t *testing.T) {
	for err, want := range map[error]bool{
		&courant.GapError{}:                              true,
		&courant.TooLargeError{}:                         true,
		&courant.DecodeError{Err: io.EOF}:                true,
		fmt.Errorf("mine: %w", &courant.GapError{}):      true,
		&courant.CutError{Err: io.ErrUnexpectedEOF}:      false,
		&courant.CutError{Err: &courant.TooLargeError{}}: false,
		&courant.Error{Status: 503, Temporary: true}:     false,
		io.EOF:                  false,
		courant.ErrStreamClosed: false,
	} {
		if courant.Continues(err) != want {
			t.Errorf("%v: %v, want %v", err, !want, want)
		}
	}
	if courant.Continues(nil) {
		t.Error("nil continues")
	}
}

func TestErrorsSayWhatAndWhere(t *testing.T) {
	cause := errors.New("reset")
	for want, err := range map[string]error{
		`courant: notes.watch: stream cut: reset`:                                            &courant.CutError{Method: "notes.watch", Err: cause},
		`courant: notes.watch: stream cut after the event with ID "7": reset`:                &courant.CutError{"notes.watch", "7", cause},
		`courant: events after "7" are lost (trimmed)`:                                       &courant.GapError{"7", "9", "trimmed"},
		`courant: event of type "note": reset`:                                               &courant.DecodeError{sse.Event{Type: "note"}, cause},
		`courant: the server answered with content type "text/html", want text/event-stream`: &courant.ContentTypeError{ContentType: "text/html"},
	} {
		if err.Error() != want {
			t.Errorf("have %s\nwant %s", err, want)
		}
	}
	if !errors.Is(&courant.DecodeError{Err: cause}, cause) || !errors.Is(&courant.CutError{Err: cause}, cause) {
		t.Error("the cause is hidden")
	}
	for state, want := range map[courant.State]string{
		courant.Connecting: "connecting", courant.Connected: "connected", courant.Closed: "closed", 7: "State(7)",
	} {
		if state.String() != want {
			t.Errorf("%d: %q", int(state), state)
		}
	}
}

// EventSource tries again when there is nobody, from the start, and not sooner
// than the reconnection time.
func TestEventSourceRulesTryTheFirstConnectionAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refusals := 0
		transport := newScript(t, sends("retry: 5000\ndata: x\n\n"), sends("data: y\n\n")).Client().Transport
		client := &http.Client{Transport: transportFunc(func(r *http.Request) (*http.Response, error) {
			if refusals < 3 {
				refusals++
				return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
			}
			return transport.RoundTrip(r)
		})}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://memory/", nil)
		if err != nil {
			t.Fatal(err)
		}
		var waited []time.Duration
		stream, err := courant.OpenEvents(req, courant.WithHTTPClient(client), courant.WithEventSourceRules(), courant.WithReconnect(courant.Never),
			courant.WithLastEventID("3"), delays(&waited))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = stream.Close() }()
		if stream.LastEventID() != "3" {
			t.Errorf("last event ID %q", stream.LastEventID())
		}
		data, final := collect(stream)
		if len(data) != 2 || !errors.Is(final, io.EOF) || len(waited) != 5 {
			t.Fatalf("received %q, %v; waited %v", data, final, waited)
		}
		for i, least := range []float64{1, 1, 1, 5, 5} {
			if waited[i].Seconds() < least {
				t.Errorf("delay %d: %v, want at least %v s", i, waited[i], least)
			}
		}
		if waited[0] != time.Second {
			t.Errorf("first delay %v, want the reconnection time", waited[0])
		}
	})
}

func TestNetworkErrorOfTheFirstConnectionIsFinal(t *testing.T) {
	refused := errors.New("refused")
	calls := 0
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://memory/", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = courant.OpenEvents(req, courant.WithTransport(transportFunc(func(*http.Request) (*http.Response, error) {
		calls++
		return nil, refused
	})))
	if !errors.Is(err, refused) || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
}

// Where HTTP does not mark the end of an answer, its end may be a cut.
func TestAnEndThatHTTPDoesNotMarkIsACut(t *testing.T) {
	for length, final := range map[int64]func(error) bool{-1: isCut, 9: isEnd} {
		transport := transportFunc(func(*http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusOK, ProtoMajor: 1, ContentLength: length,
				Header: http.Header{"Content-Type": {"text/event-stream"}},
				Body:   io.NopCloser(strings.NewReader("data: x\n\n")),
			}, nil
		})
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://memory/", nil)
		if err != nil {
			t.Fatal(err)
		}
		stream, err := courant.OpenEvents(req, courant.WithTransport(transport))
		if err != nil {
			t.Fatal(err)
		}
		if data, err := collect(stream); len(data) != 1 || !final(err) {
			t.Errorf("length %d: received %q, %v", length, data, err)
		}
	}
}

// Reconnect cannot do what cannot be done.
func TestReconnectWithoutABodyToSendAgainIsACut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, sendsAndStays("data: x\n\n"), sendsAndStays("data: x\n\n"))
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://memory/",
			io.MultiReader(strings.NewReader("ask")))
		if err != nil {
			t.Fatal(err)
		}
		stream, err := courant.OpenEvents(req, courant.WithHTTPClient(s.Client()))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = stream.Recv()
		stream.Reconnect()
		if _, err := stream.Recv(); !isCut(err) || len(lastEventIDs(s)) != 1 {
			t.Errorf("%v after %d requests", err, len(lastEventIDs(s)))
		}
	})
}
