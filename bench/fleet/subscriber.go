package main

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// A subscriber is one client: a connection, and its place in the topic, which
// outlives it.
type subscriber struct {
	fd    int
	state subscriberState
	since int64 // when the attempt began, in nanoseconds

	id    eventID // the last event ID
	next  int64   // the number of the event that comes next
	fault bool    // an event was lost, or came twice: nobody asks it any more

	// What is read is taken apart as it comes.
	part    wirePart
	left    int     // bytes of the chunk
	raw     carry   // a line of HTTP
	line    carry   // a line of the event stream
	pending eventID // of the event that is being read
	number  int64   // of that event; 0: it has no data
	stamp   int64   // when it was published
}

type subscriberState int8

const (
	away       subscriberState = iota // it has no connection
	connecting                        // and waits for one
	asking                            // it waits for the answer
	open
)

type wirePart int8

const (
	statusPart wirePart = iota
	headerPart
	sizePart  // of a chunk (RFC 9112, § 7.1)
	framePart // the inside of a chunk
	endPart   // the line end behind it
)

// eventID is an event ID without memory of its own.
type eventID struct {
	size uint8
	text [32]byte
}

func (id *eventID) set(text []byte) bool {
	id.size = uint8(copy(id.text[:], text))
	return int(id.size) == len(text)
}

func (id *eventID) bytes() []byte { return id.text[:id.size] }

// carry is the beginning of a line whose end is not there yet.
type carry []byte

// next takes a line from b. ok is false where b has no line end; then it is
// carried.
func (c *carry) next(b []byte) (line, rest []byte, ok bool) {
	line, rest, ok = bytes.Cut(b, []byte("\n"))
	if !ok {
		*c = append(*c, b...)
		return nil, nil, false
	}
	if len(*c) > 0 {
		line = append(*c, line...)
		*c = nil
	}
	return bytes.TrimSuffix(line, []byte("\r")), rest, true
}

// renew forgets what was read of a connection that is no more.
func (s *subscriber) renew() {
	s.part, s.left, s.raw, s.line = statusPart, 0, nil, nil
	s.pending, s.number = eventID{}, 0
}

// request is what the subscriber asks for.
func (s *subscriber) request(dst []byte, host string) []byte {
	dst = fmt.Appendf(dst, "GET /events HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\n", host)
	if s.id.size > 0 {
		dst = fmt.Appendf(dst, "Last-Event-ID: %s\r\n", s.id.bytes())
	}
	return append(dst, "\r\n"...)
}

// faultError says that the events were not what they have to be.
type faultError string

func (e faultError) Error() string { return string(e) }

// take takes in what was read, and calls received for each event. A [faultError]
// is final; after any other error the subscriber comes again.
func (s *subscriber) take(b []byte, received func(number, stamp int64)) error {
	for len(b) > 0 {
		if s.part == framePart {
			n := min(len(b), s.left)
			if err := s.takeFrames(b[:n], received); err != nil {
				return err
			}
			b, s.left = b[n:], s.left-n
			if s.left == 0 {
				s.part = endPart
			}
			continue
		}
		line, rest, ok := s.raw.next(b)
		if !ok {
			return nil
		}
		b = rest
		if err := s.takeLine(line); err != nil {
			return err
		}
	}
	return nil
}

// takeLine takes a line of HTTP.
func (s *subscriber) takeLine(line []byte) error {
	switch s.part {
	case statusPart:
		if !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")) {
			return fmt.Errorf("the answer is %q", line)
		}
		s.part = headerPart
	case headerPart:
		if len(line) == 0 {
			s.part, s.state = sizePart, open
		}
	case sizePart:
		size, err := strconv.ParseInt(string(line), 16, 32)
		if err != nil {
			return fmt.Errorf("the size of a chunk is %q", line)
		}
		if size == 0 {
			return errors.New("the server has ended the stream")
		}
		s.part, s.left = framePart, int(size)
	default:
		if len(line) > 0 {
			return fmt.Errorf("%q stands behind a chunk", line)
		}
		s.part = sizePart
	}
	return nil
}

// takeFrames takes what stands in chunks: lines of the event stream.
func (s *subscriber) takeFrames(b []byte, received func(number, stamp int64)) error {
	for len(b) > 0 {
		line, rest, ok := s.line.next(b)
		if !ok {
			return nil
		}
		b = rest
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch {
		case len(line) == 0:
			if err := s.endEvent(received); err != nil {
				return err
			}
		case len(name) == 0, string(name) == "retry": // a heartbeat
		case string(name) == "id":
			if !s.pending.set(value) {
				return faultError(fmt.Sprintf("the ID %q is too long", value))
			}
		case string(name) == "data":
			if s.number, s.stamp, ok = numbers(value); !ok {
				return faultError(fmt.Sprintf("the data is %q", value))
			}
		case string(line) == "event: stream-gap":
			return faultError("the server has a gap")
		default:
			return fmt.Errorf("the server sends %q", line)
		}
	}
	return nil
}

// endEvent is the blank line behind an event. An ID without data is where the
// subscriber begins.
func (s *subscriber) endEvent(received func(number, stamp int64)) error {
	if s.pending.size > 0 {
		s.id = s.pending
	}
	number := s.number
	s.number = 0
	switch {
	case number == 0:
		return nil
	case number != s.next:
		return faultError(fmt.Sprintf("event %d came, and %d is next", number, s.next))
	}
	s.next++
	received(number, s.stamp)
	return nil
}

// numbers reads the two numbers that data begins with.
func numbers(data []byte) (number, stamp int64, ok bool) {
	number, data, ok = digits(data)
	if ok {
		stamp, _, ok = digits(data)
	}
	return number, stamp, ok && number > 0
}

// digits reads a number that ends with a space.
func digits(b []byte) (n int64, rest []byte, ok bool) {
	for i, c := range b {
		switch {
		case c == ' ':
			return n, b[i+1:], i > 0
		case c < '0' || c > '9' || i == 19:
			return 0, nil, false
		}
		n = 10*n + int64(c-'0')
	}
	return 0, nil, false
}
