package courant_test

import (
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
)

func TestReconnectResumesAfterTheLastCompleteEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t,
			cutsAfter("id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: incom"),
			cutsAfter(": nothing\n\n"),
			sends("data: c\n\n"),
			sends("id: 4\n\n"),
		)
		data, final := collect(open(t, s))
		if want := []string{"a", "b", "c"}; !slices.Equal(data, want) || !errors.Is(final, io.EOF) {
			t.Errorf("received %q and %v, want %q and EOF", data, final, want)
		}
		if got, want := lastEventIDs(s), []string{"-", "2", "2", "2", "4"}; !slices.Equal(got, want) {
			t.Errorf("last event IDs %q, want %q", got, want)
		}
	})
}

// A server that flaps answers 200 and even sends an event each time: that must
// not start the back-off over.
func TestBackoffGrowsWithAServerThatFlaps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const flaps = 300
		s := newScript(t, repeat(flaps, sends("data: x\n\n"))...)
		start := time.Now()
		data, _ := collect(open(t, s))
		if len(data) != flaps {
			t.Errorf("%d events, want %d", len(data), flaps)
		}
		mean := time.Since(start) / flaps
		if mean < 12*time.Second || mean > 18*time.Second {
			t.Errorf("mean delay %v, want about 15s: half of the limit", mean)
		}
	})
}

func TestBackoffStartsOverOnlyAfterAMinuteOpen(t *testing.T) {
	lives := func(d time.Duration) answer { // a busy stream: its events do not matter
		return answer{Send: couranttest.Steps(slices.Repeat([]couranttest.Step{
			couranttest.Bytes("data: x\n\n"), couranttest.Pause(d / 10),
		}, 10))}
	}
	for name, c := range map[string]struct {
		lived    time.Duration
		atMost   time.Duration
		someOver time.Duration
	}{
		"open for 70 s":  {70 * time.Second, time.Second, 0},
		"open for 50 s":  {50 * time.Second, 30 * time.Second, 5 * time.Second},
		"at once closed": {0, 30 * time.Second, 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var waited []time.Duration
				_, _ = collect(open(t, newScript(t, repeat(40, lives(c.lived))...), delays(&waited)))
				if longest := slices.Max(waited); longest > c.atMost || longest < c.someOver {
					t.Errorf("longest of %d delays %v, want at most %v and more than %v",
						len(waited), longest, c.atMost, c.someOver)
				}
			})
		})
	}
}

func TestRetrySetsTheBaseAcrossConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var waited []time.Duration
		s := newScript(t, sends("retry: 10\ndata: x\n\n"), sends("data: x\n\n"), sends("data: x\n\n"))
		_, _ = collect(open(t, s, delays(&waited)))
		for i, d := range waited {
			if most := 10 * time.Millisecond << i; d > most {
				t.Errorf("delay %d is %v, want at most %v", i, d, most)
			}
		}
		if len(waited) != 3 {
			t.Errorf("%d delays, want 3", len(waited))
		}
	})
}

func TestRetryAfterIsHonoured(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		field  string
		want   time.Duration
	}{
		"seconds":       {503, "17", 17 * time.Second},
		"429":           {429, "40", 40 * time.Second},
		"more than 5 m": {503, "86400", 5 * time.Minute},
		"date":          {500, "", 90 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				field := c.field
				if field == "" {
					field = time.Now().Add(c.want).UTC().Format(http.TimeFormat)
				}
				var waited []time.Duration
				s := newScript(t, sends("data: x\n\n"), status(c.status, "Retry-After", field), sends("data: y\n\n"))
				data, final := collect(open(t, s, delays(&waited)))
				if len(data) != 2 || !errors.Is(final, io.EOF) {
					t.Errorf("received %q, %v", data, final)
				}
				// The first wait, at most a second, was before that answer.
				if got := waited[1]; got > c.want+time.Second || got < c.want-2*time.Second {
					t.Errorf("waited %v, want %v", got, c.want)
				}
			})
		})
	}
}

func TestReadTimeoutCutsASilentConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		beats := slices.Repeat(couranttest.Steps{couranttest.Bytes(":\n"), couranttest.Pause(40 * time.Second)}, 10) // comments count as life
		s := newScript(t, answer{Send: append(beats, couranttest.Bytes("id: 1\ndata: late\n\n")), End: couranttest.Stay},
			sends("data: next\n\n"))
		var causes []error
		stream := open(t, s, courant.WithReadTimeout(45*time.Second), courant.WithStateFunc(func(change courant.StateChange) {
			causes = append(causes, change.Err)
		}))
		start := time.Now()
		if event, err := stream.Recv(); err != nil || string(event.Data) != "late" {
			t.Fatalf("%q, %v", event.Data, err)
		}
		if lived := time.Since(start); lived != 400*time.Second {
			t.Errorf("first event after %v, want 400s", lived)
		}
		start = time.Now()
		if event, err := stream.Recv(); err != nil || string(event.Data) != "next" {
			t.Fatalf("%q, %v", event.Data, err)
		}
		if waited := time.Since(start); waited < 45*time.Second || waited > 46*time.Second {
			t.Errorf("next event after %v, want 45s and at most one more", waited)
		}
		if !errors.Is(causes[2], os.ErrDeadlineExceeded) {
			t.Errorf("causes %v", causes)
		}
	})
}

// Time that passes while nobody waits for the server is not its silence.
func TestReadTimeoutCountsOnlyWhileReceiving(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, answer{Send: couranttest.Steps{
			couranttest.Bytes("data: a\n\n"), couranttest.Pause(time.Hour + time.Second), couranttest.Bytes("data: b\n\n"),
		}})
		stream := open(t, s, courant.WithReadTimeout(45*time.Second))
		_, _ = stream.Recv()
		<-time.After(time.Hour)
		if event, err := stream.Recv(); err != nil || string(event.Data) != "b" {
			t.Errorf("%q, %v", event.Data, err)
		}
		if ids := lastEventIDs(s); len(ids) != 1 {
			t.Errorf("%d requests, want 1", len(ids))
		}
	})
}

// A server that takes the request and does not answer.
func TestReadTimeoutHoldsForTheHeaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := tryOpen(t, newScript(t, mute()), nil, courant.WithReadTimeout(time.Minute))
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("open: %v, want a deadline exceeded", err)
		}
		data, final := collect(open(t, newScript(t, sends("data: a\n\n"), mute(), sends("data: b\n\n")),
			courant.WithReadTimeout(time.Minute)))
		if !slices.Equal(data, []string{"a", "b"}) || !errors.Is(final, io.EOF) {
			t.Errorf("received %q, %v", data, final)
		}
	})
}

func TestReconnectAtOnceWhenAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, sendsAndStays("id: 1\ndata: a\n\n"), sendsAndStays("id: 2\ndata: b\n\n"),
			status(503, "Retry-After", "300"), sends("data: c\n\n"))
		stream := open(t, s, courant.WithReconnect(courant.Never))
		_, _ = stream.Recv()
		start := time.Now()
		stream.Reconnect()
		if event, err := stream.Recv(); err != nil || string(event.Data) != "b" || time.Since(start) != 0 {
			t.Errorf("while nobody receives: %q, %v after %v", event.Data, err, time.Since(start))
		}
		go func() { // interrupts Recv, then the wait of five minutes
			<-time.After(time.Minute)
			stream.Reconnect()
			<-time.After(time.Minute)
			stream.Reconnect()
		}()
		if event, err := stream.Recv(); err != nil || string(event.Data) != "c" || time.Since(start) != 2*time.Minute {
			t.Errorf("while waiting: %q, %v after %v", event.Data, err, time.Since(start))
		}
		if got, want := lastEventIDs(s), []string{"-", "1", "2", "2"}; !slices.Equal(got, want) {
			t.Errorf("last event IDs %q, want %q", got, want)
		}
	})
}

func TestReconnectEndsAtAnAnswerThatIsNotTemporary(t *testing.T) {
	for name, c := range map[string]struct {
		answer answer
		final  func(error) bool
	}{
		"204":  {status(204), isEnd},
		"401":  {status(401), isStatus(401)},
		"404":  {status(404), isStatus(404)},
		"html": {status(200, "Content-Type", "text/html"), isContentType},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScript(t, sends("data: a\n\n"), status(502), status(429), c.answer, sends("data: b\n\n"))
				stream := open(t, s)
				data, final := collect(stream)
				if !slices.Equal(data, []string{"a"}) || !c.final(final) {
					t.Errorf("received %q and %v", data, final)
				}
				if n := len(lastEventIDs(s)); n != 4 {
					t.Errorf("%d requests, want 4", n)
				}
				if _, again := stream.Recv(); !errors.Is(again, final) || stream.State() != courant.Closed {
					t.Errorf("then %v in state %v; want %v to stay", again, stream.State(), final)
				}
			})
		})
	}
}

func TestFirstAnswerIsFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			answer answer
			final  func(error) bool
		}{
			"503":  {status(503, "Retry-After", "1"), isStatus(503)},
			"429":  {status(429), isStatus(429)},
			"404":  {status(404), isStatus(404)},
			"html": {status(200, "Content-Type", "text/html"), isContentType},
			"gzip": {status(200, "Content-Type", "text/event-stream", "Content-Encoding", "gzip"), isContentType},
			"cut":  {answer{End: couranttest.HangUp}, func(err error) bool { return err != nil && !errors.Is(err, io.EOF) }},
		} {
			s := newScript(t, c.answer)
			if _, err := tryOpen(t, s, nil); !c.final(err) {
				t.Errorf("%s: %v", name, err)
			}
			if n := len(lastEventIDs(s)); n != 1 {
				t.Errorf("%s: %d requests, want 1", name, n)
			}
		}
		if _, final := collect(open(t, newScript(t))); !errors.Is(final, io.EOF) {
			t.Errorf("204: %v, want a stream at its end", final)
		}
	})
}

// TestAnAnswerThatTrickles is not read for longer than 10 s.
func TestAnAnswerThatTrickles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, answer{Status: http.StatusForbidden, Send: couranttest.Drip{Bytes: strings.Repeat(" ", 60), Every: time.Second}})
		start := time.Now()
		if _, err := tryOpen(t, s, nil); !isStatus(http.StatusForbidden)(err) || time.Since(start) != 10*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestRedirectsAreFollowedWithTheLastEventID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, code := range []int{301, 302, 303, 307, 308} {
			s := newScript(t, sends("id: 1\ndata: a\n\n"), status(code, "Location", "/elsewhere"), sends("data: b\n\n"))
			data, final := collect(open(t, s))
			if !slices.Equal(data, []string{"a", "b"}) || !errors.Is(final, io.EOF) {
				t.Errorf("%d: received %q, %v", code, data, final)
			}
			if got, want := lastEventIDs(s), []string{"-", "1", "1", "1"}; !slices.Equal(got, want) {
				t.Errorf("%d: last event IDs %q, want %q", code, got, want)
			}
			if got := s.Requests()[3].URL.Path; got != "/events" {
				t.Errorf("%d: then asks %s, want the first URL", code, got)
			}
		}
	})
}

func TestRequestBodyIsSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, repeat(3, sends("data: x\n\n"))...)
		post := func(body io.Reader) ([]string, error) {
			stream, err := tryOpen(t, s, newRequest(t, http.MethodPost, body), courant.WithReconnect(courant.Always))
			if err != nil {
				return nil, err
			}
			return collect(stream)
		}
		data, final := post(strings.NewReader("ask"))
		if len(data) != 3 || !errors.Is(final, io.EOF) || !slices.Equal(bodies(s), slices.Repeat([]string{"ask"}, 4)) {
			t.Errorf("received %q, %v; bodies %q", data, final, bodies(s))
		}
		if _, err := post(io.MultiReader(strings.NewReader("ask"))); err == nil || len(s.Requests()) != 4 {
			t.Errorf("without GetBody: %v after %d requests; want an error before another", err, len(s.Requests()))
		}
	})
}

// A call of Reconnect between the end of a wait and the attempt is obeyed by that
// attempt. It must not make the end of the new connection one that was asked
// for: a completion would be bought twice.
func TestAReconnectIsObeyedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, sendsAndStays(":\n"), cutsAfter("data: a\n\n"), sends("data: b\n\n"))
		stream := open(t, s, courant.WithReconnect(courant.Never))
		if err := stream.Redial(); err != nil {
			t.Fatal(err)
		}
		data, final := collect(stream)
		if len(data) != 1 || !isCut(final) || len(s.Requests()) != 2 {
			t.Errorf("received %q, %v after %d requests", data, final, len(s.Requests()))
		}
	})
}
