package natslog

import (
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/sse"
)

// An event is a message whose data is that of the event, as it is. These headers
// hold the rest, where there is any.
const (
	typeHeader  = "Courant-Type"  // as headerValue has it
	retryHeader = "Courant-Retry" // nanoseconds
)

// encode returns the message of an entry without its subject. It shares the data.
func encode(topic string, e *eventlog.Entry) *nats.Msg {
	m := &nats.Msg{Data: e.Event.Data}
	if e.Event.Type != "" {
		setHeader(m, typeHeader, headerValue(e.Event.Type))
	}
	if e.Event.HasRetry {
		setHeader(m, retryHeader, strconv.FormatInt(int64(e.Event.Retry), 10))
	}
	if e.Key != "" {
		setHeader(m, jetstream.MsgIDHeader, keyID(topic, e.Key))
	}
	return m
}

// setHeader sets a header whose name is canonical.
func setHeader(m *nats.Msg, name, value string) {
	if m.Header == nil {
		m.Header = make(nats.Header, 2)
	}
	m.Header[name] = []string{value}
}

// header returns a header whose name is canonical, without looking for others.
func header(h nats.Header, name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// sizeOf is what a message has beside its subject.
func sizeOf(m *nats.Msg) int64 {
	size := len(m.Data)
	if len(m.Header) > 0 {
		size += len("NATS/1.0\r\n\r\n")
		for name, values := range m.Header {
			size += len(name) + len(values[0]) + len(": \r\n")
		}
	}
	return int64(size)
}

// stored is a message that the stream has, or had when it was published to those
// who follow.
type stored struct {
	seq     uint64
	prev    uint64 // the sequence of the one before it in the topic, when it was published
	subject string
	time    time.Time
	header  nats.Header
	data    []byte
}

// decode reads a message that comes with the headers of its place: one that was
// got directly, or was published once it was stored. The data is that of the
// message, which nats.go gives away.
func decode(m *nats.Msg) (stored, bool) {
	s := stored{subject: header(m.Header, jetstream.SubjectHeader), header: m.Header, data: m.Data}
	var err error
	if s.seq, err = strconv.ParseUint(header(m.Header, jetstream.SequenceHeader), 10, 64); err != nil {
		return s, false
	}
	if s.time, err = time.Parse(time.RFC3339Nano, header(m.Header, jetstream.TimeStampHeaer)); err != nil {
		return s, false
	}
	if prev := header(m.Header, jetstream.LastSequenceHeader); prev != "" {
		if s.prev, err = strconv.ParseUint(prev, 10, 64); err != nil {
			return s, false
		}
	}
	return s, true
}

// record returns the message as a record of the log behind another one.
func (s *stored) record(epoch eventlog.Epoch, prev uint64) eventlog.Record {
	r := eventlog.Record{
		Position: eventlog.Position{Epoch: epoch, Offset: s.seq},
		Prev:     prev,
		Time:     s.time,
		Event:    sse.Event{Type: unescape(header(s.header, typeHeader)), Data: s.data},
	}
	if retry, err := strconv.ParseInt(header(s.header, retryHeader), 10, 64); err == nil {
		r.Event.Retry, r.Event.HasRetry = time.Duration(retry), true
	}
	return r
}

// size is what a record counts against MaxBytes.
func (s *stored) size() int64 {
	return int64(len(s.data) + len(unescape(header(s.header, typeHeader))))
}
