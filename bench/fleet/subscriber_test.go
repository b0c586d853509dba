package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// answer is what a hub sends: each frame is a chunk.
func answer(frames ...string) string {
	var b strings.Builder
	b.WriteString("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
	for _, frame := range frames {
		fmt.Fprintf(&b, "%x\r\n%s\r\n", len(frame), frame)
	}
	return b.String()
}

func frame(number int) string {
	return fmt.Sprintf("id: id-%d\ndata: %d %d xxx\n\n", number, number, 1000+number)
}

// receive has a new subscriber read the text in pieces of a size.
func receive(text string, size int) (s subscriber, numbers []int64, err error) {
	s.next = 1
	for len(text) > 0 && err == nil {
		n := min(size, len(text))
		err = s.take([]byte(text[:n]), func(number, stamp int64) {
			if stamp != 1000+number {
				number = -number
			}
			numbers = append(numbers, number)
		})
		text = text[n:]
	}
	return s, numbers, err
}

func TestASubscriberReadsInAnyPieces(t *testing.T) {
	text := answer("id: id-0\n\n", ":\n", frame(1), frame(2)+frame(3), "retry: 5\n\n", frame(4))
	for size := 1; size <= len(text); size++ {
		s, numbers, err := receive(text, size)
		if err != nil || fmt.Sprint(numbers) != "[1 2 3 4]" || string(s.id.bytes()) != "id-4" || !s.hasPlace() {
			t.Fatalf("in pieces of %d: %v, ID %q, %v", size, numbers, s.id.bytes(), err)
		}
	}
}

func TestASubscriberComesBackBehindTheLastWholeEvent(t *testing.T) {
	s, _, err := receive(answer(frame(1), strings.TrimSuffix(frame(2), "\n")), 7)
	if err != nil {
		t.Fatal(err)
	}
	s.renew()
	if got := string(s.request(nil, "host")); !strings.Contains(got, "\r\nLast-Event-ID: id-1\r\n\r\n") {
		t.Errorf("it asks for %q", got)
	}
	if err := s.take([]byte(answer(frame(2))), func(int64, int64) {}); err != nil {
		t.Error(err)
	}
}

func TestASubscriberFindsFaults(t *testing.T) {
	for name, text := range map[string]string{
		"lost":         answer(frame(1), frame(3)),
		"lost, first":  answer(frame(2)),
		"doubled":      answer(frame(1), frame(1)),
		"out of order": answer(frame(1), frame(2), frame(1)),
		"a gap":        answer(frame(1), "event: stream-gap\ndata: {}\n\n"),
		"other data":   answer("data: x\n\n"),
	} {
		if _, _, err := receive(text, len(text)); !errors.As(err, new(faultError)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestASubscriberComesAgainAfterWhatIsNoFault(t *testing.T) {
	for name, text := range map[string]string{
		"another status":    "HTTP/1.1 503 Service Unavailable\r\n",
		"the end of stream": answer(frame(1)) + "0\r\n",
		"a drain":           answer(frame(1), "event: stream-drain\ndata: {}\n\n"),
	} {
		if _, _, err := receive(text, len(text)); err == nil || errors.As(err, new(faultError)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTheVerdictCountsEveryEvent has one subscriber less than there are.
func TestTheVerdictCountsEveryEvent(t *testing.T) {
	r := &result{plan: &plan{subscribers: 3, events: 1, missed: 1}, fleet: fleet{servers: 1}, wasCut: true}
	r.crowds = []status{{Open: 3, Events: []arrival{{Count: 3}, {Count: 2}}}}
	r.events = arrivals(r.crowds)
	if err := r.complete(); err == nil || err.Error() != "event 2 has come to 2 of 3 subscribers" {
		t.Errorf("the verdict is %v", err)
	}
	r.crowds[0].Events[1].Count = 3
	r.events = arrivals(r.crowds)
	if err := r.complete(); err != nil {
		t.Error(err)
	}
}
