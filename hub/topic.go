package hub

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"strings"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/eventlog"
)

// Topic publishes and serves the events of one method, under the names that the
// pattern of its design makes: "rooms/42". Generated topics wrap one. It is safe
// for concurrent use.
type Topic[E any] struct {
	origin
	codec *courant.EventCodec[E]
}

// defaultMaxEvents is what a design without MaxEvents keeps.
const defaultMaxEvents = 10_000

// Open returns the topic of a method, whose log is opened in the hub's store under
// the pattern. It fails where the method has no topic, where the descriptor does
// not fit E, and where the store does.
func Open[P, E any](ctx context.Context, h *Hub, m *courant.StreamMethod[P, E]) (*Topic[E], error) {
	if m.Topic.Pattern == "" {
		return nil, fmt.Errorf("hub: the method %s has no topic", m.Name)
	}
	codec, err := courant.NewEventCodec(m)
	if err != nil {
		return nil, fmt.Errorf("hub: %s: %w", m.Name, err)
	}
	limits := eventlog.Limits{MaxEvents: m.Topic.MaxEvents, MaxAge: m.Topic.MaxAge}
	if limits.MaxEvents == 0 {
		limits.MaxEvents = defaultMaxEvents
	}
	log, err := h.store.Open(ctx, m.Topic.Pattern, limits)
	if err != nil {
		return nil, fmt.Errorf("hub: %s: %w", m.Name, err)
	}
	return &Topic[E]{origin{h, log, m.Topic, m.Name}, codec}, nil
}

// Name returns the topic for the values of the attributes in the pattern, in
// order. They are escaped as segments of a path, so that no value makes the
// topic of others:
//
//	rooms/{room}	42	rooms/42
//	rooms/{room}	a/b	rooms/a%2Fb
//
// It panics where there are not as many values as attributes.
func (t *Topic[E]) Name(values ...string) string {
	if n := strings.Count(t.spec.Pattern, "{"); n != len(values) {
		panic(fmt.Sprintf("hub: the topic %s takes %d values, and not %d", t.spec.Pattern, n, len(values))) //nolint:forbidigo // a mistake of the program, as the doc comment states
	}
	var name strings.Builder
	rest := t.spec.Pattern
	for _, value := range values {
		before, after, _ := strings.Cut(rest, "{")
		name.WriteString(before)
		name.WriteString(url.PathEscape(value))
		_, rest, _ = strings.Cut(after, "}")
	}
	name.WriteString(rest)
	return name.String()
}

// Publish appends events to a topic, in order, and returns when the log has
// them. Who watches gets them from there. An event that cannot travel is a
// [*courant.RefusedError], and none of the call is published; other errors are
// those of [eventlog.Log.Append], after which the first ones may be published.
func (t *Topic[E]) Publish(ctx context.Context, topic string, events ...E) error {
	entries := make([]eventlog.Entry, len(events))
	for i, event := range events {
		fields, err := t.codec.Encode(event)
		if err != nil {
			return err
		}
		entries[i].Event = fields
	}
	_, err := t.log.Append(ctx, topic, entries...)
	return err
}

// PublishOnce is Publish for one event with a key: if the topic has an event of
// the same key already, which the log remembers for two minutes or more, or for the
// design's MaxAge where that is less, nothing is published. So it may be called again
// after an error. It returns the event's ID either way. A key has at most 128 bytes, or
// it is an [*eventlog.NameError]; one that comes from a client wants a MaxLength in the
// design. Without a key the event is published in any case.
func (t *Topic[E]) PublishOnce(ctx context.Context, topic, key string, event E) (id string, err error) {
	fields, err := t.codec.Encode(event)
	if err != nil {
		return "", err
	}
	at, err := t.log.Append(ctx, topic, eventlog.Entry{Event: fields, Key: key})
	if err != nil {
		return "", err
	}
	return string(eventlog.AppendID(nil, topic, at[0])), nil
}

// Published is an event that is in the log.
type Published[E any] struct {
	Event E
	ID    string    // its event ID
	Time  time.Time // when it was published, by the clock of the log
}

// Events yields the events of a topic after the one with the ID, and then those
// that come, until ctx is done, whose error it yields last. The empty ID is
// before the oldest event. It yields an [*eventlog.TruncatedError] where events
// are lost, [eventlog.ErrID] for what is no ID of the topic, and ends then.
func (t *Topic[E]) Events(ctx context.Context, topic, after string) iter.Seq2[Published[E], error] {
	return func(yield func(Published[E], error) bool) {
		var from eventlog.Position
		if after != "" {
			var err error
			if from, err = eventlog.ParseID(topic, after); err != nil {
				yield(Published[E]{}, err)
				return
			}
		}
		for r, err := range t.log.Follow(ctx, topic, from) {
			if lost := lostBefore(topic, from, r, err); lost != nil {
				err = lost
			}
			p := Published[E]{}
			if err == nil {
				from = r.Position
				fields := fieldsOf(topic, r)
				p.ID, p.Time = fields.ID, r.Time
				p.Event, err = t.codec.Decode(fields)
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}
